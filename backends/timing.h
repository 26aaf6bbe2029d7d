#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "backends/backend.h"
#include "sim/kernel/distribution.h"

namespace midflight::backends {

inline double seconds_of(const std::function<void()>& what) {
  const Clock::time_point begin = Clock::now();
  what();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// The mean of the middle two of an even number. Requires: there are some.
inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// Median and spread as a lognormal; the spread from the middle half, so that
/// one hiccup does not count. Requires: there are some.
inline Distribution lognormal_of(std::vector<double> seconds) {
  constexpr double kQuartilesApart = 1.349;  // in deviations of a normal distribution
  std::sort(seconds.begin(), seconds.end());
  const double low = seconds[seconds.size() / 4], high = seconds[seconds.size() * 3 / 4];
  const double sigma = low > 0 ? std::log(high / low) / kQuartilesApart : 0;
  return {Distribution::Kind::Lognormal, median(seconds), std::clamp(sigma, 0.05, 1.5)};
}

}  // namespace midflight::backends
