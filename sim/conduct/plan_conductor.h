#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "sim/conduct/commands.h"
#include "sim/model/plan.h"

namespace midflight::conduct {

using RowCount = std::function<std::int64_t(StepIndex)>;

/// Carries a plan out: starts every step when the steps before it are done,
/// repeats what failed on a lock, and stops at the first step that cannot go on.
/// Deployments that the plan leaves side by side take turns: there is one fleet.
///
/// Pure: no clock, thread, dice or database.  The plan must outlive it.
class PlanConductor {
 public:
  /// `rows(s)` is asked when backfill step s begins: how many rows it goes over.
  PlanConductor(const Plan& plan, const RowCount& rows);
  /// The same with counts known beforehand, one per step.
  PlanConductor(const Plan& plan, std::vector<std::int64_t> rows)
      : PlanConductor(plan, RowCount([counts = std::move(rows)](StepIndex step) { return counts.at(step); })) {}
  ~PlanConductor();
  PlanConductor(PlanConductor&&) noexcept;

  /// Appends what is to be done now.  Events of steps that have ended are ignored.
  /// A plan that stops ends with PlanEnded alone: no StepEnded for the step
  /// that could not go on, nor for those that were running beside it.
  void on(const Event& event, Instant now, Commands& out);

  bool ended() const { return ended_; }
  /// Batches of a running backfill that have been committed, and in all.
  std::int64_t batches_done(StepIndex step) const;
  std::int64_t batches(StepIndex step) const;
  /// True while a backfill pauses between two batches.
  bool between_batches(StepIndex step) const;
  /// Marks `count` further batches as committed without asking for them; the
  /// caller did their work at once.  Requires: the step waits between batches
  /// and at least one batch stays.
  void skip_batches(StepIndex step, std::int64_t count);

  class StepMachine;  ///< one kind of step; see steps.h

 private:
  template <typename StepEvent>
  void tell(const StepEvent& event, Instant now, Commands& out);
  void tell(const Begin&, Instant now, Commands& out);
  /// Records whether the step is done or stopped.  Returns: true if it is done.
  bool settle(StepIndex step, Commands& out);
  bool is_ready(StepIndex step) const;
  void start_ready_steps(Instant now, Commands& out);
  /// Holds back the rollouts asked for since `first` while another one runs.
  void take_turns(std::size_t first, Commands& out);

  const Plan& plan_;
  std::vector<std::unique_ptr<StepMachine>> machines_;
  std::vector<std::uint8_t> state_;  ///< 0 waiting, 1 running, 2 done
  std::deque<StepIndex> rollouts_;   ///< the one that runs, then those that wait
  bool ended_ = false;
};

}  // namespace midflight::conduct
