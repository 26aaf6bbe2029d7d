#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/random.h"

/// Two-sample tests that stay exact when values repeat, as counts do.
namespace midflight::testing {

namespace detail {

/// P(every |i/m - j/n| at a place in `ends` stays below `d`) over all ways to
/// deal m + n places to the first sample.  ends[t]: a group of equal values
/// ends after place t.
inline double chance_below(const std::vector<bool>& ends, std::size_t m, std::size_t n, double d) {
  std::vector<double> p(m + 1, 0.0);
  p[0] = 1;
  for (std::size_t t = 0; t < m + n; ++t) {
    for (std::size_t i = std::min(t + 1, m) + 1; i-- > 0;) {
      const double left = static_cast<double>(m + n - t);
      const bool stays = i <= t && t - i < n;
      const double stay = stays ? p[i] * static_cast<double>(n - (t - i)) / left : 0;
      const double come = i > 0 ? p[i - 1] * static_cast<double>(m - (i - 1)) / left : 0;
      p[i] = stay + come;
      if (!ends[t]) continue;
      const double j = static_cast<double>(t + 1) - static_cast<double>(i);
      const double gap = std::fabs(static_cast<double>(i) / static_cast<double>(m) - j / static_cast<double>(n));
      if (j < 0 || j > static_cast<double>(n) || gap > d - 1e-9) p[i] = 0;
    }
  }
  return p[m];
}

}  // namespace detail

/// The p-value of the two-sample Kolmogorov-Smirnov test, exact given the ties.
///
/// Source: Schroer and Trenkler, "Exact and randomization distributions of
///         Kolmogorov-Smirnov tests two or three samples", 1995.
inline double ks_p_value(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<std::pair<double, int>> all;
  for (const double v : a) all.emplace_back(v, 0);
  for (const double v : b) all.emplace_back(v, 1);
  std::sort(all.begin(), all.end());
  std::vector<bool> ends(all.size());
  double largest = 0, from_a = 0, from_b = 0;
  for (std::size_t t = 0; t < all.size(); ++t) {
    (all[t].second == 0 ? from_a : from_b) += 1;
    ends[t] = t + 1 == all.size() || all[t + 1].first != all[t].first;
    if (!ends[t]) continue;
    const double gap = std::fabs(from_a / static_cast<double>(a.size()) - from_b / static_cast<double>(b.size()));
    largest = std::max(largest, gap);
  }
  if (largest == 0) return 1;
  return std::max(0.0, 1 - detail::chance_below(ends, a.size(), b.size(), largest));
}

using Point = std::pair<double, double>;

/// Fasano and Franceschini's two-dimensional Kolmogorov-Smirnov test as a
/// permutation test: the largest difference between the shares of the samples
/// in any quadrant around any point.
///
/// Draws permutations until 20 reach the observed value, at most `most`.
class JointTest {
 public:
  JointTest(const std::vector<Point>& a, const std::vector<Point>& b) : all_(a), first_(a.size()) {
    all_.insert(all_.end(), b.begin(), b.end());
    words_ = (all_.size() + 63) / 64;
    std::vector<Point> origins = all_;
    std::sort(origins.begin(), origins.end());
    origins.erase(std::unique(origins.begin(), origins.end()), origins.end());
    for (const Point& o : origins) add_quadrants(o);
  }

  double p_value(std::uint64_t seed, int most = 50000) const {
    std::vector<std::size_t> order(all_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const double observed = statistic(order);
    if (observed == 0) return 1;
    Random random({seed, 0, stream_id("joint test")});
    int reached = 0, drawn = 0;
    while (reached < 20 && drawn < most) {
      for (std::size_t i = order.size(); i-- > 1;) std::swap(order[i], order[random.below(i + 1)]);
      ++drawn;
      reached += statistic(order) >= observed - 1e-12;
    }
    return (reached + 1.0) / (drawn + 1.0);
  }

 private:
  void add_quadrants(const Point& o) {
    const bool sides[4][2] = {{false, false}, {false, true}, {true, false}, {true, true}};
    for (const auto& side : sides) {
      std::vector<std::uint64_t> members(words_);
      std::int64_t count = 0;
      for (std::size_t i = 0; i < all_.size(); ++i) {
        if ((all_[i].first > o.first) != side[0] || (all_[i].second > o.second) != side[1]) continue;
        members[i / 64] |= std::uint64_t{1} << (i % 64);
        ++count;
      }
      if (count == 0) continue;
      quadrants_.insert(quadrants_.end(), members.begin(), members.end());
      counts_.push_back(count);
    }
  }
  double statistic(const std::vector<std::size_t>& order) const {
    std::vector<std::uint64_t> in_a(words_);
    for (std::size_t i = 0; i < first_; ++i) in_a[order[i] / 64] |= std::uint64_t{1} << (order[i] % 64);
    const auto na = static_cast<double>(first_), nb = static_cast<double>(all_.size() - first_);
    double largest = 0;
    for (std::size_t q = 0; q < counts_.size(); ++q) {
      std::int64_t mine = 0;
      for (std::size_t w = 0; w < words_; ++w) mine += __builtin_popcountll(in_a[w] & quadrants_[q * words_ + w]);
      largest = std::max(largest, std::fabs(static_cast<double>(mine) / na - static_cast<double>(counts_[q] - mine) / nb));
    }
    return largest;
  }

  std::vector<Point> all_;
  std::size_t first_, words_ = 0;
  std::vector<std::uint64_t> quadrants_;  ///< words_ a quadrant, one bit a point
  std::vector<std::int64_t> counts_;
};

/// One hypothesis with its p-value.
struct Tested {
  std::string what;
  double p;
};

/// Those that Holm's step-down rejects at a family-wise level.
inline std::vector<Tested> holm_rejects(std::vector<Tested> all, double level) {
  std::sort(all.begin(), all.end(), [](const Tested& a, const Tested& b) { return a.p < b.p; });
  std::size_t kept = 0;
  while (kept < all.size() && all[kept].p <= level / static_cast<double>(all.size() - kept)) ++kept;
  all.resize(kept);
  return all;
}

}  // namespace midflight::testing
