#include "backends/fleet.h"

#include <algorithm>
#include <set>

#include "sim/kernel/error.h"

namespace midflight::backends {

ReplayFleet::ReplayFleet(const RunContext& context, std::function<void(std::size_t)> rollout_ended)
    : context_(context), rollout_ended_(std::move(rollout_ended)), told_(context.application.versions().size()) {}

Clock::time_point ReplayFleet::after(Duration delay) const { return Clock::now() + std::chrono::nanoseconds(delay.ns); }

void ReplayFleet::begin() {
  for (int i = 0; i < context_.scenario.app.instances; ++i) {
    members_.push_back({});
    serve(static_cast<std::uint32_t>(i));
  }
  changed();
}

void ReplayFleet::serve(std::uint32_t id) {
  members_[id].state = Member::State::Serving;
  context_.load.serve(id, members_[id].version);
}

void ReplayFleet::begin_rollout(std::size_t step) {
  const auto& deploy = std::get<DeployStep>(context_.step(step).action);
  const bool stops = deploy.version.empty();
  Rolling rolling;
  rolling.step = step;
  rolling.rollout = deploy.rollout ? &*deploy.rollout : &context_.scenario.app.rollout;
  rolling.version = stops ? 0 : static_cast<std::uint32_t>(context_.application.version_index(deploy.version));
  std::vector<conduct::InstanceId> serving;
  for (std::uint32_t id = 0; id < members_.size(); ++id) {
    if (members_[id].state == Member::State::Serving) serving.push_back(id);
  }
  rolling.conductor = std::make_unique<conduct::RolloutConductor>(
      *rolling.rollout, serving, stops ? 0 : context_.scenario.app.instances, static_cast<conduct::InstanceId>(members_.size()));
  if (!stops) ++deployments_;
  rollouts_.push_back(std::move(rolling));
  conduct::FleetCommands commands;
  rollouts_.back().conductor->begin(commands);
  carry_out(rollouts_.size() - 1, commands);
}

void ReplayFleet::on(std::size_t rollout, const conduct::FleetEvent& event) {
  conduct::FleetCommands commands;
  rollouts_[rollout].conductor->on(event, commands);
  carry_out(rollout, commands);
}

void ReplayFleet::carry_out(std::size_t rollout, const conduct::FleetCommands& commands) {
  for (const conduct::FleetCommand& command : commands) {
    if (const auto* start = std::get_if<conduct::StartInstance>(&command)) {
      start_instance(rollout, start->instance);
    } else if (const auto* stop = std::get_if<conduct::StopInstance>(&command)) {
      stop_instance(rollout, stop->instance);
    } else if (std::holds_alternative<conduct::SwitchTraffic>(command)) {
      switch_traffic(rollout);
    } else if (const auto* hold = std::get_if<conduct::HoldStage>(&command)) {
      context_.loop.at(after(hold->hold), [this, rollout] { on(rollout, conduct::StageOver{}); });
    } else {
      const std::size_t step = rollouts_[rollout].step;
      context_.loop.post([this, step] { rollout_ended_(step); });
    }
  }
}

void ReplayFleet::start_instance(std::size_t rollout, std::uint32_t id) {
  Rolling& r = rollouts_[rollout];
  MIDFLIGHT_CHECK(id == members_.size());
  Member member;
  member.version = r.version;
  member.rollout = rollout;
  members_.push_back(member);
  const Duration startup = context_.environment.startup(*r.rollout, context_.step(r.step).id, r.started++);
  context_.loop.at(after(startup), [this, id] { ready(id); });
}

void ReplayFleet::ready(std::uint32_t id) {
  const std::size_t rollout = members_[id].rollout;
  if (rollouts_[rollout].rollout->kind == RolloutKind::BlueGreen) {
    members_[id].state = Member::State::Ready;
  } else {
    serve(id);
    changed();
  }
  on(rollout, conduct::InstanceReady{id});
}

void ReplayFleet::switch_traffic(std::size_t rollout) {
  for (std::uint32_t id = 0; id < members_.size(); ++id) {
    if (members_[id].rollout == rollout && members_[id].state == Member::State::Ready) serve(id);
  }
  changed();
}

void ReplayFleet::stop_instance(std::size_t rollout, std::uint32_t id) {
  Rolling& r = rollouts_[rollout];
  members_[id].state = Member::State::Draining;
  members_[id].rollout = rollout;
  const Duration drain = context_.environment.drain(*r.rollout, context_.step(r.step).id, r.stopped++);
  context_.loop.at(after(drain), [this, id] {
    members_[id].drain_over = true;
    check_gone(id);
  });
  context_.load.retire(id, [this, id] {
    context_.loop.post([this, id] {
      members_[id].idle = true;
      check_gone(id);
    });
  });
  changed();
}

void ReplayFleet::check_gone(std::uint32_t id) {
  Member& member = members_[id];
  if (!member.drain_over || !member.idle || member.state == Member::State::Gone) return;
  member.state = Member::State::Gone;
  on(member.rollout, conduct::InstanceGone{id});
}

std::vector<std::uint32_t> ReplayFleet::serving_versions() const {
  std::set<std::uint32_t> versions;
  for (const Member& member : members_) {
    if (member.state == Member::State::Serving) versions.insert(member.version);
  }
  return {versions.begin(), versions.end()};
}

void ReplayFleet::changed() {
  const Instant now = context_.clock.now();
  const bool overlapping = serving_versions().size() > 1;
  const bool before = overlap_from_ < Instant::never();
  if (overlapping && !before) overlap_from_ = now;
  if (!overlapping && before) {
    overlap_ += now - overlap_from_;
    overlap_from_ = Instant::never();
  }
  tell();
}

void ReplayFleet::tell() {
  const Instant now = context_.clock.now();
  std::vector<std::size_t> serving(told_.size(), 0);
  std::size_t all = 0;
  for (const Member& member : members_) {
    if (member.state == Member::State::Serving) ++serving[member.version], ++all;
  }
  for (std::size_t v = 0; v < told_.size(); ++v) {
    const std::string what = serving[v] > 0 ? std::to_string(serving[v]) + " of " + std::to_string(all) : std::string();
    if (what == told_[v].second) continue;
    if (!told_[v].second.empty()) {
      context_.story.tell(told_[v].first, now, "version " + context_.application.versions()[v], told_[v].second);
    }
    told_[v] = {now, what};
  }
}

void ReplayFleet::close() {
  const Instant now = context_.clock.now();
  if (overlap_from_ < Instant::never()) overlap_ += now - overlap_from_;
  overlap_from_ = Instant::never();
  for (std::size_t v = 0; v < told_.size(); ++v) {
    if (told_[v].second.empty()) continue;
    context_.story.tell(told_[v].first, now, "version " + context_.application.versions()[v], told_[v].second);
  }
}

}  // namespace midflight::backends
