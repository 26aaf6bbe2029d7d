#include "sim/conduct/steps.h"

namespace midflight::conduct {
namespace {

/// Ends with its rollout, which a RolloutConductor leads.
class DeployMachine final : public PlanConductor::StepMachine {
 public:
  using StepMachine::on;
  DeployMachine(StepIndex index, const Step& step) : StepMachine(index, step) {}

  void begin(Instant, Commands& out) override { out.push_back(BeginRollout{index()}); }
  void on(const RolloutEnded&, Instant, Commands&) override { finish(); }
};

}  // namespace

Machine make_machine(StepIndex index, const Step& step, const DeployStep&, const RowCount&) {
  return std::make_unique<DeployMachine>(index, step);
}

}  // namespace midflight::conduct
