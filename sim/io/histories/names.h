#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace midflight::io {

/// Small questions about names and lines that several frameworks ask.

/// The digits at the begin of a name: "20240101" of "20240101_a.sql".
std::string_view leading_digits(std::string_view name);

/// Numbers inside names count as numbers: "2_b" before "10_a", "1.2" before "1.10".
/// Names that differ only in leading zeros are told apart at the end.
bool natural_less(std::string_view a, std::string_view b);

/// True when two versions are the same number: "1", "01", "1.0".
bool same_version(std::string_view a, std::string_view b);

std::string lower_case(std::string_view text);
std::string_view trimmed(std::string_view text);

/// A line of a text and where it begins.
struct Line {
  std::size_t begin = 0;
  std::string_view text;   ///< without its end
  int number = 1;
};

/// The first line that a question says yes to.
std::optional<Line> find_line(std::string_view text, const std::function<bool(std::string_view)>& holds);

/// What stands behind "--", blanks and `mark`: " transaction:false" of
/// "-- migrate:up transaction:false"; nothing when the line is no such comment.
std::optional<std::string_view> behind_mark(std::string_view line, std::string_view mark);

}  // namespace midflight::io
