#pragma once

#include <string>
#include <string_view>

namespace midflight {

/// The sequence that a default such as `nextval('audit.log_id_seq'::regclass)` takes its
/// numbers from, by its name in a Schema; empty for any other default.
std::string default_sequence(std::string_view default_sql);

}  // namespace midflight
