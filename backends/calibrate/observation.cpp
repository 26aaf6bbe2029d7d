#include "backends/calibrate/observation.h"

#include <algorithm>
#include <cmath>

#include "backends/timing.h"
#include "sim/kernel/error.h"

namespace midflight::backends {

double Observation::measured_s() const { return median(seconds); }

double predicted_s(const Observation& observation, const cost::Profile& profile) {
  if (observation.batch_rows > 0) return cost::batch_duration(observation.batch_rows, observation.row_bytes, profile).a;
  double sum = 0;
  for (const Work& work : observation.works) {
    sum += cost::duration(work, observation.schema, profile).a + cost::removal(work, observation.schema, profile).seconds();
  }
  return sum;
}

double log_residual(const Observation& observation, const cost::Profile& profile) {
  return std::log(std::max(predicted_s(observation, profile), 1e-9) / std::max(observation.measured_s(), 1e-9));
}

}  // namespace midflight::backends
