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

/// Requires: there are some.
inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Median and spread as a lognormal; the spread from the middle half, so that
/// one hiccup does not count.
inline Distribution fitted(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  const double low = seconds[seconds.size() / 4], high = seconds[seconds.size() * 3 / 4];
  const double sigma = low > 0 ? std::log(high / low) / 1.349 : 0;  // quartiles of a normal lie 1.349 sigma apart
  return {Distribution::Kind::Lognormal, median(seconds), std::clamp(sigma, 0.05, 1.5)};
}

}  // namespace midflight::backends
