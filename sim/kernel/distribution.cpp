#include "sim/kernel/distribution.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/kernel/portable_math.h"

namespace midflight {
namespace {

using Kind = Distribution::Kind;

/// How many deviations of the logarithm the median lies above x > 0.
double median_above(const Distribution& d, double x) { return (portable::log(d.a) - portable::log(x)) / d.b; }

double normal_below(double z) { return portable::normal_tail(-z); }

bool varies(const Distribution& d) {
  switch (d.kind) {
    case Kind::Constant: return false;
    case Kind::Exponential: return d.a > 0;
    case Kind::Lognormal: return d.a > 0 && d.b > 0;
    case Kind::Uniform: return d.b > d.a;
  }
  return false;
}

std::string seconds_text(double seconds) { return duration_text(Duration::from_seconds(seconds)); }

}  // namespace

Duration Distribution::sample_other(Random& random) const {
  switch (kind) {
    case Kind::Constant:
    case Kind::Exponential: break;
    case Kind::Lognormal: return Duration::from_seconds(a * portable::exp(b * draw::normal(random)));
    case Kind::Uniform: return Duration::from_seconds(a + (b - a) * random.uniform());
  }
  return Duration::from_seconds(a);
}

double Distribution::mean_seconds() const {
  if (kind == Kind::Lognormal) return a * portable::exp(0.5 * b * b);
  return kind == Kind::Uniform ? 0.5 * (a + b) : a;
}

double Distribution::variance_seconds2() const {
  switch (kind) {
    case Kind::Constant: return 0;
    case Kind::Exponential: return a * a;
    case Kind::Lognormal: return a * a * portable::exp(b * b) * (portable::exp(b * b) - 1);
    case Kind::Uniform: return (b - a) * (b - a) / 12;
  }
  return 0;
}

double Distribution::tail(Duration x) const {
  const double t = x.seconds();
  if (!varies(*this)) return mean_seconds() > t ? 1 : 0;
  if (kind == Kind::Uniform) return std::clamp((b - t) / (b - a), 0.0, 1.0);
  if (t <= 0) return 1;
  return kind == Kind::Exponential ? portable::exp(-t / a) : normal_below(median_above(*this, t));
}

double Distribution::excess_seconds(Duration x) const {
  const double t = x.seconds(), mean = mean_seconds();
  if (!varies(*this)) return std::max(mean - t, 0.0);
  if (kind == Kind::Uniform) {
    if (t <= a) return mean - t;
    return t >= b ? 0 : (b - t) * (b - t) / (2 * (b - a));
  }
  if (t <= 0) return mean - t;
  if (kind == Kind::Exponential) return a * portable::exp(-t / a);
  // The partial expectation of a lognormal, as in the Black-Scholes formula.
  const double z = median_above(*this, t);
  return std::max(mean * normal_below(z + b) - t * normal_below(z), 0.0);
}

Distribution Distribution::scaled(double factor) const {
  return {kind, a * factor, kind == Kind::Uniform ? b * factor : b};
}

std::string Distribution::text() const {
  switch (kind) {
    case Kind::Constant: break;
    case Kind::Exponential: return fmt::format("exponential({})", seconds_text(a));
    case Kind::Lognormal: return fmt::format("lognormal({}, {})", seconds_text(a), b);
    case Kind::Uniform: return fmt::format("uniform({}, {})", seconds_text(a), seconds_text(b));
  }
  return seconds_text(a);
}

}  // namespace midflight
