#include "sim/run/world.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/kernel/error.h"

// Rollouts and background jobs.

namespace midflight {

void World::begin_rollout(std::size_t step) {
  const auto& deploy = std::get<DeployStep>(step_at(step).action);
  const bool stops = deploy.version.empty();
  RolloutRun run;
  run.step = step;
  run.rollout = deploy.rollout ? &*deploy.rollout : &scenario_.app.rollout;
  run.version = stops ? program_.no_version() : program_.version_index(deploy.version);
  run.conductor = std::make_unique<conduct::RolloutConductor>(
      *run.rollout, fleet_.serving(), stops ? 0 : scenario_.app.instances,
      static_cast<conduct::InstanceId>(fleet_.size()));
  if (!stops) {
    recorder_.deployed();
    last_version_ = run.version;
  }
  rollouts_.push_back(std::move(run));
  conduct::FleetCommands commands;
  rollouts_.back().conductor->begin(commands);
  carry_out(rollouts_.back(), commands);
}

void World::rollout_event(RolloutRun& run, const conduct::FleetEvent& event) {
  conduct::FleetCommands commands;
  run.conductor->on(event, commands);
  carry_out(run, commands);
}

void World::carry_out(RolloutRun& run, const conduct::FleetCommands& commands) {
  const std::string& step = step_at(run.step).id;
  for (const conduct::FleetCommand& command : commands) {
    if (const auto* start = std::get_if<conduct::StartInstance>(&command)) {
      const fleet::InstanceId id = fleet_.add(run.version);
      MIDFLIGHT_CHECK(id == start->instance);
      run.instances.push_back(id);
      schedule(now_ + environment_.startup(*run.rollout, step, run.started++), Kind::InstanceReady, id);
    } else if (const auto* stop = std::get_if<conduct::StopInstance>(&command)) {
      fleet_.drain(stop->instance);
      run.instances.push_back(stop->instance);
      schedule(now_ + environment_.drain(*run.rollout, step, run.stopped++), Kind::DrainOver, stop->instance);
      fleet_changed();
    } else if (std::holds_alternative<conduct::SwitchTraffic>(command)) {
      for (fleet::InstanceId id = 0; id < fleet_.size(); ++id) {
        if (fleet_[id].state == fleet::Instance::State::Ready) fleet_.serve(id);
      }
      fleet_changed();
    } else if (const auto* hold = std::get_if<conduct::HoldStage>(&command)) {
      schedule(now_ + hold->hold, Kind::StageOver, static_cast<std::uint32_t>(&run - rollouts_.data()));
    } else if (std::holds_alternative<conduct::RolloutDone>(command)) {
      conduct_events_.push_back(conduct::RolloutEnded{run.step});
    }
  }
}

void World::instance_ready(std::uint32_t instance) {
  for (RolloutRun& run : rollouts_) {
    if (std::find(run.instances.begin(), run.instances.end(), instance) == run.instances.end()) continue;
    if (run.rollout->kind == RolloutKind::BlueGreen) {
      fleet_.ready(instance);
    } else {
      fleet_.serve(instance);
      fleet_changed();
    }
    return rollout_event(run, conduct::InstanceReady{instance});
  }
}

void World::drain_over(std::uint32_t instance) {
  fleet_[instance].drain_over = true;
  if (fleet_[instance].busy == 0) instance_done(instance);
}

void World::instance_done(std::uint32_t instance) {
  if (fleet_[instance].state == fleet::Instance::State::Gone) return;
  fleet_.gone(instance);
  connections_ -= fleet_[instance].pool.open();
  for (RolloutRun& run : rollouts_) {
    const bool mine = !run.conductor->done() &&
                      std::find(run.instances.begin(), run.instances.end(), instance) != run.instances.end();
    if (mine) return rollout_event(run, conduct::InstanceGone{instance});
  }
}

void World::fleet_changed() {
  const bool overlapping = fleet_.versions_serving() > 1;
  const bool before = overlap_from_ < Instant::never();
  if (overlapping && !before) overlap_from_ = now_;
  if (!overlapping && before) {
    recorder_.overlap(now_ - overlap_from_);
    overlap_from_ = Instant::never();
  }
  refresh_reads();
  tell_fleet();
}

void World::tell_fleet() {
  if (!telling()) return;
  version_told_.resize(program_.versions.size());
  for (std::uint32_t v = 0; v + 1 < program_.versions.size(); ++v) {
    const int n = fleet_.serving_of(v);
    std::string what = n > 0 ? fmt::format("{} of {}", n, fleet_.serving().size()) : std::string();
    auto& [since, told] = version_told_[v];
    if (what == told) continue;
    if (!told.empty()) tell(since, now_, "version " + program_.versions[v], told);
    since = now_;
    told = std::move(what);
  }
}

/// Who still serves when the run ends.
void World::tell_last_fleet() {
  for (std::uint32_t v = 0; v < version_told_.size(); ++v) {
    const auto& [since, told] = version_told_[v];
    if (!told.empty()) tell(since, std::max(plan_end_, since), "version " + program_.versions[v], told);
  }
}

void World::start_background(std::uint32_t job, std::uint64_t k) {
  const BackgroundJob& spec = scenario_.background[job];
  if (plan_end_ == Instant::never() || !drained() || now_ < plan_end_ + lead_out_) {
    schedule(environment_.background_start(spec, k + 1), Kind::BackgroundStarts, job, k + 1);
  }
  const auto statement = static_cast<std::uint32_t>(program_.first_background + job);
  if (epoch_->plan(statement).failure != nullptr) {
    tell(now_, now_, "background " + spec.name, "failed: " + epoch_->plan(statement).failure->message);
    return;
  }
  const std::uint32_t id = sessions_.add(SessionKind::Background);
  locks_.add_session(id);
  Session& s = sessions_[id];
  s.owner = job;
  s.arrival = now_;
  s.bits = k;
  s.state = SessionState::LockWait;
  background_granted(id);
}

void World::background_granted(std::uint32_t id) {
  Session& s = sessions_[id];
  const auto statement = static_cast<std::uint32_t>(program_.first_background + s.owner);
  const StatementPlan& plan = epoch_->plan(statement);
  if (sqlite_) {
    const bool got = plan.asks.empty() || (plan.writes ? sqlite_locks_.write(id) : sqlite_locks_.read(id));
    if (!got) return poll_later(id, SessionState::Polling);
    stop_polling(s);
    s.reads = plan.writes || plan.asks.empty() ? 0 : 1;
    s.wrote = plan.writes;
  } else {
    for (s.ask = 0; s.ask < plan.asks.size(); ++s.ask) {
      const StatementPlan::Ask ask = plan.asks[s.ask];
      if (locks_.holds(id, ask.relation, ask.mode)) continue;
      const locks::Ask answer = locks_.ask(id, ask.relation, ask.mode, now_);
      if (answer != locks::Ask::Granted) return not_granted(id, ask.relation, ask.mode, answer);
    }
  }
  if (plan.failure != nullptr) return background_over(id);
  const Duration length = environment_.background_length(scenario_.background[s.owner], s.bits);
  if (plan.row_writer && !sqlite_) {
    if (!claims_.empty() && wait_for_row(id, plan)) return;
    claim_job_rows(id, plan, length);
  }
  s.state = SessionState::Running;
  s.ticket = 0;
  schedule(now_ + length, Kind::BackgroundEnds, id, ++s.stamp);
}

void World::background_over(std::uint32_t id) {
  Session& s = sessions_[id];
  tell(s.arrival, now_, "background " + scenario_.background[s.owner].name, program_.statements[program_.first_background + s.owner]->sql);
  if (!sqlite_ && locks_.waiting(id)) locks_.cancel(id);
  claims_.drop(id);
  const Session job = s;
  end_transaction(id);
  sessions_.remove(id);
  if (telling()) tell_job_over(job, scenario_.background[job.owner].name);
}

}  // namespace midflight
