#include "sim/io/yaml_quantity.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace midflight::io {
namespace {

constexpr std::string_view kUnitsText = "units of time are ns, us, ms, s, min, h and d";
constexpr double kSigmaMax = 5;

struct Unit {
  std::string_view name;
  double ns;
};
constexpr std::array<Unit, 7> kUnits = {{{"ns", 1},
                                         {"us", 1e3},
                                         {"ms", 1e6},
                                         {"s", 1e9},
                                         {"min", 60e9},
                                         {"h", 3600e9},
                                         {"d", 86400e9}}};

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

template <class T>
Parsed<T> bad(std::string problem) {
  return {std::nullopt, std::move(problem)};
}

/// A number and what follows it: "1.5 s" is 1.5 and "s".
struct Measured {
  double number = 0;
  std::string_view unit;
  bool valid = false;
};

Measured split_unit(std::string_view text) {
  text = trim(text);
  std::size_t end = 0;
  const auto numeric = [&](std::size_t i) {
    const char c = text[i];
    if ((c >= '0' && c <= '9') || c == '.' || c == '_') return true;
    if (c == '-' || c == '+') return i == 0 || text[i - 1] == 'e' || text[i - 1] == 'E';
    const bool exponent = (c == 'e' || c == 'E') && i > 0 && i + 1 < text.size();
    return exponent && (text[i + 1] == '-' || text[i + 1] == '+' || (text[i + 1] >= '0' && text[i + 1] <= '9'));
  };
  while (end < text.size() && numeric(end)) ++end;
  const Parsed<double> number = parse_number(text.substr(0, end));
  if (!number.value) return {};
  return {*number.value, trim(text.substr(end)), true};
}

const Unit* unit_named(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

std::string unit_problem(std::string_view unit) {
  if (unit.empty()) return fmt::format("a unit is missing; {}", kUnitsText);
  return fmt::format("unknown unit `{}`; {}", unit, kUnitsText);
}

/// Splits "a, b" at the commas.
std::vector<std::string_view> arguments(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    parts.push_back(trim(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

using Arguments = std::vector<std::string_view>;

Parsed<Distribution> one_length(const Arguments& given, Distribution (*make)(Duration)) {
  const Parsed<Duration> length = parse_duration(given[0]);
  if (!length.value) return bad<Distribution>(length.problem);
  return {make(*length.value), {}};
}

Parsed<Distribution> make_lognormal(const Arguments& given) {
  const Parsed<Duration> median = parse_duration(given[0]);
  if (!median.value) return bad<Distribution>(median.problem);
  if (median.value->ns == 0) return bad<Distribution>("the median of a lognormal must be above 0");
  const Parsed<double> sigma = parse_number(given[1]);
  if (!sigma.value) return bad<Distribution>("the second argument of lognormal is sigma, a number without a unit");
  if (*sigma.value < 0 || *sigma.value > kSigmaMax) {
    return bad<Distribution>(fmt::format("sigma must be from 0 to {}, not {}", kSigmaMax, given[1]));
  }
  return {Distribution::lognormal(*median.value, *sigma.value), {}};
}

Parsed<Distribution> make_uniform(const Arguments& given) {
  const Parsed<Duration> low = parse_duration(given[0]);
  const Parsed<Duration> high = parse_duration(given[1]);
  if (!low.value) return bad<Distribution>(low.problem);
  if (!high.value) return bad<Distribution>(high.problem);
  if (*high.value < *low.value) return bad<Distribution>("the upper end of uniform is below its lower end");
  return {Distribution::uniform(*low.value, *high.value), {}};
}

}  // namespace

Parsed<double> parse_number(std::string_view text) {
  text = trim(text);
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool inner = i > 0 && i + 1 < text.size();
    if (text[i] == '_' && inner) continue;
    digits += text[i];
  }
  const char* first = digits.data() + (digits.size() > 1 && digits[0] == '+' && digits[1] != '-' ? 1 : 0);
  const char* last = digits.data() + digits.size();
  double number = 0;
  const auto [end, failed] = std::from_chars(first, last, number);
  if (failed == std::errc::result_out_of_range) return bad<double>("the number is out of range");
  if (failed != std::errc{} || end != last) return bad<double>("not a number");
  if (!std::isfinite(number)) return bad<double>("not a finite number");
  return {number, {}};
}

Parsed<std::int64_t> parse_count(std::string_view text) {
  const Parsed<double> number = parse_number(text);
  if (!number.value) return bad<std::int64_t>(number.problem);
  const std::string_view digits = trim(text);
  std::int64_t whole = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), whole);
  if (failed == std::errc{} && end == digits.data() + digits.size()) return {whole, {}};
  constexpr double kExact = 9007199254740992.0;  // 2^53: above it a double skips whole numbers
  if (std::abs(*number.value) > kExact) return bad<std::int64_t>("the number is out of range");
  if (*number.value != std::floor(*number.value)) return bad<std::int64_t>("not a whole number");
  return {static_cast<std::int64_t>(*number.value), {}};
}

Parsed<Duration> parse_duration(std::string_view text) {
  const Measured measured = split_unit(text);
  if (!measured.valid) return bad<Duration>(fmt::format("not a length of time such as 250ms; {}", kUnitsText));
  if (measured.number < 0) return bad<Duration>("a length of time is never negative");
  if (measured.number == 0 && measured.unit.empty()) return {Duration{}, {}};
  if (measured.unit.empty()) return bad<Duration>(fmt::format("a unit is missing, as in {0}s or {0}ms; {1}", trim(text), kUnitsText));
  const Unit* unit = unit_named(measured.unit);
  if (unit == nullptr) return bad<Duration>(unit_problem(measured.unit));
  const double ns = measured.number * unit->ns;
  if (ns > static_cast<double>(kDurationMax.ns)) return bad<Duration>("the longest time is 3650d");
  if (measured.number > 0 && ns < 0.5) return bad<Duration>("the shortest time is 1ns");
  return {Duration::nanoseconds(std::llround(ns)), {}};
}

Parsed<double> parse_rate(std::string_view text) {
  constexpr std::string_view kExpected = "a rate is a number per unit of time, such as 50/s or 10/min";
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return bad<double>(std::string(kExpected));
  const Parsed<double> number = parse_number(text.substr(0, slash));
  if (!number.value) return bad<double>(fmt::format("{}; {}", number.problem, kExpected));
  const Unit* unit = unit_named(trim(text.substr(slash + 1)));
  if (unit == nullptr) return bad<double>(unit_problem(trim(text.substr(slash + 1))));
  const double per_second = *number.value * 1e9 / unit->ns;
  if (!(per_second > 0) || per_second > kRateMax) return bad<double>("a rate must be above 0 and at most 10000000/s");
  return {per_second, {}};
}

Parsed<double> parse_percent(std::string_view text) {
  const Measured measured = split_unit(text);
  if (!measured.valid || measured.unit != "%") return bad<double>("not a percentage such as 25%");
  if (measured.number < 0 || measured.number > 100) return bad<double>("a percentage must be from 0% to 100%");
  return {measured.number, {}};
}

Parsed<Distribution> parse_distribution(std::string_view text) {
  text = trim(text);
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) {
    const Parsed<Duration> length = parse_duration(text);
    if (!length.value) return bad<Distribution>(length.problem);
    return {Distribution::constant(*length.value), {}};
  }
  if (text.back() != ')') return bad<Distribution>("a closing parenthesis is missing");
  const std::string_view name = trim(text.substr(0, open));
  const Arguments given = arguments(text.substr(open + 1, text.size() - open - 2));
  const bool two = name == "lognormal" || name == "uniform";
  if (!two && name != "constant" && name != "exponential") {
    return bad<Distribution>(fmt::format(
        "unknown distribution `{}`; there are constant(a), exponential(mean), lognormal(median, sigma) and "
        "uniform(a, b)", name));
  }
  if (given.size() != (two ? 2U : 1U)) {
    const std::string_view wanted = two ? "two arguments" : "one argument";
    return bad<Distribution>(fmt::format("{} takes {}, not {}", name, wanted, given.size()));
  }
  if (name == "constant") return one_length(given, &Distribution::constant);
  if (name == "exponential") return one_length(given, &Distribution::exponential);
  return name == "lognormal" ? make_lognormal(given) : make_uniform(given);
}

}  // namespace midflight::io
