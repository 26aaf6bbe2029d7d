#include "sim/conduct/plan_conductor.h"

#include <algorithm>
#include <utility>

#include "sim/conduct/steps.h"
#include "sim/graph/order.h"
#include "sim/kernel/error.h"

namespace midflight::conduct {
namespace {

constexpr std::uint8_t kWaiting = 0, kRunning = 1, kDone = 2;

bool can_be_ordered(const Plan& plan) {
  graph::Edges edges(plan.steps.size());
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    for (const std::size_t earlier : plan.steps[step].after) {
      if (earlier >= plan.steps.size()) return false;
      edges[earlier].push_back(step);
    }
  }
  return graph::topological_order(edges).size() == plan.steps.size();
}

}  // namespace

PlanConductor::PlanConductor(const Plan& plan, const RowCount& rows)
    : plan_(plan), state_(plan.steps.size(), kWaiting) {
  MIDFLIGHT_CHECK(can_be_ordered(plan));
  for (StepIndex index = 0; index < plan.steps.size(); ++index) {
    const Step& step = plan.steps[index];
    machines_.push_back(
        std::visit([&](const auto& action) { return make_machine(index, step, action, rows); }, step.action));
  }
}

PlanConductor::~PlanConductor() = default;
PlanConductor::PlanConductor(PlanConductor&&) noexcept = default;

void PlanConductor::on(const Event& event, Instant now, Commands& out) {
  if (ended_) return;
  const std::size_t first = out.size();
  std::visit([&](const auto& what) { tell(what, now, out); }, event);
  take_turns(first, out);
}

template <typename StepEvent>
void PlanConductor::tell(const StepEvent& event, Instant now, Commands& out) {
  MIDFLIGHT_CHECK(event.step < machines_.size());
  if (state_[event.step] != kRunning) return;
  machines_[event.step]->on(event, now, out);
  if (settle(event.step, out)) start_ready_steps(now, out);
}

void PlanConductor::tell(const Begin&, Instant now, Commands& out) { start_ready_steps(now, out); }

void PlanConductor::take_turns(std::size_t first, Commands& out) {
  Commands asked(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
  out.resize(first);
  const bool over = !rollouts_.empty() && state_[rollouts_.front()] == kDone;
  if (over) rollouts_.pop_front();
  const bool next = over && !rollouts_.empty() && !ended_;
  for (Command& command : asked) {
    const auto* rollout = std::get_if<BeginRollout>(&command);
    const bool waits = rollout != nullptr && !rollouts_.empty();
    if (rollout != nullptr) rollouts_.push_back(rollout->step);
    if (!waits) out.push_back(std::move(command));
  }
  if (next) out.push_back(BeginRollout{rollouts_.front()});
}

bool PlanConductor::settle(StepIndex step, Commands& out) {
  const StepMachine& machine = *machines_[step];
  if (!machine.why_stopped().empty()) {
    ended_ = true;
    out.push_back(PlanEnded{machine.why_stopped()});
    return false;
  }
  if (!machine.done()) return false;
  state_[step] = kDone;
  out.push_back(StepEnded{step});
  return true;
}

bool PlanConductor::is_ready(StepIndex step) const {
  const auto& after = plan_.steps[step].after;
  return state_[step] == kWaiting &&
         std::all_of(after.begin(), after.end(), [&](StepIndex earlier) { return state_[earlier] == kDone; });
}

void PlanConductor::start_ready_steps(Instant now, Commands& out) {
  // A step that is done as soon as it begins may make any other one ready.
  for (bool again = true; again && !ended_;) {
    again = false;
    for (StepIndex step = 0; step < machines_.size() && !ended_; ++step) {
      if (!is_ready(step)) continue;
      state_[step] = kRunning;
      out.push_back(StepBegan{step});
      machines_[step]->begin(now, out);
      again = settle(step, out) || again;
    }
  }
  const bool all_done = std::all_of(state_.begin(), state_.end(), [](std::uint8_t s) { return s == kDone; });
  if (ended_ || !all_done) return;
  ended_ = true;
  out.push_back(PlanEnded{});
}

std::int64_t PlanConductor::batches_done(StepIndex step) const { return machines_.at(step)->batches_done(); }
std::int64_t PlanConductor::batches(StepIndex step) const { return machines_.at(step)->batches(); }
bool PlanConductor::between_batches(StepIndex step) const {
  return state_[step] == kRunning && machines_.at(step)->between_batches();
}
void PlanConductor::skip_batches(StepIndex step, std::int64_t count) { machines_.at(step)->skip_batches(count); }

}  // namespace midflight::conduct
