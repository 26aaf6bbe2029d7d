#include "sim/run/world.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/kernel/error.h"

namespace midflight {

namespace {

bool is_plan_event(int kind, int first_other) { return kind < first_other; }

}  // namespace

World::World(const Program& program, Epoch& root, const RunOptions& options, std::uint64_t run, bool tell_run)
    : program_(program),
      scenario_(program.scenario),
      epoch_(&root),
      exact_(options.exact),
      sqlite_(scenario_.database.dialect.engine == Engine::Sqlite),
      lead_out_(options.lead_out),
      stop_(options.stop),
      environment_(options.seed, run),
      now_(Instant{} - traffic::kLeadIn),
      service_(environment_.key("service")),
      quiet_random_(environment_.key("quiet")),
      rows_random_(environment_.key("rows")),
      processors_(scenario_.database.cores_unlimited ? 0 : scenario_.database.cores),
      sqlite_locks_(scenario_.database.journal),
      fleet_(program.versions.size(), scenario_.app.pool),
      recorder_(scenario_.objective, program.versions, program.endpoints, program.proposal.plan.steps.size()),
      conductor_(program.proposal.plan, conduct::RowCount([this](std::size_t step) { return backfill_rows(step); })),
      steps_(program.proposal.plan.steps.size()) {
  recorder_.tell(tell_run);
  recorder_.keep(options.requests);
  locks_.add_relation(static_cast<locks::RelationId>(root.relations()));
  for (std::size_t e = 0; e < program.endpoints.size(); ++e) {
    arrivals_.add({environment_.arrivals(program.endpoints[e]), program.arrival_rate[e]});
  }
  for (const TrackedPair& pair : program.pairs) {
    const Table* table = scenario_.schema.table(pair.table);
    rows_.emplace_back(table != nullptr ? table->rows : 0);
  }
  for (std::size_t p = 0; p < rows_.size(); ++p) {
    if (epoch_->has_new(p)) rows_[p].expand(true);
  }
  for (int i = 0; i < scenario_.app.instances; ++i) fleet_.serve(fleet_.add(0));
  if (scenario_.app.prepared) {
    prepared_.resize(fleet_.size());
    idle_connections_.resize(fleet_.size());
  }
  for (std::uint32_t job = 0; job < scenario_.background.size(); ++job) {
    schedule(environment_.background_start(scenario_.background[job], 0), Kind::BackgroundStarts, job, 0);
  }
  schedule(Instant{}, Kind::PlanBegins, 0);
  schedule(Instant{} + scenario_.time_limit, Kind::TimeLimit, 0);
}

Measurement World::run() {
  accounted_ = now_;
  tell_fleet();
  if (exact_ || !quiet_now()) {
    leave_quiet();
  } else {
    enter_quiet();
  }
  while (!finished_) quiet_ ? quiet_until_next() : simulate();
  final_data();
  tell_last_fleet();
  return recorder_.finish(plan_end_, why_incomplete_);
}

void World::schedule(Instant at, Kind kind, std::uint32_t who, std::uint64_t token) {
  if (at >= Instant::never()) return;
  const bool plan = is_plan_event(static_cast<int>(kind), static_cast<int>(Kind::BackgroundStarts)) ||
                    kind == Kind::RunEnds || kind == Kind::TimeLimit;
  (plan ? plan_events_ : other_events_).push(at, static_cast<std::int32_t>(kind), {kind, who, token});
  other_at_ = std::min(other_at_, at);
}

void World::refresh_other() {
  other_at_ = std::min(timeouts_at_, quiet_check_at_);
  if (!plan_events_.empty()) other_at_ = std::min(other_at_, plan_events_.top().time);
  if (!other_events_.empty()) other_at_ = std::min(other_at_, other_events_.top().time);
}

void World::simulate() {
  while (!finished_ && !quiet_) {
    const Instant arrival = arrivals_.at(), end = processors_.next();
    const Instant next = end <= arrival ? end : arrival;
    if (other_at_ <= next) {
      MIDFLIGHT_CHECK(other_at_ < Instant::never());
      now_ = std::max(now_, other_at_);
      handle_other();
    } else if (end <= arrival) {
      now_ = end;
      on_processor_end(processors_.end(now_));
    } else {
      now_ = arrival;
      on_arrival();
    }
    settle();
  }
}

void World::handle_other() {
  if (timeouts_at_ <= now_) {
    check_timeouts();
  } else if (job_comes_first()) {
    handle(other_events_.pop().payload);
  } else if (!plan_events_.empty() && plan_events_.top().time <= now_) {
    handle(plan_events_.pop().payload);
  } else if (!other_events_.empty() && other_events_.top().time <= now_) {
    handle(other_events_.pop().payload);
  } else if (quiet_check_at_ <= now_) {
    quiet_check_at_ = now_ + Duration::milliseconds(20);
    if (quiet_now()) enter_quiet();
  }
  refresh_other();
}

// Of a job and a step that begin at one moment the job was there before: nobody waits for its hour to type.
bool World::job_comes_first() const {
  if (other_events_.empty() || other_events_.top().payload.kind != Kind::BackgroundStarts) return false;
  const Instant at = other_events_.top().time;
  return at <= now_ && (plan_events_.empty() || at <= plan_events_.top().time);
}

void World::handle(const Control& c) {
  switch (c.kind) {
    case Kind::PlanBegins: conduct(conduct::Begin{}); break;
    case Kind::ConductTimer: conduct(conduct::TimerFired{c.who, c.token}); break;
    case Kind::InstanceReady: instance_ready(c.who); break;
    case Kind::DrainOver: drain_over(c.who); break;
    case Kind::StageOver: rollout_event(rollouts_[c.who], conduct::StageOver{}); break;
    case Kind::StepLockTimeout:
      if (const StepRun& run = steps_[c.who]; run.session != kNoSession && run.waiting &&
                                              wait_token(run.session) == c.token) {
        fail_step(c.who, {ErrorClass::LockTimeout, "55P03", "canceling statement due to lock timeout"});
      }
      break;
    case Kind::StepStatementTimeout:
      if (const StepRun& run = steps_[c.who]; run.session != kNoSession && run.next != nullptr &&
                                              run.statement == (c.token & 0xffff) &&
                                              static_cast<std::uint64_t>(run.attempt) == c.token >> 16) {
        fail_step(c.who, {ErrorClass::StatementTimeout, "57014", "canceling statement due to statement timeout"});
      }
      break;
    case Kind::CheckEnds:
      conduct(conduct::CheckAnswered{c.who, check_holds(std::get<CheckStep>(step_at(c.who).action))});
      break;
    case Kind::StepReturns: conduct_events_.push_back(conduct::StatementEnded{c.who, {}}); break;
    case Kind::BackgroundStarts: start_background(c.who, c.token); break;
    case Kind::BackgroundEnds:
      if (sessions_[c.who].stamp != c.token) break;
      if (!rows_.empty()) apply_job(c.who);
      background_over(c.who);
      break;
    case Kind::Wake:
      if (sessions_[c.who].stamp == c.token) on_wake(c.who);
      break;
    case Kind::RunEnds: end_run(); break;
    case Kind::TimeLimit:
      if (plan_end_ == Instant::never()) plan_ended(fmt::format("not done within limits.time of {}", duration_text(scenario_.time_limit)));
      break;
  }
}

void World::settle_all() {
  while (!locks_.granted().empty() || !to_begin_.empty() || !conduct_events_.empty()) {
    if (!locks_.granted().empty()) {
      // Each grant is taken up alone: it may fail at once and free others.
      const std::uint32_t id = locks_.granted().front();
      locks_.granted().erase(locks_.granted().begin());
      on_granted(id);
    } else if (!to_begin_.empty()) {
      const std::uint32_t id = to_begin_.back();
      to_begin_.pop_back();
      begin(id);
    } else {
      const conduct::Event event = conduct_events_.front();
      conduct_events_.pop_front();
      conduct(event);
    }
  }
}

void World::obey_stop() const {
  if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) throw Error(ErrorCode::Interrupted, "interrupted");
}

void World::check_timeouts() {
  obey_stop();
  if (telling()) tell_drained();
  const Application& app = scenario_.app;
  while (sessions_.oldest() != kNoSession && sessions_[sessions_.oldest()].arrival + app.request_timeout <= now_) {
    cancel_request(sessions_.oldest(), conduct::gave_up(scenario_.database.dialect.engine));
    settle();
  }
  while (!pool_waits_.empty() && (pool_waits_.front().due <= now_ ||
                                  sessions_[pool_waits_.front().id].stamp != pool_waits_.front().stamp)) {
    const Waiting w = pool_waits_.front();
    pool_waits_.pop_front();
    if (sessions_[w.id].stamp != w.stamp) continue;
    cancel_request(w.id, {ErrorClass::PoolTimeout, "", "no connection from the pool in time"});
    settle();
  }
  while (!deadlock_checks_.empty() && (deadlock_checks_.front().due <= now_ ||
                                       sessions_[deadlock_checks_.front().id].stamp != deadlock_checks_.front().stamp)) {
    const Waiting w = deadlock_checks_.front();
    deadlock_checks_.pop_front();
    if (sessions_[w.id].stamp != w.stamp || !locks_.waiting(w.id)) continue;
    if (locks_.check_deadlock(w.id) == locks::LockManager::Deadlock::Victim) deadlocked(w.id);
    settle();
  }
  close_slots();
  const std::uint32_t oldest = sessions_.oldest();
  // Nothing that begins to wait from now on can be due before the shortest of the limits.
  timeouts_at_ = now_ + std::min({app.request_timeout, app.pool_timeout, scenario_.database.deadlock_timeout,
                                  Duration::seconds(1)});
  if (oldest != kNoSession) timeouts_at_ = std::min(timeouts_at_, sessions_[oldest].arrival + app.request_timeout);
  if (!pool_waits_.empty()) timeouts_at_ = std::min(timeouts_at_, pool_waits_.front().due);
  if (!deadlock_checks_.empty()) timeouts_at_ = std::min(timeouts_at_, deadlock_checks_.front().due);
}

/// Slots are arrival time: those whose requests all have ended, and none after
/// the traffic, or the last state would go on for as long as the queue drains.
void World::close_slots() {
  const std::uint32_t oldest = sessions_.oldest();
  const Instant settled = oldest == kNoSession ? now_ : sessions_[oldest].arrival;
  recorder_.slots().close(metrics::slot_of(std::min(settled, traffic_end_)));
}

void World::plan_ended(const std::string& why) {
  if (plan_end_ != Instant::never()) return;
  plan_end_ = now_;
  why_incomplete_ = why;
  if (overlap_from_ < Instant::never()) recorder_.overlap(now_ - overlap_from_);
  overlap_from_ = Instant::never();
  // A plan that gives up leaves no transaction open.
  for (std::size_t step = 0; step < steps_.size(); ++step) {
    if (!why.empty() && steps_[step].session != kNoSession) fail_step(step, {ErrorClass::None, "", "the plan has ended"});
  }
  schedule(now_ + lead_out_, Kind::RunEnds, 0);
}

void World::end_run() {
  constexpr Duration kPatience = Duration::minutes(10);
  arrivals_.stop();
  traffic_end_ = std::min(traffic_end_, now_);
  if (quiet_) account(now_);
  if (more_comes_than_is_served()) recorder_.overloaded();
  if (fails_for_ever()) recorder_.endless();
  const bool hopeless = now_ - plan_end_ > lead_out_ + kPatience;
  if (drained() || hopeless) {
    if (!drained()) recorder_.overloaded();
    finished_ = true;
    close_slots();
    if (plan_end_ == Instant::never()) plan_end_ = now_;
    return;
  }
  quiet_check_at_ = Instant::never();
  schedule(now_ + Duration::milliseconds(100), Kind::RunEnds, 0);
}

void World::tell(Instant from, Instant until, std::string lane, std::string what) {
  if (telling()) recorder_.tell({from, until, std::move(lane), std::move(what)});
}

std::string World::session_name(std::uint32_t id) const {
  const Session& s = sessions_[id];
  switch (s.kind) {
    case SessionKind::Step: return "step " + step_at(s.owner).id;
    case SessionKind::Background: return scenario_.background[s.owner].name;
    case SessionKind::Request: return program_.versions[s.version] + " " + program_.endpoints[s.endpoint];
    case SessionKind::Free: break;
  }
  return "?";
}

std::string World::holders_text(locks::RelationId relation, LockMode mode, std::uint32_t self) const {
  std::vector<std::string> names;
  int requests = 0;
  for (const std::uint32_t id : locks_.holders(relation, mode, self)) {
    if (sessions_[id].kind == SessionKind::Request) ++requests;
    else names.push_back(session_name(id));
  }
  if (requests > 0) names.push_back(fmt::format("{} request{}", requests, requests == 1 ? "" : "s"));
  return names.empty() ? "the queue" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace midflight
