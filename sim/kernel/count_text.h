#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace midflight {

/// A count for people: 1234567 is "1,234,567".
std::string count_text(std::int64_t count);

/// "1,234 rows", "1 row".
std::string count_text(std::int64_t count, std::string_view noun);

}  // namespace midflight
