#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/kernel/distribution.h"
#include "sim/kernel/time.h"

namespace midflight::io {

/// A quantity read from text, or what is wrong with the text ("5 sec": unknown
/// unit `sec`; units of time are ns, us, ms, s, min, h and d).
template <class T>
struct Parsed {
  std::optional<T> value;
  std::string problem;
};

/// The longest time that may be written: ten years.
inline constexpr Duration kDurationMax = Duration::days(3650);
/// The highest rate of requests, per second.
inline constexpr double kRateMax = 1e7;

/// A finite decimal number without a unit: "12", "0.5", "1e9", "3_000_000".
Parsed<double> parse_number(std::string_view text);
/// A whole number within the range of 64 bits; "1e9" counts as whole.
Parsed<std::int64_t> parse_count(std::string_view text);
/// "1.5s", "250ms", "2d"; "0" needs no unit.  At least 0, at most kDurationMax.
Parsed<Duration> parse_duration(std::string_view text);
/// "50/s", "10/min".  Returns: per second, above 0, at most kRateMax.
Parsed<double> parse_rate(std::string_view text);
/// "25%".  Returns: the percentage itself, from 0 to 100.
Parsed<double> parse_percent(std::string_view text);
/// "constant(1ms)", "exponential(5ms)", "lognormal(1ms, 0.5)",
/// "uniform(1ms, 2ms)", or a bare length of time.
Parsed<Distribution> parse_distribution(std::string_view text);

}  // namespace midflight::io
