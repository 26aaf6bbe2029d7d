#pragma once

#include <vector>

#include "backends/calibrate/observation.h"

namespace midflight::backends {

/// The profile under which the cost model is nearest to the observations: least
/// squares of ln(predicted / measured), so that ten milliseconds count as much
/// as ten seconds.
///
/// What no observation depends on keeps the value of `start`, and so do commit_s
/// and herd_s.  `spread` becomes what the model leaves unexplained:
/// repeated tries and misfit together.
/// Requires: `start.commit_s` is measured.
cost::Profile fitted(const std::vector<Observation>& observations, const cost::Profile& start);

/// To four digits: more would be noise.
double rounded(double value);

/// How far the model is from one family of observations.
struct FamilyResidual {
  std::string family;
  int times = 0;
  double error = 0;        ///< median of |predicted - measured| / measured
  double error_worst = 0;
};
std::vector<FamilyResidual> residuals_by_family(const std::vector<Observation>& observations, const cost::Profile& profile);

}  // namespace midflight::backends
