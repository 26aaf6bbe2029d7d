#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace midflight::testing {

/// The nearest value above a share of them, 0 to 1.
/// Requires: at least one value.
inline double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

inline double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

}  // namespace midflight::testing
