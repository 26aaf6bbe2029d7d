#pragma once

#include <cstddef>
#include <vector>

#include "backends/backend.h"
#include "sim/model/measurement.h"

namespace midflight::backends {

/// How much of a replay is done, as a share of its time: by what its plan was
/// predicted to take, put right whenever a step begins or ends.
///
/// Scope: a step that outlasts its prediction is as good as done meanwhile.
class TimeLeft {
 public:
  /// Without a prediction nobody knows.
  TimeLeft() = default;
  /// `begun`: the replay, with all that came before its plan; `after`: what comes behind the plan.
  TimeLeft(const Measurement& predicted, Clock::time_point begun, Duration after);

  void began(std::size_t step, Instant now);
  void ended(std::size_t step, Instant now);
  /// The plan's end, `now` or earlier.
  void ended_plan(Instant now) { ended_ = true, plan_end_ = now; }

  /// Of the plan and what comes behind it; `now` may be before the plan.
  Duration left(Instant now) const;
  /// Returns: 0 to 1, or less than 0.
  double share(Instant now, Clock::time_point clock) const;

 private:
  bool known(std::size_t step) const { return step < steps_.size() && steps_[step].reached; }

  std::vector<StepMeasurement> steps_;
  std::vector<std::size_t> running_;
  Clock::time_point begun_{};
  Instant plan_end_{};
  Duration after_{}, late_{};           ///< late: how far the plan is behind its prediction
  bool foreseen_ = false, ended_ = false;
};

}  // namespace midflight::backends
