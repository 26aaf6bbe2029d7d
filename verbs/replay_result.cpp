#include "verbs/replay_result.h"

#include <utility>

namespace midflight::verbs {

namespace {

io::QuantityError shown(const backends::QuantityError& e) {
  io::QuantityError shown{e.name, e.predicted, e.measured, {}, e.agree, e.inside};
  if (!e.agree) shown.error = e.error;
  return shown;
}

/// In report order, with a line for what the backend cannot measure.
std::vector<io::QuantityError> shown_errors(const backends::ReplayResult& replay) {
  std::vector<io::QuantityError> all;
  for (const metrics::Quantity& q : metrics::quantities()) {
    io::QuantityError line{std::string(q.name), q.of(replay.paired), {}, {}, false, {}};
    for (const backends::QuantityError& e : replay.error.quantities) {
      if (e.name == q.name) line = shown(e);
    }
    all.push_back(std::move(line));
  }
  return all;
}

io::StepError shown_step(const backends::StepError& step, const backends::ReplayResult& replay) {
  io::StepError one{step.id, {}};
  for (const backends::StepQuantity& q : backends::step_quantities()) {
    io::QuantityError line{q.name, q.of(replay.paired.steps[step.step]), {}, {}, false, {}};
    for (const backends::QuantityError& e : step.quantities) {
      if (e.name == q.name) line = shown(e);
    }
    one.quantities.push_back(std::move(line));
  }
  return one;
}

std::vector<io::Repetition> repetitions_of(const std::vector<backends::ReplayResult>& replays) {
  std::vector<io::Repetition> all;
  for (const backends::ReplayResult& replay : replays) {
    all.push_back({all.size(), replay.valid, replay.data_ok, replay.measured.completed, shown_errors(replay)});
  }
  return all;
}

}  // namespace

io::ReplayResult replay_result(const std::vector<backends::ReplayResult>& replays, const backends::ReplayOptions& options) {
  const backends::ReplayResult& replay = replays.front();
  io::ReplayResult result;
  result.backend = replay.backend;
  result.server_version = replay.server_version;
  result.scale = replay.scale;
  result.valid = replay.valid;
  result.invalid_reason = replay.invalid_reason;
  result.unforeseen_end = backends::ended_unforeseen(replay);
  result.predicted = io::summarize(replay.scenario, {replay.prediction}, options.seed, options.runs);
  result.paired = replay.paired;
  result.measured = replay.measured;
  result.errors = shown_errors(replay);
  for (const backends::StepError& step : replay.error.steps) result.step_errors.push_back(shown_step(step, replay));
  result.unmeasured = replay.unmeasured;
  result.why_blind = replay.why_blind;
  result.data_ok = replay.data_ok;
  result.data_check = replay.data_check;
  if (replays.size() > 1) result.repetitions = repetitions_of(replays);
  return result;
}

}  // namespace midflight::verbs
