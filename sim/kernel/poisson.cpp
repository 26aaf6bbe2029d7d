#include <cmath>

#include "sim/kernel/counts.h"
#include "sim/kernel/error.h"
#include "sim/kernel/portable_math.h"
#include "sim/kernel/random.h"

namespace midflight::draw {
namespace {

constexpr double kLargeMean = 10;

/// Walks up the distribution function; about `mean` steps.
std::int64_t poisson_by_inversion(Random& random, double mean) {
  constexpr std::int64_t kEnd = 200;  // P(X > 200) < 1e-170 at a mean of 10
  double u = random.uniform(), p = portable::exp(-mean);
  std::int64_t k = 0;
  while (u > p && k < kEnd) {
    u -= p;
    p *= mean / static_cast<double>(++k);
  }
  return k;
}

/// Transformed rejection with squeeze.
/// Source: Hoermann, "The transformed rejection method for generating Poisson
///         random variables", Insurance: Mathematics and Economics 12, 1993 (PTRS).
std::int64_t poisson_by_rejection(Random& random, double mean) {
  const double b = 0.931 + 2.53 * std::sqrt(mean), a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2);
  const double whole = std::floor(mean), part = mean - whole;
  for (;;) {
    const double u = random.uniform() - 0.5, v = random.uniform();
    const double us = 0.5 - std::fabs(u);
    // Counted from the mean's whole part, so that large means lose no digit.
    const double offset = std::floor((2 * a / us + b) * u + part + 0.43);
    const double k = whole + offset;
    if (k < 0 || k > 0x1.8p62 || (us < 0.013 && v > us)) continue;
    const auto count = static_cast<std::int64_t>(whole) + static_cast<std::int64_t>(offset);
    if (us >= 0.07 && v <= squeeze) return count;
    const double height = portable::log(v * inverse_alpha / (a / (us * us) + b));
    if (height <= counts::poisson_log_probability(k, mean, offset - part)) return count;
  }
}

}  // namespace

std::int64_t poisson(Random& random, double mean) {
  MIDFLIGHT_CHECK(mean >= 0 && mean <= 0x1p62);
  return mean < kLargeMean ? poisson_by_inversion(random, mean) : poisson_by_rejection(random, mean);
}

}  // namespace midflight::draw
