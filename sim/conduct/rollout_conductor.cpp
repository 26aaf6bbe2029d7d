#include "sim/conduct/rollout_conductor.h"

#include <algorithm>
#include <utility>

#include "sim/kernel/error.h"

namespace midflight::conduct {

RolloutConductor::RolloutConductor(const Rollout& rollout, std::vector<InstanceId> old, int wanted, InstanceId next_id)
    : rollout_(rollout),
      old_(std::move(old)),
      wanted_(wanted),
      surge_(rollout.max_surge.of(wanted, true)),
      unavailable_(std::min(rollout.max_unavailable.of(wanted, false), wanted)),
      next_id_(next_id) {
  MIDFLIGHT_CHECK(wanted >= 0);
  if (surge_ == 0 && unavailable_ == 0) surge_ = 1;
}

void RolloutConductor::begin(FleetCommands& out) {
  // Recreate stops everything once, at the beginning.
  if (rollout_.kind == RolloutKind::Recreate) stop(serving_old(), out);
  if (rollout_.kind == RolloutKind::BlueGreen) start(wanted_, out);
  advance(out);
}

void RolloutConductor::on(const FleetEvent& event, FleetCommands& out) {
  if (done_) return;
  if (std::holds_alternative<InstanceReady>(event)) {
    MIDFLIGHT_CHECK(starting_ > 0);
    --starting_;
    ++ready_;
  } else if (std::holds_alternative<InstanceGone>(event)) {
    MIDFLIGHT_CHECK(draining_ > 0);
    --draining_;
  } else {
    MIDFLIGHT_CHECK(holding_);
    holding_ = false;
    ++stage_;
  }
  advance(out);
}

void RolloutConductor::advance(FleetCommands& out) {
  switch (rollout_.kind) {
    case RolloutKind::Recreate: advance_recreate(out); break;
    case RolloutKind::Rolling: roll_towards(wanted_, out); break;
    case RolloutKind::BlueGreen: advance_blue_green(out); break;
    case RolloutKind::Canary: advance_canary(out); break;
  }
  if (!old_.empty() || draining_ > 0 || starting_ > 0 || ready_ < wanted_) return;
  done_ = true;
  out.push_back(RolloutDone{});
}

void RolloutConductor::advance_recreate(FleetCommands& out) {
  if (draining_ == 0 && starting_ + ready_ == 0) start(wanted_, out);
}

void RolloutConductor::advance_blue_green(FleetCommands& out) {
  if (switched_ || ready_ < wanted_) return;
  switched_ = true;
  out.push_back(SwitchTraffic{});
  stop(serving_old(), out);
}

void RolloutConductor::advance_canary(FleetCommands& out) {
  while (!holding_ && roll_towards(stage_target(), out) && stage_target() < wanted_) {
    const Duration hold = rollout_.stages[stage_].hold;
    holding_ = hold > Duration{};
    if (holding_) {
      out.push_back(HoldStage{hold});
    } else {
      ++stage_;
    }
  }
}

int RolloutConductor::stage_target() const {
  if (stage_ >= rollout_.stages.size()) return wanted_;
  int target = 0;  // a stage below an earlier one would roll back: it stays
  for (std::size_t i = 0; i <= stage_; ++i) target = std::max(target, rollout_.stages[i].share.of(wanted_, true));
  return std::min(target, wanted_);
}

bool RolloutConductor::roll_towards(int target, FleetCommands& out) {
  const int old_target = wanted_ - target;
  for (bool again = true; again;) {
    const int total = serving_old() + starting_ + ready_;
    const int to_start = std::min(target - starting_ - ready_, wanted_ + surge_ - total);
    start(to_start, out);
    const int spare = serving_old() + ready_ - (wanted_ - unavailable_);
    const int to_stop = std::min(serving_old() - old_target, spare);
    stop(to_stop, out);
    again = to_stop > 0;  // what stopped makes room for the next to start
  }
  return ready_ == target && serving_old() <= old_target;
}

void RolloutConductor::start(int count, FleetCommands& out) {
  for (int i = 0; i < count; ++i) out.push_back(StartInstance{next_id_++});
  starting_ += std::max(count, 0);
}

void RolloutConductor::stop(int count, FleetCommands& out) {
  if (count <= 0) return;
  for (int i = 0; i < count; ++i) out.push_back(StopInstance{old_[static_cast<std::size_t>(i)]});
  old_.erase(old_.begin(), old_.begin() + count);
  draining_ += count;
}

}  // namespace midflight::conduct
