#include "sim/model/rollout.h"

#include <algorithm>
#include <cmath>

namespace midflight {

int InstanceCount::of(int instances, bool round_up) const {
  if (!percent) return std::max(0, static_cast<int>(value));
  const double share = value * instances / 100;
  // 28% of 25 is 7.000000000000001 in binary: a share that close to a whole is one.
  const double whole = std::round(share);
  if (std::fabs(share - whole) < 1e-9 * std::max(1.0, whole)) return static_cast<int>(whole);
  return std::max(0, static_cast<int>(round_up ? std::ceil(share) : std::floor(share)));
}

}  // namespace midflight
