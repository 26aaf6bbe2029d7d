#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/kernel/distribution.h"

namespace midflight {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
constexpr std::array<Unit, 7> kUnits = {{{"d", 86'400'000'000'000},
                                         {"h", 3'600'000'000'000},
                                         {"min", 60'000'000'000},
                                         {"s", 1'000'000'000},
                                         {"ms", 1'000'000},
                                         {"us", 1'000},
                                         {"ns", 1}}};

/// `ns` in the unit as an exact decimal number; empty if it is below one unit or
/// has more than nine decimals (a third of a minute).
std::string decimal(std::int64_t ns, std::int64_t unit) {
  constexpr std::size_t kDecimals = 9;
  if (ns < unit) return {};
  std::string text = std::to_string(ns / unit);
  std::int64_t rest = ns % unit;
  if (rest != 0) text += '.';
  for (std::size_t i = 0; rest != 0; ++i) {
    if (i == kDecimals) return {};
    rest *= 10;
    text += static_cast<char>('0' + rest / unit);
    rest %= unit;
  }
  return text;
}

/// Fewer digits are better; among equals the spelling without a point, then
/// the larger unit: 90s and not 1.5min, but 1min and not 60s.
std::size_t badness(const std::string& number) {
  const bool has_point = number.find('.') != std::string::npos;
  return 2 * (number.size() - (has_point ? 1 : 0)) + (has_point ? 1 : 0);
}

}  // namespace

std::string duration_text(Duration d) {
  if (d.ns == 0) return "0s";
  if (d.ns < 0) return std::string(1, '-').append(duration_text(-d));
  std::string best;
  std::string_view unit_name;
  for (const Unit& unit : kUnits) {
    const std::string number = decimal(d.ns, unit.ns);
    if (number.empty() || (!best.empty() && badness(number) >= badness(best))) continue;
    best = number;
    unit_name = unit.name;
  }
  return best.append(unit_name);
}

}  // namespace midflight
