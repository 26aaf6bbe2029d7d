#include "sim/run/world.h"

#include <algorithm>

#include "sim/kernel/error.h"
#include "sim/traffic/bits.h"

// The life of one request: arrive, get a connection, take locks, meet the
// schema, run, commit; or fail on the way.

namespace midflight {

using traffic::choose;
using traffic::more_bits;

metrics::ErrorId World::error_id(ErrorClass error, const char* sqlstate, const char* message) {
  return recorder_.intern({error, sqlstate, message});
}

void World::on_arrival() {
  const std::uint32_t endpoint = arrivals_.stream();
  const std::uint64_t bits = arrivals_.bits();
  arrivals_.advance();
  const std::vector<fleet::InstanceId>& serving = fleet_.serving();
  if (serving.empty()) {
    const CompiledEndpoint& e = program_.table[last_version_][endpoint];
    if (!e.served || more_bits(bits, 0) > e.accept_below) return;
    recorder_.answered(program_.no_version(), endpoint, now_, now_,
                       error_id(ErrorClass::NoInstance, "", "no instance serves"));
    return;
  }
  const fleet::InstanceId instance = serving[choose(bits, serving.size())];
  const std::uint32_t version = fleet_[instance].version;
  const CompiledEndpoint& e = program_.table[version][endpoint];
  if (!e.served) return;
  if (e.accept_below != ~std::uint64_t{0}) [[unlikely]] {
    if (more_bits(bits, 0) > e.accept_below) return;
  }
  const std::uint32_t id = sessions_.add(SessionKind::Request);
  locks_.add_session(id);
  Session& s = sessions_[id];
  s.arrival = now_;
  s.bits = bits;
  s.owner = instance;
  s.version = static_cast<std::uint16_t>(version);
  s.endpoint = static_cast<std::uint16_t>(endpoint);
  s.runs = &e;
  sessions_.enter(id);
  if (now_ >= Instant{}) recorder_.entered(now_);
  connect(id);
}

void World::connect(std::uint32_t id) {
  Session& s = sessions_[id];
  fleet::Instance& instance = fleet_[s.owner];
  s.state = SessionState::Running;
  ++instance.busy;
  const conduct::Grant grant = instance.pool.try_acquire();
  if (!grant.granted) return enter_pool_queue(id);
  if (grant.fresh) [[unlikely]] {
    constexpr int kReserved = 3;
    if (!sqlite_ && connections_ >= scenario_.database.connections - kReserved) {
      instance.pool.discard();
      end_attempt(id, error_id(ErrorClass::Connections, "53300", "sorry, too many clients already"));
      return;
    }
    ++connections_;
  }
  s.connected = true;
  begin(id);
}

void World::enter_pool_queue(std::uint32_t id) {
  Session& s = sessions_[id];
  fleet::Instance& instance = fleet_[s.owner];
  s.state = SessionState::PoolWait;
  s.queue_prev = instance.wait_tail;
  s.queue_next = kNoSession;
  (instance.wait_tail == fleet::kNone ? instance.wait_head : sessions_[instance.wait_tail].queue_next) = id;
  instance.wait_tail = id;
  ++pool_waiting_;
  pool_waits_.push_back({id, s.stamp, now_ + scenario_.app.pool_timeout});
  if (telling()) tell_pool_waits();
}

void World::leave_pool_queue(std::uint32_t id) {
  Session& s = sessions_[id];
  fleet::Instance& instance = fleet_[s.owner];
  (s.queue_prev == kNoSession ? instance.wait_head : sessions_[s.queue_prev].queue_next) = s.queue_next;
  (s.queue_next == kNoSession ? instance.wait_tail : sessions_[s.queue_next].queue_prev) = s.queue_prev;
  ++s.stamp;
  --pool_waiting_;
}

void World::begin(std::uint32_t id) {
  Session& s = sessions_[id];
  if (scenario_.app.prepared) {
    if (s.owner >= idle_connections_.size()) idle_connections_.resize(s.owner + 1U), prepared_.resize(s.owner + 1U);
    std::vector<std::uint16_t>& idle = idle_connections_[s.owner];
    if (idle.empty()) {
      s.connection = static_cast<std::uint16_t>(prepared_[s.owner].size());
      prepared_[s.owner].emplace_back(program_.statements.size());
    } else {
      s.connection = idle.back();
      idle.pop_back();
    }
  }
  s.statement = 0;
  s.ask = 0;
  take_locks(id);
}

void World::take_locks(std::uint32_t id) {
  Session& s = sessions_[id];
  const StatementPlan& plan = epoch_->plan(statement_of(s));
  s.epoch = epoch_;
  if (sqlite_) {
    if (plan.asks.empty() || take_sqlite_lock(id, plan.writes)) resolve(id);
    return;
  }
  for (; s.ask < plan.asks.size(); ++s.ask) {
    const StatementPlan::Ask ask = plan.asks[s.ask];
    if (s.statement > 0 && locks_.holds(id, ask.relation, ask.mode)) continue;
    const locks::Ask answer = locks_.ask(id, ask.relation, ask.mode, now_);
    if (answer != locks::Ask::Granted) return not_granted(id, ask.relation, ask.mode, answer);
  }
  resolve(id);
}

bool World::take_sqlite_lock(std::uint32_t id, bool write) {
  Session& s = sessions_[id];
  const bool stale = scenario_.database.journal == Journal::Wal && write && s.reads > 0 && !s.wrote &&
                     s.snapshot != sqlite_locks_.commits();
  if (stale) {
    end_attempt(id, error_id(ErrorClass::LockTimeout, "", "database is locked"));
    return false;
  }
  if (s.reads == 0) {
    if (!sqlite_locks_.read(id)) return poll_later(id, SessionState::Polling), false;
    s.reads = 1;
    s.snapshot = sqlite_locks_.commits();
  }
  if (write && !sqlite_locks_.write(id)) {
    if (s.statement > 0) {
      // SQLite calls no busy handler for a transaction that has begun to read.
      end_attempt(id, error_id(ErrorClass::LockTimeout, "", "database is locked"));
      return false;
    }
    // SQLite drops SHARED before it sleeps, or two writers would starve each other.
    sqlite_locks_.release(id, s.reads, false);
    s.reads = 0;
    return poll_later(id, SessionState::Polling), false;
  }
  s.wrote |= write;
  stop_polling(s);
  return true;
}

void World::poll_later(std::uint32_t id, SessionState state) {
  Session& s = sessions_[id];
  const bool first = s.polls == 0;
  if (first && s.kind == SessionKind::Request) note_blocked(0, LockMode::AccessShareLock);
  if (poll_again(id, state, scenario_.database.busy_timeout)) {
    if (first && telling()) tell_joined(0, id);
    return;
  }
  if (s.kind == SessionKind::Background) return background_over(id);
  end_attempt(id, error_id(ErrorClass::LockTimeout, "", "database is locked"));
}

bool World::poll_again(std::uint32_t id, SessionState state, Duration limit) {
  Session& s = sessions_[id];
  const Duration delay = locks::SqliteLocks::delay(s.polls, s.polled, limit);
  if (delay == Duration{}) return false;
  s.state = state;
  if (s.polls == 0) ++polling_;
  if (s.polls < 1000) ++s.polls;
  s.polled += delay;
  schedule(now_ + delay, Kind::Wake, id, ++s.stamp);
  return true;
}

void World::stop_polling(Session& s) {
  if (s.polls > 0) --polling_;
  s.polls = 0;
  s.polled = {};
}

void World::not_granted(std::uint32_t id, locks::RelationId relation, LockMode mode, locks::Ask answer) {
  if (answer == locks::Ask::Deadlock) return deadlocked(id);
  Session& s = sessions_[id];
  s.state = SessionState::LockWait;
  deadlock_checks_.push_back({id, s.stamp, now_ + scenario_.database.deadlock_timeout});
  if (s.kind == SessionKind::Request) note_blocked(relation, mode);
  if (telling()) tell_joined(relation, id);
}

void World::deadlocked(std::uint32_t id) {
  const ErrorKind deadlock{ErrorClass::Deadlock, "40P01", "deadlock detected"};
  const Session& s = sessions_[id];
  if (s.kind == SessionKind::Background) return background_over(id);
  if (s.kind == SessionKind::Step) return fail_step(s.owner, deadlock);
  if (locks_.waiting(id)) locks_.cancel(id);
  end_attempt(id, recorder_.intern(deadlock));
}

void World::note_blocked(locks::RelationId relation, LockMode mode) {
  for (std::size_t step = 0; step < steps_.size(); ++step) {
    const StepRun& run = steps_[step];
    if (run.session == kNoSession) continue;
    const bool guilty = sqlite_ ? sqlite_locks_.writer() == run.session || sqlite_locks_.pending() == run.session
                                : locks_.obstructs(run.session, relation, mode);
    if (guilty) ++recorder_.step(step).blocked_requests;
  }
}

void World::resolve(std::uint32_t id) {
  Session& s = sessions_[id];
  const std::uint32_t statement = statement_of(s);
  const StatementPlan& plan = epoch_->plan(statement);
  if (plan.failure != nullptr) [[unlikely]] return end_attempt(id, recorder_.intern(*plan.failure));
  if (scenario_.app.prepared && stale_plan(id, statement)) {
    return end_attempt(id, error_id(ErrorClass::StalePlan, "0A000", "cached plan must not change result type"));
  }
  if (plan.row_writer && !claims_.empty() && wait_for_row(id, plan)) return;
  start_statement(id);
}

bool World::stale_plan(std::uint32_t id, std::uint32_t statement) {
  const Session& s = sessions_[id];
  const Epoch*& prepared = prepared_[s.owner][s.connection][statement];
  if (prepared == nullptr || prepared == epoch_) return prepared = epoch_, false;
  if (!epoch_->result_changed(program_, statement, *prepared)) return prepared = epoch_, false;
  if (scenario_.app.on_stale_plan == Application::OnStalePlan::Fail) return true;
  // The driver prepares again; inside a transaction that is too late for this one.
  prepared = epoch_;
  return endpoint_of(s).statements.size() > 1;
}

bool World::wait_for_row(std::uint32_t id, const StatementPlan& plan) {
  Session& s = sessions_[id];
  const std::int64_t rows = table_rows(plan.row_table);
  const auto row = static_cast<std::int64_t>(choose(more_bits(row_bits(s), 1), static_cast<std::size_t>(std::max<std::int64_t>(rows, 1))));
  const locks::SessionId holder = plan.by_key ? claims_.holder(plan.row_relation, row, now_)
                                              : claims_.any_holder(plan.row_relation);
  if (holder == locks::kNobody || holder == id) return false;
  s.state = SessionState::RowWait;
  deadlock_checks_.push_back({id, s.stamp, now_ + scenario_.database.deadlock_timeout});
  locks_.wait_for_session(id, holder, now_);
  if (telling()) tell_joined(kRowQueue | plan.row_relation, id);
  if (sessions_[holder].kind == SessionKind::Step) ++recorder_.step(sessions_[holder].owner).blocked_requests;
  return true;
}

void World::start_statement(std::uint32_t id) {
  Session& s = sessions_[id];
  const CompiledEndpoint& e = endpoint_of(s);
  Duration demand = e.time.sample(service_);
  if (e.statements.size() > 1) demand = demand / static_cast<std::int64_t>(e.statements.size());
  if (herd_) demand += Duration::from_seconds(program_.profile.herd_s);
  s.state = SessionState::Running;
  s.ticket = processors_.start(id, demand, now_);
}

void World::on_processor_end(Processors::End end) {
  if (end.ticket == 0) return;  // cancelled meanwhile
  Session& s = sessions_[end.job];
  if (herd_ && processors_.running() <= scenario_.database.cores) {
    herd_ = false;
  }
  if (s.kind == SessionKind::Request) {
    statement_done(end.job);
  } else if (s.kind == SessionKind::Step) {
    step_work_done(s.owner);
  }
}

void World::statement_done(std::uint32_t id) {
  Session& s = sessions_[id];
  const CompiledEndpoint& e = endpoint_of(s);
  if (s.statement + 1U == e.statements.size()) [[likely]] return commit(id);
  ++s.statement;
  s.ask = 0;
  const Duration think = e.think.sample(service_);
  if (think == Duration{}) return take_locks(id);
  s.state = SessionState::Thinking;
  schedule(now_ + think, Kind::Wake, id, ++s.stamp);
}

void World::commit(std::uint32_t id) {
  if (sqlite_) {
    Session& s = sessions_[id];
    if (s.wrote && !sqlite_locks_.commit(id, s.reads)) return poll_later(id, SessionState::PollingCommit);
  }
  end_attempt(id, metrics::kSuccess);
}

void World::on_wake(std::uint32_t id) {
  Session& s = sessions_[id];
  switch (s.state) {
    case SessionState::Thinking: return take_locks(id);
    case SessionState::Pausing: {
      const std::vector<fleet::InstanceId>& serving = fleet_.serving();
      if (serving.empty()) return end_attempt(id, error_id(ErrorClass::NoInstance, "", "no instance serves"));
      s.owner = serving[choose(more_bits(s.bits, 16U + s.tries), serving.size())];
      s.version = static_cast<std::uint16_t>(fleet_[s.owner].version);
      s.runs = &program_.table[s.version][s.endpoint];
      if (!endpoint_of(s).served) return end_attempt(id, error_id(ErrorClass::NoInstance, "", "no instance serves this"));
      return connect(id);
    }
    case SessionState::Polling:
    case SessionState::PollingCommit: {
      const bool committing = s.state == SessionState::PollingCommit;
      if (s.kind == SessionKind::Step) return step_granted(s.owner);
      if (s.kind == SessionKind::Background) return background_granted(id);
      if (committing) {
        if (!sqlite_locks_.commit(id, s.reads)) return poll_later(id, SessionState::PollingCommit);
        return end_attempt(id, metrics::kSuccess);
      }
      return take_locks(id);
    }
    default: return;
  }
}

void World::on_granted(std::uint32_t id) {
  Session& s = sessions_[id];
  ++s.stamp;
  if (s.kind == SessionKind::Step) return step_granted(s.owner);
  if (s.kind == SessionKind::Background) return background_granted(id);
  herd_ |= sessions_.requests() > 2 * scenario_.database.cores && !scenario_.database.cores_unlimited;
  // The schema may have changed while it waited: names are looked up again.
  if (s.epoch != epoch_) s.ask = 0;
  const StatementPlan& plan = epoch_->plan(statement_of(s));
  for (; s.ask < plan.asks.size(); ++s.ask) {
    const StatementPlan::Ask ask = plan.asks[s.ask];
    if (locks_.holds(id, ask.relation, ask.mode)) continue;
    const locks::Ask answer = locks_.ask(id, ask.relation, ask.mode, now_);
    if (answer != locks::Ask::Granted) {
      s.epoch = epoch_;
      return not_granted(id, ask.relation, ask.mode, answer);
    }
  }
  s.epoch = epoch_;
  resolve(id);
}

void World::cancel_request(std::uint32_t id, const ErrorKind& error) {
  Session& s = sessions_[id];
  if (telling()) tell_gave_up(id, error.message);
  if (error.error == ErrorClass::RequestTimeout) s.tries = 255;  // the client has given up: no further try
  switch (s.state) {
    case SessionState::PoolWait: leave_pool_queue(id); break;
    case SessionState::LockWait:
    case SessionState::RowWait: locks_.cancel(id); break;
    case SessionState::Running: processors_.cancel(s.ticket, now_); break;
    default: break;
  }
  end_attempt(id, recorder_.intern(error));
}

void World::end_transaction(std::uint32_t id) {
  Session& s = sessions_[id];
  if (sqlite_) {
    stop_polling(s);
    sqlite_locks_.release(id, s.reads, s.wrote);
    s.reads = 0;
    s.wrote = false;
  } else {
    locks_.release(id);
  }
  ++s.transaction;
}

void World::end_attempt(std::uint32_t id, metrics::ErrorId error) {
  if (error == metrics::kSuccess && !rows_.empty()) apply_commit(id);
  end_transaction(id);
  give_back_connection(id);
  Session& s = sessions_[id];
  const bool may_retry = error != metrics::kSuccess && s.tries != 255;
  if (const auto pause = may_retry ? conduct::pause_after(scenario_.app.retry, s.tries) : std::nullopt) {
    ++s.tries;
    s.statement = s.ask = 0;
    s.state = SessionState::Pausing;
    schedule(now_ + *pause, Kind::Wake, id, ++s.stamp);
    return;
  }
  if (s.arrival >= Instant{}) {
    recorder_.left(now_, error == metrics::kSuccess);
    recorder_.answered(s.version, s.endpoint, s.arrival, now_, error);
  }
  sessions_.leave(id);
  sessions_.remove(id);
}

void World::give_back_connection(std::uint32_t id) {
  Session& s = sessions_[id];
  if (s.state == SessionState::Pausing) return;  // had given it back when it failed
  fleet::Instance& instance = fleet_[s.owner];
  --instance.busy;
  if (s.connected) {
    s.connected = false;
    if (scenario_.app.prepared) idle_connections_[s.owner].push_back(s.connection);
    instance.pool.release();
    if (instance.wait_head != fleet::kNone) [[unlikely]] {
      const std::uint32_t waiter = instance.wait_head;
      leave_pool_queue(waiter);
      MIDFLIGHT_CHECK(instance.pool.try_acquire().granted);
      sessions_[waiter].connected = true;
      sessions_[waiter].state = SessionState::Running;
      to_begin_.push_back(waiter);
    }
  }
  if (instance.drain_over && instance.busy == 0) [[unlikely]] instance_done(s.owner);
}

}  // namespace midflight
