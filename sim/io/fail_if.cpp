#include "sim/io/fail_if.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "sim/io/yaml_text.h"
#include "sim/kernel/error.h"

namespace midflight::io {

namespace {

constexpr std::array<std::string_view, 4> kStats = {"mean", "p5", "p50", "p95"};
/// Longer spellings first, so that ">=" is not read as ">".
constexpr std::array<std::pair<std::string_view, FailIf::Comparison>, 6> kComparisons = {{
    {">=", FailIf::Comparison::GreaterEqual}, {"<=", FailIf::Comparison::LessEqual},
    {"==", FailIf::Comparison::Equal}, {"!=", FailIf::Comparison::NotEqual},
    {">", FailIf::Comparison::Greater}, {"<", FailIf::Comparison::Less}}};

[[noreturn]] void fail_at(std::size_t offset, const std::string& message) {
  throw Error(ErrorCode::BadInput, message, Position{"--fail-if", 1, static_cast<int>(offset) + 1});
}

std::vector<std::string_view> quantity_names() {
  std::vector<std::string_view> names;
  for (const metrics::Quantity& q : metrics::quantities()) names.push_back(q.name);
  names.emplace_back("deployments");
  return names;
}

template <typename Names>
bool among(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct Word {
  std::string_view text;
  std::size_t at;
};

Word trimmed(std::string_view text, std::size_t at) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1), ++at;
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return {text, at};
}

std::vector<Word> split_names(const Word& left) {
  std::vector<Word> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= left.text.size(); ++i) {
    if (i < left.text.size() && left.text[i] != '.') continue;
    parts.push_back({left.text.substr(begin, i - begin), left.at + begin});
    begin = i + 1;
  }
  return parts;
}

void read_quantity(const Word& word, FailIf& condition) {
  const auto names = quantity_names();
  if (!among(word.text, names)) {
    fail_at(word.at, fmt::format("no quantity is called '{}'{}", word.text, did_you_mean(word.text, names)));
  }
  condition.quantity = word.text;
}

void read_stat(const Word& word, FailIf& condition) {
  const auto found = std::find(kStats.begin(), kStats.end(), word.text);
  if (found == kStats.end()) {
    fail_at(word.at, fmt::format("no statistic is called '{}'; they are mean, p5, p50 and p95", word.text));
  }
  condition.stat = static_cast<FailIf::Stat>(found - kStats.begin());
}

void read_names(const Word& left, FailIf& condition) {
  if (left.text.empty()) fail_at(left.at, "a quantity must stand before the operator, as in 'downtime_s > 0'");
  std::vector<Word> parts = split_names(left);
  if (parts.size() > 3) fail_at(parts[3].at, "too many dots; write [strategy.]quantity[.stat]");
  const bool begins_with_quantity = among(parts.front().text, quantity_names());
  if (parts.size() == 3 || (parts.size() == 2 && !begins_with_quantity && !among(parts[1].text, kStats))) {
    condition.strategy = parts.front().text;
    parts.erase(parts.begin());
  }
  read_quantity(parts.front(), condition);
  if (parts.size() == 2) read_stat(parts[1], condition);
}

double read_value(const Word& right) {
  double value = 0;
  const char* end = right.text.data() + right.text.size();
  const auto read = std::from_chars(right.text.data(), end, value);
  if (right.text.empty() || read.ec != std::errc{} || read.ptr != end || !std::isfinite(value)) {
    fail_at(right.at, fmt::format("'{}' is not a number; seconds and counts are written plain, as in 'stall_s > 2.5'",
                                  right.text));
  }
  return value;
}

double stat_of(const metrics::Summary& s, FailIf::Stat stat) {
  switch (stat) {
    case FailIf::Stat::Mean: return s.mean;
    case FailIf::Stat::P5: return s.p5;
    case FailIf::Stat::P50: return s.p50;
    case FailIf::Stat::P95: break;
  }
  return s.p95;
}

double value_of(const FailIf& condition, const StrategyResult& strategy) {
  if (condition.quantity == "deployments") return strategy.deployments;
  return stat_of(strategy.lasting(condition.quantity).value(), condition.stat);
}

bool compares(double a, FailIf::Comparison comparison, double b) {
  switch (comparison) {
    case FailIf::Comparison::Greater: return a > b;
    case FailIf::Comparison::GreaterEqual: return a >= b;
    case FailIf::Comparison::Less: return a < b;
    case FailIf::Comparison::LessEqual: return a <= b;
    case FailIf::Comparison::Equal: return a == b;
    case FailIf::Comparison::NotEqual: break;
  }
  return a != b;
}

/// Nanoseconds times 1e-9 is not the double nearest to the decimal; to nine digits it is.
std::string decimal(double value) {
  constexpr double kDigits = 1e9, kRoundable = 1e6;
  return fmt::format("{}", std::abs(value) < kRoundable ? std::round(value * kDigits) / kDigits : value);
}

std::string sentence(const FailIf& condition, const StrategyResult& strategy, double value) {
  const auto spelled = std::find_if(kComparisons.begin(), kComparisons.end(),
                                    [&](const auto& c) { return c.second == condition.comparison; });
  const std::string stat =
      condition.quantity == "deployments" ? "" : fmt::format(".{}", kStats[static_cast<std::size_t>(condition.stat)]);
  const std::string shown = std::isinf(value) ? "endless" : decimal(value);
  return fmt::format("{}.{}{} is {}, which is {} {}", strategy.name, condition.quantity, stat, shown, spelled->first,
                     condition.value);
}

std::vector<const StrategyResult*> named(const FailIf& condition, const Result& result) {
  std::vector<const StrategyResult*> found;
  std::vector<std::string_view> names;
  for (const StrategyResult& s : result.strategies) {
    names.emplace_back(s.name);
    if (condition.strategy.empty() || s.name == condition.strategy) found.push_back(&s);
  }
  if (found.empty() && !condition.strategy.empty()) {
    fail_at(0, fmt::format("no strategy here is called '{}'{}", condition.strategy, did_you_mean(condition.strategy, names)));
  }
  return found;
}

}  // namespace

FailIf parse_fail_if(const std::string& text) {
  const std::string_view all = text;
  const std::size_t at = all.find_first_of("<>=!");
  if (at == std::string_view::npos) {
    fail_at(all.size(), "an operator is missing; write [strategy.]quantity[.stat] op value, as in 'downtime_s > 0'");
  }
  const auto op = std::find_if(kComparisons.begin(), kComparisons.end(),
                               [&](const auto& c) { return all.substr(at, c.first.size()) == c.first; });
  if (op == kComparisons.end()) fail_at(at, "unknown operator; they are > >= < <= == !=");
  FailIf condition;
  condition.text = text;
  condition.comparison = op->second;
  read_names(trimmed(all.substr(0, at), 0), condition);
  const std::size_t after = at + op->first.size();
  condition.value = read_value(trimmed(all.substr(after), after));
  return condition;
}

std::string fail_if_words() {
  const auto names = quantity_names();
  std::vector<std::string> spelled;
  for (const auto& [text, comparison] : kComparisons) spelled.emplace_back(text);
  return fmt::format("Quantities of --fail-if: {}. Statistics: {}; p95 if not said. Operators: {}.", fmt::join(names, ", "),
                     fmt::join(kStats, ", "), fmt::join(spelled, " "));
}

std::optional<std::string> holds(const FailIf& condition, const Result& result) {
  bool judged = false;
  std::string refusal = "there is no strategy";
  for (const StrategyResult* strategy : named(condition, result)) {
    if (strategy->quantities.empty()) {
      refusal = fmt::format("{} was refused: {}", strategy->name, strategy->why);
      continue;
    }
    judged = true;
    const double value = value_of(condition, *strategy);
    if (compares(value, condition.comparison, condition.value)) return sentence(condition, *strategy, value);
  }
  if (!judged) fail_at(0, fmt::format("nothing to judge, {}", refusal));
  return std::nullopt;
}

}  // namespace midflight::io
