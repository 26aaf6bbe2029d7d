#include "backends/prediction_error.h"

#include <algorithm>

#include "sim/metrics/summary.h"

namespace midflight::backends {
namespace {

constexpr double kFloorSeconds = 0.5;
constexpr double kFloorCount = 10;
constexpr double kFloorShare = 0.001;

bool inside(std::vector<double> runs, double measured) {
  if (runs.empty()) return false;
  const metrics::Summary summary = metrics::summarize(std::move(runs));
  return summary.p5 <= measured && measured <= summary.p95;
}

QuantityError whole_run(const metrics::Quantity& q, const Measurement& paired, const Prediction& prediction,
                        const Measurement& measured) {
  const double value = q.of(measured);
  QuantityError error = quantity_error(std::string(q.name), q.of(paired), value, floor_of(q.name, measured));
  std::vector<double> runs;
  for (const Measurement& m : prediction.runs) runs.push_back(q.of(m));
  error.inside = inside(std::move(runs), value);
  return error;
}

QuantityError of_step(const StepQuantity& q, std::size_t step, const Measurement& paired, const Prediction& prediction,
                      const Measurement& measured) {
  const double value = q.of(measured.steps[step]);
  QuantityError error = quantity_error(q.name, q.of(paired.steps[step]), value, floor_of(q.name, measured));
  std::vector<double> runs;
  for (const Measurement& m : prediction.runs) {
    if (m.steps.size() > step && m.steps[step].reached) runs.push_back(q.of(m.steps[step]));
  }
  error.inside = inside(std::move(runs), value);
  return error;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<StepError> step_errors(const Measurement& paired, const Prediction& prediction, const Measurement& measured,
                                   const std::vector<std::string>& unmeasured) {
  std::vector<StepError> errors;
  const std::vector<Step>& steps = prediction.proposal.plan.steps;
  const std::size_t count = std::min({steps.size(), paired.steps.size(), measured.steps.size()});
  for (std::size_t s = 0; s < count; ++s) {
    if (!paired.steps[s].reached || !measured.steps[s].reached) continue;
    StepError step{steps[s].id, s, {}};
    for (const StepQuantity& q : step_quantities()) {
      if (!contains(unmeasured, q.name)) step.quantities.push_back(of_step(q, s, paired, prediction, measured));
    }
    errors.push_back(std::move(step));
  }
  return errors;
}

}  // namespace

const std::vector<StepQuantity>& step_quantities() {
  static const std::vector<StepQuantity> all = {
      {"lock_wait_s", [](const StepMeasurement& s) { return s.lock_wait.seconds(); }},
      {"held_s", [](const StepMeasurement& s) { return s.held.seconds(); }},
      {"blocked_requests", [](const StepMeasurement& s) { return static_cast<double>(s.blocked_requests); }},
  };
  return all;
}

double floor_of(std::string_view quantity, const Measurement& measured) {
  if (quantity.ends_with("_s")) return kFloorSeconds;
  return std::max(kFloorCount, kFloorShare * static_cast<double>(measured.requests));
}

QuantityError quantity_error(std::string name, double predicted, double measured, double floor) {
  QuantityError error{std::move(name), predicted, measured, 0, predicted < floor && measured < floor, false};
  if (!error.agree) error.error = (predicted - measured) / std::max(measured, floor);
  return error;
}

PredictionError prediction_error(const Measurement& paired, const Prediction& prediction, const Measurement& measured,
                                 const std::vector<std::string>& unmeasured) {
  PredictionError error;
  for (const metrics::Quantity& q : metrics::quantities()) {
    if (contains(unmeasured, q.name)) continue;
    error.quantities.push_back(whole_run(q, paired, prediction, measured));
  }
  error.steps = step_errors(paired, prediction, measured, unmeasured);
  return error;
}

}  // namespace midflight::backends
