#include "sim/kernel/counts.h"

#include <array>

#include "sim/kernel/portable_math.h"

namespace midflight::counts {
namespace {

constexpr int kTabled = 16;

constexpr std::array<double, kTabled> tabled_errors() {
  std::array<double, kTabled> errors{};
  double factorial = 1;
  for (int n = 1; n < kTabled; ++n) {
    factorial *= n;
    errors[static_cast<std::size_t>(n)] =
        portable::log(factorial) - ((n + 0.5) * portable::log(n) - n + portable::kHalfLogOfTwoPi);
  }
  return errors;
}

constexpr std::array<double, kTabled> kErrors = tabled_errors();

}  // namespace

double stirling_error(double n) {
  if (n < kTabled) return kErrors[static_cast<std::size_t>(n)];
  const double r = 1 / (n * n);
  return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / n;
}

double deviance(double mean, double d) {
  const double x = mean + d, v = d / (x + mean);
  if (v > 0.1 || v < -0.1) return x * portable::log(x / mean) - d;
  // log(x / mean) = 2 atanh(v); its first term joins -d to d v exactly.
  double sum = d * v, power = 2 * x * v;
  for (int j = 3; j < 40; j += 2) {
    power *= v * v;
    const double before = sum;
    sum += power / j;
    if (sum == before) break;
  }
  return sum;
}

double poisson_log_probability(double k, double mean, double d) {
  if (k == 0) return -mean;
  return -stirling_error(k) - deviance(mean, d) - portable::kHalfLogOfTwoPi - 0.5 * portable::log(k);
}

double binomial_log_probability(double k, double n, double p, double d) {
  if (k == 0) return n * portable::log1p(-p);
  if (k == n) return n * portable::log(p);
  const double errors = stirling_error(n) - stirling_error(k) - stirling_error(n - k);
  const double deviances = deviance(n * p, d) + deviance(n * (1 - p), -d);
  return errors - deviances - portable::kHalfLogOfTwoPi + 0.5 * portable::log(n / k / (n - k));
}

}  // namespace midflight::counts
