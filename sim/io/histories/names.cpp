#include "sim/io/histories/names.h"

#include <algorithm>

namespace midflight::io {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Takes the number at the begin of a text, without its leading zeros.
std::string_view take_number(std::string_view& text) {
  const std::string_view digits = leading_digits(text);
  text.remove_prefix(digits.size());
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

/// -1, 0 or 1.
int compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  const int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

int compare_naturally(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a[0]) && is_digit(b[0])) {
      const std::string_view number_a = take_number(a), number_b = take_number(b);
      if (const int order = compare_numbers(number_a, number_b); order != 0) return order;
      continue;
    }
    if (a[0] != b[0]) return static_cast<unsigned char>(a[0]) < static_cast<unsigned char>(b[0]) ? -1 : 1;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.empty() && b.empty() ? 0 : a.empty() ? -1 : 1;
}

/// "1.0" and "1" are one version.
std::string_view without_zeros_behind(std::string_view version) {
  while (version.size() > 2 && version.ends_with('0') && version[version.size() - 2] == '.') version.remove_suffix(2);
  return version;
}

}  // namespace

std::string_view leading_digits(std::string_view name) {
  const auto end = std::find_if_not(name.begin(), name.end(), is_digit);
  return name.substr(0, static_cast<std::size_t>(end - name.begin()));
}

bool natural_less(std::string_view a, std::string_view b) {
  const int order = compare_naturally(a, b);
  return order != 0 ? order < 0 : a < b;
}

bool same_version(std::string_view a, std::string_view b) {
  return compare_naturally(without_zeros_behind(a), without_zeros_behind(b)) == 0;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

std::optional<Line> find_line(std::string_view text, const std::function<bool(std::string_view)>& holds) {
  Line line;
  for (; line.begin < text.size(); ++line.number) {
    const std::size_t end = std::min(text.find('\n', line.begin), text.size());
    line.text = text.substr(line.begin, end - line.begin);
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    if (holds(line.text)) return line;
    line.begin = end + 1;
  }
  return std::nullopt;
}

std::optional<std::string_view> behind_mark(std::string_view line, std::string_view mark) {
  if (line.substr(0, 2) != "--") return std::nullopt;
  line.remove_prefix(std::min(line.find_first_not_of(" \t", 2), line.size()));
  if (lower_case(line.substr(0, mark.size())) != lower_case(mark)) return std::nullopt;
  line.remove_prefix(mark.size());
  if (!line.empty() && line[0] != ' ' && line[0] != '\t') return std::nullopt;
  return line;
}

}  // namespace midflight::io
