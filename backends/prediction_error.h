#pragma once

#include <string>
#include <vector>

#include "sim/run/comparison.h"

namespace midflight::backends {

/// Predicted against measured, of one quantity.
///
/// error = (predicted - measured) / max(measured, floor).  Where both lie below
/// the floor they agree: the error is then 0 and enters no quantile.
struct QuantityError {
  std::string name;
  double predicted = 0, measured = 0;
  double error = 0;
  bool agree = false;
  bool inside = false;  ///< measured in [p5, p95] of the unpaired prediction
};

/// A number of one step.
struct StepQuantity {
  const char* name;
  double (*of)(const StepMeasurement&);
};

/// lock_wait_s, held_s, blocked_requests: those that reports compare.
const std::vector<StepQuantity>& step_quantities();

struct StepError {
  std::string id;
  std::size_t step = 0;                   ///< of the plan
  std::vector<QuantityError> quantities;  ///< of step_quantities()
};

struct PredictionError {
  std::vector<QuantityError> quantities;
  std::vector<StepError> steps;           ///< those both reached
};

/// Units: 0.5 s for names in _s, else 10 or 0.1% of the measured requests.
double floor_of(std::string_view quantity, const Measurement& measured);

QuantityError quantity_error(std::string name, double predicted, double measured, double floor);

/// `paired` is the simulated run that shares the replay's draws; quantities
/// named in `unmeasured` are left out, those of steps too.
PredictionError prediction_error(const Measurement& paired, const Prediction& prediction, const Measurement& measured,
                                 const std::vector<std::string>& unmeasured);

}  // namespace midflight::backends
