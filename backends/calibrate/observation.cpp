#include "backends/calibrate/observation.h"

#include <algorithm>
#include <cmath>

#include "sim/kernel/error.h"

namespace midflight::backends {

double median(std::vector<double> values) {
  MIDFLIGHT_CHECK(!values.empty());
  const std::size_t middle = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle), values.end());
  if (values.size() % 2 == 1) return values[middle];
  return (values[middle] + *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle))) / 2;
}

double Observation::measured_s() const { return median(seconds); }

double predicted_s(const Observation& observation, const cost::Profile& profile) {
  if (observation.batch_rows > 0) return cost::batch_duration(observation.batch_rows, profile).a;
  double sum = 0;
  for (const Work& work : observation.works) sum += cost::duration(work, observation.schema, profile).a;
  return sum;
}

double log_residual(const Observation& observation, const cost::Profile& profile) {
  return std::log(std::max(predicted_s(observation, profile), 1e-9) / std::max(observation.measured_s(), 1e-9));
}

}  // namespace midflight::backends
