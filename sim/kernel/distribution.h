#pragma once

#include <string>

#include "sim/kernel/random.h"
#include "sim/kernel/time.h"

namespace midflight {

/// How long something takes: one of the distributions of the scenario file.
///
/// Units: all parameters are seconds, but for `sigma`, the deviation of the
/// logarithm, which has none.
struct Distribution {
  enum class Kind : unsigned char { Constant, Exponential, Lognormal, Uniform };

  Kind kind = Kind::Constant;
  double a = 0;  ///< constant value, mean, median or lower end
  double b = 0;  ///< sigma or upper end

  static Distribution constant(Duration value) { return {Kind::Constant, value.seconds(), 0}; }
  static Distribution exponential(Duration mean) { return {Kind::Exponential, mean.seconds(), 0}; }
  static Distribution lognormal(Duration median, double sigma) { return {Kind::Lognormal, median.seconds(), sigma}; }
  static Distribution uniform(Duration low, Duration high) { return {Kind::Uniform, low.seconds(), high.seconds()}; }

  Duration sample(Random& random) const {
    if (kind == Kind::Exponential) return Duration::from_seconds(a * draw::exponential(random));
    return sample_other(random);
  }

  double mean_seconds() const;
  double variance_seconds2() const;
  /// P(X > x).
  double tail(Duration x) const;
  /// E[max(X - x, 0)] in seconds: what is left over beyond x.
  double excess_seconds(Duration x) const;
  /// Multiplies every length by a factor (> 0).
  Distribution scaled(double factor) const;
  /// As the scenario file writes it: "lognormal(1ms, 0.5)".
  std::string text() const;

  bool operator==(const Distribution&) const = default;

 private:
  Duration sample_other(Random& random) const;
};

/// "1.5s", "250ms", "1h", "2d": the shortest exact spelling of a length.
std::string duration_text(Duration d);

}  // namespace midflight
