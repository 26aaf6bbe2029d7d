#include "sim/run/sharing.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/kernel/random.h"

namespace midflight {

namespace {

/// The share of a processor that each has when n requests run beside the work.
double share(double cores, double n) { return std::min(1.0, cores / (n + 1)); }

/// How likely n = first, first + 1, ... requests are, up to a factor.
struct Chain {
  std::size_t first = 0;
  std::vector<double> weight;
};

Chain requests_beside(double cores, double busy) {
  constexpr double kTiny = 1e-15;
  constexpr std::size_t kMost = 100000;
  const auto middle = static_cast<std::size_t>(busy);
  std::vector<double> below, above;
  double w = 1;
  for (std::size_t n = middle; n > 0 && w > kTiny; --n) {
    w *= static_cast<double>(n) * share(cores, static_cast<double>(n)) / busy;
    below.push_back(w);
  }
  w = 1;
  for (std::size_t n = middle + 1; w > kTiny && n < middle + kMost; ++n) {
    w *= busy / (static_cast<double>(n) * share(cores, static_cast<double>(n)));
    above.push_back(w);
  }
  Chain chain;
  chain.first = middle - below.size();
  chain.weight.assign(below.rbegin(), below.rend());
  chain.weight.push_back(1);
  chain.weight.insert(chain.weight.end(), above.begin(), above.end());
  return chain;
}

}  // namespace

Sharing beside_traffic(double cores, double per_second, double busy, double squares) {
  if (busy <= 0 || per_second <= 0) return {};
  const Chain chain = requests_beside(cores, busy);
  double all = 0, served = 0;
  for (std::size_t i = 0; i < chain.weight.size(); ++i) {
    all += chain.weight[i];
    served += chain.weight[i] * share(cores, static_cast<double>(chain.first + i));
  }
  const double mean = served / all;
  double ahead = 0, sum = 0;
  for (std::size_t i = 0; i < chain.weight.size(); ++i) {
    ahead += chain.weight[i] / all * (share(cores, static_cast<double>(chain.first + i)) - mean);
    sum += ahead * ahead * all / chain.weight[i];
  }
  const double request = busy / per_second;
  const double shape = squares / per_second / (2 * request * request);
  return {1 / mean, 2 * sum / per_second * shape / (mean * mean * mean)};
}

double more_than(double most, double mean) {
  if (mean >= most) return 1;
  return portable_exp(most - mean + most * portable_log(mean / most));
}

}  // namespace midflight
