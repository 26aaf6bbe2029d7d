#include "sim/model/partition_overlap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <vector>

#include "sim/model/sql_text.h"

namespace midflight {
namespace {

using Values = std::vector<std::string>;

/// The lists in brackets, each value as its tokens without blanks.
std::vector<Values> lists_of(const std::string& bound) {
  std::vector<Values> lists;
  bool inside = false;
  for (const SqlToken& token : sql_tokens(bound)) {
    if (token.text == "(" && !inside) {
      lists.push_back({""});
      inside = true;
    } else if (token.text == ")") {
      inside = false;
    } else if (inside && token.text == ",") {
      lists.back().emplace_back();
    } else if (inside) {
      lists.back().back() += token.text;
    }
  }
  return lists;
}

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == text.npos;
}

bool is_number(const std::string& text) { return consists_of(text, "0123456789.-"); }
/// '2024-01-01', '2024-01-01 12:00': sorted as they are written, if of one length.
bool is_moment(const std::string& text) { return consists_of(text, "'0123456789-: ") && text.size() > 10; }

/// True if a < b for sure.
bool is_below(const std::string& a, const std::string& b) {
  if (a == b || b == "MINVALUE" || a == "MAXVALUE") return false;
  if (a == "MINVALUE" || b == "MAXVALUE") return true;
  if (is_number(a) && is_number(b)) return std::atof(a.c_str()) < std::atof(b.c_str());
  return is_moment(a) && is_moment(b) && a.size() == b.size() && a < b;
}

bool ranges_overlap(const std::vector<Values>& a, const std::vector<Values>& b) {
  if (a[0].size() != 1 || b[0].size() != 1) return false;
  return is_below(a[0][0], b[1][0]) && is_below(b[0][0], a[1][0]);
}

bool share_value(const Values& a, const Values& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& value) { return std::find(b.begin(), b.end(), value) != b.end(); });
}

/// "MODULUS4", "REMAINDER1"
std::optional<std::pair<int, int>> hash_of(const Values& list) {
  if (list.size() != 2 || !list[0].starts_with("MODULUS") || !list[1].starts_with("REMAINDER")) return std::nullopt;
  const int modulus = std::atoi(list[0].c_str() + 7);
  if (modulus <= 0) return std::nullopt;
  return std::pair(modulus, std::atoi(list[1].c_str() + 9));
}

bool hashes_overlap(const std::pair<int, int>& a, const std::pair<int, int>& b) {
  const int common = std::gcd(a.first, b.first);
  return a.second % common == b.second % common;
}

}  // namespace

bool bounds_overlap(const std::string& a, const std::string& b) {
  if (a == "DEFAULT" || b == "DEFAULT") return a == b;
  const std::vector<Values> mine = lists_of(a), theirs = lists_of(b);
  if (mine.size() != theirs.size() || mine.empty()) return false;
  if (mine.size() == 2) return ranges_overlap(mine, theirs);
  const auto one = hash_of(mine[0]), other = hash_of(theirs[0]);
  return one && other ? hashes_overlap(*one, *other) : share_value(mine[0], theirs[0]);
}

std::string bad_bound(const Schema& schema, const std::string& parent, const std::string& partition, const std::string& bound) {
  for (const std::string& other : schema.children(parent)) {
    if (other == partition || !bounds_overlap(bound, schema.table(other)->bound)) continue;
    if (bound == "DEFAULT") return fmt::format("partition \"{}\" conflicts with existing default partition \"{}\"", partition, other);
    return fmt::format("partition \"{}\" would overlap partition \"{}\"", partition, other);
  }
  return "";
}

}  // namespace midflight
