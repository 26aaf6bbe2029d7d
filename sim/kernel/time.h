#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace midflight {

/// A length of simulated or real time in whole nanoseconds.
///
/// Integers make runs reproducible: no sum depends on its order.  The range is
/// +-292 years, so a plan of weeks is far from any edge.
struct Duration {
  std::int64_t ns = 0;

  static constexpr Duration nanoseconds(std::int64_t n) { return {n}; }
  static constexpr Duration microseconds(std::int64_t n) { return {n * 1'000}; }
  static constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000'000}; }
  static constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000'000}; }
  static constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
  static constexpr Duration hours(std::int64_t n) { return seconds(n * 3600); }
  static constexpr Duration days(std::int64_t n) { return hours(n * 24); }
  static constexpr Duration max() { return {std::numeric_limits<std::int64_t>::max() / 4}; }

  /// Nearest nanosecond; saturates at max() and never at less than zero work.
  static constexpr Duration from_seconds(double s) {
    const double n = s * 1e9;
    if (n >= static_cast<double>(max().ns)) return max();
    if (n <= -static_cast<double>(max().ns)) return {-max().ns};
    return {static_cast<std::int64_t>(n + (n < 0 ? -0.5 : 0.5))};
  }
  constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }

  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator+(Duration o) const { return {ns + o.ns}; }
  constexpr Duration operator-(Duration o) const { return {ns - o.ns}; }
  constexpr Duration operator-() const { return {-ns}; }
  constexpr Duration operator*(std::int64_t k) const { return {ns * k}; }
  constexpr Duration operator/(std::int64_t k) const { return {ns / k}; }
  constexpr Duration& operator+=(Duration o) { ns += o.ns; return *this; }
  constexpr Duration& operator-=(Duration o) { ns -= o.ns; return *this; }
};

/// A point on the clock of a run.  Zero is the moment the plan begins; traffic
/// starts before it, so instants may be negative.
struct Instant {
  std::int64_t ns = 0;

  static constexpr Instant never() { return {std::numeric_limits<std::int64_t>::max() / 2}; }
  constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }

  constexpr auto operator<=>(const Instant&) const = default;
  constexpr Instant operator+(Duration d) const { return {ns + d.ns}; }
  constexpr Instant operator-(Duration d) const { return {ns - d.ns}; }
  constexpr Duration operator-(Instant o) const { return {ns - o.ns}; }
};

}  // namespace midflight
