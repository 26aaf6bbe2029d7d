#include "sim/conduct/steps.h"

namespace midflight::conduct {
namespace {

class WaitMachine final : public PlanConductor::StepMachine {
 public:
  using StepMachine::on;
  WaitMachine(StepIndex index, const Step& step, const WaitStep& wait) : StepMachine(index, step), wait_(wait) {}

  void begin(Instant, Commands& out) override {
    if (wait_.length <= Duration{}) return finish();
    set_timer(wait_.length, out);
  }
  void on(const TimerFired& fired, Instant, Commands&) override {
    if (is_current(fired)) finish();
  }

 private:
  const WaitStep& wait_;
};

}  // namespace

Machine make_machine(StepIndex index, const Step& step, const WaitStep& wait, const RowCount&) {
  return std::make_unique<WaitMachine>(index, step, wait);
}

}  // namespace midflight::conduct
