#include <bit>
#include <cmath>

#include "sim/kernel/counts.h"
#include "sim/kernel/error.h"
#include "sim/kernel/portable_math.h"
#include "sim/kernel/random.h"

namespace midflight::draw {
namespace {

constexpr double kLargeMean = 10;

/// n p in whole and part, exact where n is beyond the digits of a double.
struct Mean {
  std::int64_t whole;
  double part;
};

Mean exact_mean(std::int64_t n, double p) {
  const auto bits = std::bit_cast<std::uint64_t>(p);
  const int shift = 1075 - static_cast<int>(bits >> 52);  // p = digits * 2^-shift
  const std::uint64_t digits = (bits & 0x000fffffffffffffULL) | 0x0010000000000000ULL;
  const auto product = static_cast<Uint128>(n) * digits;
  const auto whole = product >> shift;
  const auto rest = product - (whole << shift);
  return {static_cast<std::int64_t>(whole), std::ldexp(static_cast<double>(rest), -shift)};
}

/// Walks up the distribution function; about `n p` steps.
std::int64_t binomial_by_inversion(Random& random, std::int64_t n, double p) {
  const double trials = static_cast<double>(n), odds = p / (1 - p);
  constexpr std::int64_t kEnd = 200;  // P(X > 200) < 1e-170 at a mean of 10
  double u = random.uniform(), probability = portable::exp(trials * portable::log1p(-p));
  std::int64_t k = 0;
  while (u > probability && k < n && k < kEnd) {
    u -= probability;
    probability *= odds * (trials - static_cast<double>(k)) / static_cast<double>(k + 1);
    ++k;
  }
  return k;
}

/// Transformed rejection with squeeze.  Requires: p <= 1/2, n p >= 10.
/// Source: Hoermann, "The generation of binomial random variates", J. Statist.
///         Comput. Simul. 46, 1993 (BTRS).
std::int64_t binomial_by_rejection(Random& random, std::int64_t n, double p) {
  const double trials = static_cast<double>(n), deviation = std::sqrt(trials * p * (1 - p));
  const double b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double squeeze = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * deviation;
  const Mean mean = exact_mean(n, p);
  const double centre = static_cast<double>(mean.whole);
  const double peak_offset = std::floor(mean.part + p);  // the mode is floor((n + 1) p)
  const double peak =
      counts::binomial_log_probability(centre + peak_offset, trials, p, peak_offset - mean.part);
  for (;;) {
    const double u = random.uniform() - 0.5, v = random.uniform();
    const double us = 0.5 - std::fabs(u);
    const double offset = std::floor((2 * a / us + b) * u + mean.part + 0.5);
    if (std::fabs(offset) > 0x1p61) continue;
    const std::int64_t k = mean.whole + static_cast<std::int64_t>(offset);
    if (k < 0 || k > n) continue;
    if (us >= 0.07 && v <= squeeze) return k;
    const double height = portable::log(v * alpha / (a / (us * us) + b));
    const double log_probability =
        counts::binomial_log_probability(static_cast<double>(k), trials, p, offset - mean.part);
    if (height <= log_probability - peak) return k;
  }
}

std::int64_t binomial_of_rarer(Random& random, std::int64_t n, double p) {
  return static_cast<double>(n) * p < kLargeMean ? binomial_by_inversion(random, n, p)
                                                 : binomial_by_rejection(random, n, p);
}

}  // namespace

std::int64_t binomial(Random& random, std::int64_t n, double p) {
  constexpr std::int64_t kMax = std::int64_t{1} << 62;
  MIDFLIGHT_CHECK(n >= 0 && n <= kMax);
  if (n == 0 || !(p > 0)) return 0;
  if (p >= 1) return n;
  return p > 0.5 ? n - binomial_of_rarer(random, n, 1 - p) : binomial_of_rarer(random, n, p);
}

}  // namespace midflight::draw
