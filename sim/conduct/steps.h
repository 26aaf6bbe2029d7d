#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sim/conduct/plan_conductor.h"
#include "sim/model/outcome.h"
#include "sim/model/plan.h"

namespace midflight::conduct {

/// One running step of a plan: told what happened, it says what to do next.
/// Each kind is one file.
///
/// Owns: nothing; the step must outlive its machine.
class PlanConductor::StepMachine {
 public:
  virtual ~StepMachine() = default;

  virtual void begin(Instant now, Commands& out) = 0;
  virtual void on(const StatementEnded&, Instant, Commands&) {}
  virtual void on(const TimerFired&, Instant, Commands&) {}
  virtual void on(const RolloutEnded&, Instant, Commands&) {}
  virtual void on(const CheckAnswered&, Instant, Commands&) {}

  virtual std::int64_t batches() const { return 0; }
  virtual std::int64_t batches_done() const { return 0; }
  virtual bool between_batches() const { return false; }
  virtual void skip_batches(std::int64_t count);

  bool done() const { return done_; }
  /// Why the step cannot go on, as a sentence; empty while it can.
  const std::string& why_stopped() const { return why_stopped_; }

 protected:
  StepMachine(StepIndex index, const Step& step) : index_(index), step_(step) {}

  StepIndex index() const { return index_; }
  void finish() { done_ = true; }
  /// "step NAME WHAT".
  void stop(const std::string& what);
  void set_timer(Duration delay, Commands& out) { out.push_back(SetTimer{index_, ++timer_, delay}); }
  /// False for a timer that another one has replaced.
  bool is_current(const TimerFired& fired) const { return fired.timer == timer_; }

 private:
  StepIndex index_;
  const Step& step_;
  std::uint64_t timer_ = 0;
  bool done_ = false;
  std::string why_stopped_;
};

/// Counts the tries of something that may fail on a lock.
class Attempts {
 public:
  explicit Attempts(const Retry& retry) : retry_(retry) {}

  int current() const { return attempt_; }
  /// True if the policy allows another try after this error.
  bool may_repeat(const ErrorKind& error) const;
  /// Counts the next try.  Returns: the pause before it.
  Duration next() { return retry_.pause_before(++attempt_); }
  void reset() { attempt_ = 1; }
  /// "gave up after 10 tries: MESSAGE", or "failed: MESSAGE" where no retry helps.
  std::string sentence(const ErrorKind& error) const;

 private:
  const Retry& retry_;
  int attempt_ = 1;
};

using Machine = std::unique_ptr<PlanConductor::StepMachine>;
Machine make_machine(StepIndex index, const Step& step, const SqlStep& sql, const RowCount& rows);
Machine make_machine(StepIndex index, const Step& step, const DeployStep& deploy, const RowCount& rows);
Machine make_machine(StepIndex index, const Step& step, const BackfillStep& backfill, const RowCount& rows);
Machine make_machine(StepIndex index, const Step& step, const WaitStep& wait, const RowCount& rows);
Machine make_machine(StepIndex index, const Step& step, const CheckStep& check, const RowCount& rows);

}  // namespace midflight::conduct
