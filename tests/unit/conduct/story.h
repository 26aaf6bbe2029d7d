#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/conduct/plan_conductor.h"
#include "sim/kernel/distribution.h"

namespace midflight::conduct {

/// Each command as one word or two, so that a test reads like a story.
struct Teller {
  static std::string limit(Duration d) { return d == Duration::max() ? "" : " within " + duration_text(d); }

  std::string operator()(const RunStatement& c) const {
    return "run " + std::to_string(c.step) + "." + std::to_string(c.statement) + (c.begins ? " begin" : "") +
           (c.commits ? " commit" : "") + " try " + std::to_string(c.attempt) + limit(c.lock_timeout) +
           (c.cleanup ? " cleaning up" : "");
  }
  std::string operator()(const RunBatch& c) const {
    return "batch " + std::to_string(c.batch) + " rows " + std::to_string(c.first_row) + "+" + std::to_string(c.rows) +
           " try " + std::to_string(c.attempt);
  }
  std::string operator()(const BeginRollout& c) const { return "rollout " + std::to_string(c.step); }
  std::string operator()(const AskCheck& c) const { return "ask " + std::to_string(c.step); }
  std::string operator()(const SetTimer& c) const { return "timer " + duration_text(c.delay); }
  std::string operator()(const StepBegan& c) const { return "began " + std::to_string(c.step); }
  std::string operator()(const StepEnded& c) const { return "ended " + std::to_string(c.step); }
  std::string operator()(const PlanEnded& c) const { return c.why.empty() ? "plan done" : c.why; }
};

/// Drives a conductor by hand and tells what it asked for.
class Story {
 public:
  using Words = std::vector<std::string>;

  explicit Story(Plan plan, std::vector<std::int64_t> rows = {}) : plan_(std::move(plan)) {
    rows.resize(plan_.steps.size());
    conductor_ = std::make_unique<PlanConductor>(plan_, [rows](StepIndex step) { return rows[step]; });
  }

  Words begin() { return tell(Begin{}); }
  Words succeed(StepIndex step = 0) { return tell(StatementEnded{step, {}}); }
  Words fail(ErrorClass error, const std::string& message, StepIndex step = 0) {
    return tell(StatementEnded{step, {error, "", message}});
  }
  Words answer(bool holds, StepIndex step = 0) { return tell(CheckAnswered{step, holds}); }
  Words rolled_out(StepIndex step = 0) { return tell(RolloutEnded{step}); }
  /// The timer set last fires after its time.
  Words ring() {
    now_ = now_ + timer_.delay;
    return tell(TimerFired{timer_.step, timer_.timer});
  }
  Words tell(const Event& event) {
    Commands commands;
    conductor_->on(event, now_, commands);
    Words words;
    for (const Command& command : commands) {
      if (const auto* timer = std::get_if<SetTimer>(&command)) timer_ = *timer;
      words.push_back(std::visit(Teller{}, command));
    }
    return words;
  }

  PlanConductor& conductor() { return *conductor_; }
  const SetTimer& last_timer() const { return timer_; }

 private:
  Plan plan_;
  std::unique_ptr<PlanConductor> conductor_;
  SetTimer timer_{};
  Instant now_{};
};

inline Step step_of(const std::string& id, Action action, std::vector<std::size_t> after = {}) {
  Step step;
  step.id = id;
  step.after = std::move(after);
  step.action = std::move(action);
  return step;
}

inline Plan plan_of(std::vector<Step> steps) {
  Plan plan;
  plan.steps = std::move(steps);
  return plan;
}

}  // namespace midflight::conduct
