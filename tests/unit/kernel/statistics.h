#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace midflight {

/// Mean, variance and the standard error of the mean of independent values.
struct Moments {
  explicit Moments(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    for (const double v : values) mean += v / n;
    for (const double v : values) variance += (v - mean) * (v - mean) / (n - 1);
    error = std::sqrt(variance / n);
  }
  double mean = 0, variance = 0, error = 0;
};

/// Kolmogorov's statistic sqrt(n) sup |F_n - F|; above 1.95 with probability 0.001.
inline double kolmogorov(std::vector<double> values, const std::function<double(double)>& distribution) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double most = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double f = distribution(values[i]), at = static_cast<double>(i);
    most = std::max({most, f - at / n, (at + 1) / n - f});
  }
  return most * std::sqrt(n);
}

/// Pearson's statistic of counts against probabilities, as deviations of its
/// normal approximation; cells expecting fewer than ten are put together.
inline double chi_square_deviations(const std::map<std::int64_t, int>& counts, int draws, std::int64_t first,
                                    std::int64_t last, const std::function<double(double)>& probability) {
  double statistic = 0, expected = 0, rest = 1;
  double seen = 0, seen_in_cells = 0;
  int cells = 0;
  const auto close_cell = [&] {
    statistic += (seen - expected) * (seen - expected) / expected;
    ++cells;
    expected = seen = 0;
  };
  for (std::int64_t k = first; k <= last; ++k) {
    const double p = probability(static_cast<double>(k));
    const auto found = counts.find(k);
    expected += p * draws;
    rest -= p;
    seen += found == counts.end() ? 0 : found->second;
    seen_in_cells += found == counts.end() ? 0 : found->second;
    if (expected >= 10) close_cell();
  }
  expected += std::max(rest, 0.0) * draws;  // what lies outside first .. last
  seen += draws - seen_in_cells;
  if (expected > 1) close_cell();
  return (statistic - (cells - 1)) / std::sqrt(2.0 * (cells - 1));
}

inline double normal_distribution(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace midflight
