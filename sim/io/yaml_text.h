#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/error.h"

namespace midflight::io {

/// The most bytes of YAML that are read, and of SQL beside it.  More is refused
/// before parsing: no scenario needs it, and a parser would take minutes.
inline constexpr std::size_t kYamlBytesMax = 2 << 20;
inline constexpr std::size_t kSqlBytesMax = 16 << 20;

/// The text of a file.
/// Errors: Error(BadInput) at `asked_from` (or the file itself) when it is
///         missing, a directory, unreadable, larger than `bytes_max` or not text.
std::string read_text_file(const std::string& path, std::size_t bytes_max, const Position& asked_from = {});

/// Refuses what is no UTF-8 text: NUL and control bytes, broken sequences.
/// Errors: Error(BadInput) with line and column of the first bad byte.
void require_text(std::string_view text, const std::string& file);

/// The known word nearest to a misspelt one, or "" when none is near.
std::string nearest_word(std::string_view word, const std::vector<std::string_view>& known);

/// "; did you mean `x`?", or "" when no known word is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known);

/// "a, b and c"
std::string word_list(const std::vector<std::string>& words, std::string_view last = "and");

}  // namespace midflight::io
