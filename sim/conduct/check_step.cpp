#include <algorithm>

#include "sim/conduct/steps.h"
#include "sim/kernel/distribution.h"

namespace midflight::conduct {
namespace {

/// Asks once; or, with `every` or `timeout`, again and again until the answer
/// is yes, the last time when the timeout is over.
class CheckMachine final : public PlanConductor::StepMachine {
 public:
  using StepMachine::on;
  CheckMachine(StepIndex index, const Step& step, const CheckStep& check)
      : StepMachine(index, step), check_(check) {}

  void begin(Instant now, Commands& out) override {
    if (check_.timeout) deadline_ = now + *check_.timeout;
    out.push_back(AskCheck{index()});
  }

  void on(const CheckAnswered& answered, Instant now, Commands& out) override {
    if (answered.holds) return finish();
    if (!check_.every && !check_.timeout) return stop("failed: its condition does not hold");
    if (now >= deadline_) {
      return stop("failed: its condition did not hold within " + duration_text(*check_.timeout));
    }
    set_timer(std::min(check_.every.value_or(kDefaultEvery), deadline_ - now), out);
  }

  void on(const TimerFired& fired, Instant, Commands& out) override {
    if (is_current(fired)) out.push_back(AskCheck{index()});
  }

 private:
  static constexpr Duration kDefaultEvery = Duration::seconds(1);

  const CheckStep& check_;
  Instant deadline_ = Instant::never();
};

}  // namespace

Machine make_machine(StepIndex index, const Step& step, const CheckStep& check, const RowCount&) {
  return std::make_unique<CheckMachine>(index, step, check);
}

}  // namespace midflight::conduct
