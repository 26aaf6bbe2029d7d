#pragma once

#include <string>
#include <string_view>

namespace midflight::sql {

/// Stands for CAST while a statement is a tree: marker(x, 'TEXT').
inline constexpr std::string_view kCastMarker = "midflight_cast";

/// The last step into SQLite's dialect, word by word: $1 as ?1, casts as CAST,
/// IS DISTINCT FROM as IS NOT, escape strings as plain ones, UPDATE t AS alias.
/// Requires: text printed from a translated tree.
std::string sqlite_print(std::string_view sql);

}  // namespace midflight::sql
