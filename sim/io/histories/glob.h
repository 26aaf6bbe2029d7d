#pragma once

#include <string_view>

namespace midflight::io {

/// True when a path has characters of a pattern.
bool is_pattern(std::string_view path);

/// `*` and `?` within one folder, `[a-c]`, and `**` across folders.
/// Cost: bounded by the product of the two lengths.
bool matches(std::string_view pattern, std::string_view path);

/// The folder a pattern starts in: "db" of "db/*/x.sql"; empty for the current one.
std::string_view fixed_folder(std::string_view pattern);

}  // namespace midflight::io
