#include "sim/run/world.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "sim/kernel/error.h"

// The plan: what the conductor asks for, carried out against locks, processors and rows.

namespace midflight {

namespace {

template <typename... Fs>
struct Overloaded : Fs... { using Fs::operator()...; };
template <typename... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

/// Does an UPDATE skip rows whose target is already set?  (WHERE c IS NULL)
bool skips_filled_rows(const Statement& update) {
  std::string lower = update.sql;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower.find(" is null") != std::string::npos;
}

/// Rows that an UPDATE of a step changes, of the `all` there are.
std::int64_t rows_updated(const LocksAndWork& work, std::int64_t all) {
  for (const Phase& phase : work.phases) {
    for (const Work& w : phase.work) {
      if (w.kind == WorkKind::Update && w.rows != kAllRows) return std::min(w.rows, all);
    }
  }
  return all;
}

}  // namespace

std::int64_t World::table_rows(const std::string& table) const {
  const Table* t = epoch_->schema().table(table);
  return t != nullptr ? t->rows : 0;
}

/// The table whose rows the backfill changes; null where it is gone.
const Table* World::backfilled(std::size_t step) const {
  const Statement& update = std::get<BackfillStep>(step_at(step).action).update;
  return update.accesses.empty() ? nullptr : epoch_->schema().base_table(update.accesses.front().relation);
}

Distribution World::batch_alone(std::size_t step, std::int64_t rows) const {
  const Table* table = backfilled(step);
  return cost::batch_duration(rows, table == nullptr ? 0 : table->row_bytes, program_.profile);
}

/// The rows there are when the backfill begins, those inserted so far included.
std::int64_t World::backfill_rows(std::size_t step) const {
  const Table* table = backfilled(step);
  if (table == nullptr) return 0;
  for (std::size_t p = 0; p < rows_.size(); ++p) {
    if (epoch_->is_pair_table(program_, p, table->name)) return rows_[p].rows();
  }
  return table->rows;
}

void World::copy_rows(const Statement& update, std::int64_t rows, Random& random) {
  for (const std::size_t p : program_.copied_by(update)) rows_[p].copy(rows, random);
}

void World::conduct(const conduct::Event& event) {
  if (plan_end_ != Instant::never()) return;
  conduct::Commands commands;
  conductor_.on(event, now_, commands);
  for (const conduct::Command& command : commands) carry_out(command);
}

void World::carry_out(const conduct::Command& command) {
  std::visit(Overloaded{
                 [&](const conduct::RunStatement& c) { run_statement(c); },
                 [&](const conduct::RunBatch& c) { run_batch(c); },
                 [&](const conduct::BeginRollout& c) { begin_rollout(c.step); },
                 [&](const conduct::AskCheck& c) { ask_check(c.step); },
                 [&](const conduct::SetTimer& c) {
                   schedule(now_ + c.delay, Kind::ConductTimer, static_cast<std::uint32_t>(c.step), c.timer);
                 },
                 [&](const conduct::StepBegan& c) {
                   StepMeasurement& m = recorder_.step(c.step);
                   m.reached = true;
                   m.start = m.end = now_;
                   if (const auto* backfill = std::get_if<BackfillStep>(&step_at(c.step).action)) {
                     for (const std::size_t p : program_.copied_by(backfill->update)) {
                       if (rows_[p].expanded()) rows_[p].begin_backfill(skips_filled_rows(backfill->update));
                     }
                   }
                 },
                 [&](const conduct::StepEnded& c) {
                   StepMeasurement& m = recorder_.step(c.step);
                   m.end = now_;
                   tell(m.start, now_, "step " + step_at(c.step).id, step_text(step_at(c.step)));
                   if (const auto* backfill = std::get_if<BackfillStep>(&step_at(c.step).action)) {
                     for (const std::size_t p : program_.copied_by(backfill->update)) rows_[p].end_backfill();
                   }
                 },
                 [&](const conduct::PlanEnded& c) { plan_ended(c.why); },
             },
             command);
}

void World::open_step(std::size_t step) {
  StepRun& run = steps_[step];
  run.session = sessions_.add(SessionKind::Step);
  locks_.add_session(run.session);
  Session& s = sessions_[run.session];
  s.owner = static_cast<std::uint32_t>(step);
  s.arrival = now_;
  run.base = run.now = epoch_;
  run.done.clear();
  run.strongest = -1;
  StepMeasurement& m = recorder_.step(step);
  m.tries = std::max<std::int64_t>(m.tries, run.attempt);
}

void World::run_statement(const conduct::RunStatement& c) {
  // SQLite's DDL is transactional: nothing is left that would have to go.
  if (c.cleanup && sqlite_) return conduct_events_.push_back(conduct::StatementEnded{c.step, {}});
  const std::size_t number = c.cleanup ? program_.cleanup_number(c.step, c.statement) : c.statement;
  StepRun& run = steps_[c.step];
  run.attempt = c.attempt;
  run.batch = false;
  run.commits = c.commits;
  run.lock_timeout = c.lock_timeout;
  run.random = Random(environment_.key("work/" + step_at(c.step).id), static_cast<std::uint64_t>(c.attempt) << 16 | number);
  if (c.begins) open_step(c.step);
  MIDFLIGHT_CHECK(run.session != kNoSession);
  if (c.statement_timeout < Duration::max()) {
    schedule(now_ + c.statement_timeout, Kind::StepStatementTimeout, static_cast<std::uint32_t>(c.step),
             static_cast<std::uint64_t>(c.attempt) << 16 | number);
  }
  if (c.cleanup) tell(now_, now_, "step " + step_at(c.step).id, "cleans up: " + program_.step_statement(c.step, number).sql);
  begin_statement(c.step, number);
}

void World::run_batch(const conduct::RunBatch& c) {
  StepRun& run = steps_[c.step];
  run.attempt = c.attempt;
  run.batch = true;
  run.commits = true;
  run.lock_timeout = c.lock_timeout;
  run.first_row = c.first_row;
  run.rows = c.rows;
  run.random = Random(environment_.key("batch/" + step_at(c.step).id), static_cast<std::uint64_t>(c.batch));
  open_step(c.step);
  begin_statement(c.step, 0);
}

void World::begin_statement(std::size_t step, std::size_t statement) {
  StepRun& run = steps_[step];
  run.statement = statement;
  run.next = &run.now->after(program_, step, statement);
  run.phase = run.ask = 0;
  if (!run.next->work.understood) return fail_step(step, {ErrorClass::Schema, "", "not understood: " + run.next->work.why_not});
  if (!run.next->misfit.empty()) return fail_step(step, {ErrorClass::Schema, "", run.next->misfit});
  run_phase(step);
}

void World::run_phase(std::size_t step) {
  StepRun& run = steps_[step];
  const std::vector<Phase>& phases = run.next->work.phases;
  for (; run.phase < phases.size(); ++run.phase, run.ask = 0) {
    const Phase& phase = phases[run.phase];
    if (phase.new_transaction && run.ask == 0) end_phase_transaction(step);
    for (; run.ask < phase.locks.size(); ++run.ask) {
      const RelationLock& lock = phase.locks[run.ask];
      const locks::RelationId relation = sqlite_ ? 0 : run.now->relation(lock.relation);
      if (sqlite_) {
        const bool write = lock.mode >= LockMode::RowExclusiveLock;
        const bool got = write ? sqlite_locks_.write(run.session)
                               : sessions_[run.session].reads > 0 || sqlite_locks_.read(run.session);
        if (!got) return step_waits(step, 0, lock.mode);
        if (!write) sessions_[run.session].reads = 1;
        sessions_[run.session].wrote |= write;
      } else {
        if (relation == 0 || locks_.holds(run.session, relation, lock.mode)) continue;
        const locks::Ask answer = locks_.ask(run.session, relation, lock.mode, now_);
        if (answer == locks::Ask::Deadlock) return deadlocked(run.session);
        if (answer == locks::Ask::Waits) return step_waits(step, relation, lock.mode);
      }
      note_step_lock(step, lock.relation, lock.mode);
    }
    if (phase.wait != PhaseWait::None && run.ask == phase.locks.size()) {
      ++run.ask;  // so that the wait is not begun twice
      if (begin_phase_wait(step, phase.wait)) return;
    }
    if (step_waits_for_rows(step)) return;
    if (!phase.work.empty()) return step_work(step);
  }
  step_statement_done(step);
}

void World::note_step_lock(std::size_t step, const std::string& relation, LockMode mode) {
  StepRun& run = steps_[step];
  if (static_cast<int>(mode) > run.strongest) {
    run.strongest = static_cast<int>(mode);
    run.strongest_at = now_;
  }
  std::vector<RelationLock>& locks = recorder_.step(step).locks;
  const auto known = std::find_if(locks.begin(), locks.end(), [&](const RelationLock& l) { return l.relation == relation; });
  if (known == locks.end()) {
    locks.push_back({relation, mode});
  } else {
    known->mode = std::max(known->mode, mode);
  }
  if (telling()) tell_lock(step, relation, mode);
}

void World::step_granted(std::size_t step) {
  StepRun& run = steps_[step];
  Session& s = sessions_[run.session];
  if (s.state == SessionState::PollingCommit) return commit_step(step);  // no statement runs any more
  if (s.state == SessionState::PhaseWait) return step_outlived(step);
  const Phase& phase = run.next->work.phases[run.phase];
  if (!sqlite_) {
    step_wait_over(step);
    s.state = SessionState::Running;
    if (run.ask < phase.locks.size()) {
      note_step_lock(step, phase.locks[run.ask].relation, phase.locks[run.ask].mode);
      ++run.ask;
    }
    return run_phase(step);
  }
  // Still refused: it goes on waiting; run_phase() asks again.
  const bool write = phase.locks[run.ask].mode >= LockMode::RowExclusiveLock;
  const bool busy = write ? sqlite_locks_.writer() != locks::kNobody && sqlite_locks_.writer() != run.session
                          : sqlite_locks_.pending() != locks::kNobody;
  if (!busy) {
    step_wait_over(step);
    s.state = SessionState::Running;
    stop_polling(s);
  }
  run_phase(step);
}

void World::step_work(std::size_t step) {
  StepRun& run = steps_[step];
  const Phase& phase = run.next->work.phases[run.phase];
  Duration demand{};
  if (run.batch) {
    demand = batch_alone(step, run.rows).sample(run.random);
  } else {
    for (const Work& work : phase.work) demand += cost::duration(work, run.now->schema(), program_.profile).sample(run.random);
  }
  if (const std::optional<RowRange> range = rows_to_lock(step)) {
    claims_.add(run.session, range->relation, range->first, range->rows, now_, demand);
  }
  Session& s = sessions_[run.session];
  s.state = SessionState::Running;
  s.ticket = processors_.start(run.session, demand, now_);
}

std::optional<World::RowRange> World::rows_to_lock(std::size_t step) const {
  const StepRun& run = steps_[step];
  const std::vector<Work>& work = run.next->work.phases[run.phase].work;
  const auto update = std::find_if(work.begin(), work.end(), [](const Work& w) { return w.kind == WorkKind::Update; });
  const bool inserts = program_.step_statement(step, run.statement).kind == StatementKind::Insert;
  if (update == work.end() || inserts || sqlite_) return std::nullopt;
  const std::int64_t rows = run.batch ? run.rows : update->rows == kAllRows ? table_rows(update->relation) : update->rows;
  return RowRange{run.now->relation(update->relation), run.batch ? run.first_row : 0, rows};
}

void World::step_work_done(std::size_t step) {
  StepRun& run = steps_[step];
  sessions_[run.session].ticket = 0;
  ++run.phase;
  run.ask = 0;
  run_phase(step);
}

void World::step_statement_done(std::size_t step) {
  StepRun& run = steps_[step];
  if (const std::optional<ErrorKind> failure = data_failure(step)) return fail_step(step, *failure);
  run.now = run.next->epoch.get();
  run.done.push_back(run.statement);
  run.next = nullptr;
  if (run.commits) return commit_step(step);
  conduct_events_.push_back(conduct::StatementEnded{step, {}});
}

void World::commit_step(std::size_t step) {
  StepRun& run = steps_[step];
  Session& s = sessions_[run.session];
  if (sqlite_ && s.wrote && !sqlite_locks_.commit(run.session, s.reads)) {
    if (!run.waiting) run.waiting = true, run.waiting_from = now_;
    if (poll_again(run.session, SessionState::PollingCommit, scenario_.database.busy_timeout)) return;
    return fail_step(step, {ErrorClass::LockTimeout, "", "database is locked"});
  }
  if (run.waiting) recorder_.step(step).lock_wait += now_ - run.waiting_from, run.waiting = false;
  Epoch* after = run.now;
  if (epoch_ != run.base) {
    // Another step committed meanwhile: the same statements, on top of its schema.
    after = epoch_;
    for (const std::size_t statement : run.done) {
      const Epoch::Next& next = after->after(program_, step, statement);
      if (next.epoch == nullptr) return fail_step(step, {ErrorClass::Schema, "", next.misfit});
      after = next.epoch.get();
    }
  }
  if (run.batch) {
    copy_rows(std::get<BackfillStep>(step_at(step).action).update, run.rows, rows_random_);
  } else {
    epoch_changed(after);
    for (const std::size_t statement : run.done) {
      const Statement& update = program_.step_statement(step, statement);
      if (update.kind != StatementKind::Update) continue;
      for (const std::size_t p : program_.copied_by(update)) {
        RowStates& rows = rows_[p];
        if (!rows.expanded()) continue;
        rows.begin_backfill(skips_filled_rows(update));
        rows.copy(rows_updated(run.base->after(program_, step, statement).work, rows.rows()), rows_random_);
        rows.end_backfill();
      }
    }
  }
  const Duration removal = removal_of(step);
  close_step(step);
  data_changed();
  if (removal > Duration{}) return schedule(now_ + removal, Kind::StepReturns, static_cast<std::uint32_t>(step));
  conduct_events_.push_back(conduct::StatementEnded{step, {}});
}

/// Of all files that its transaction has replaced.
Duration World::removal_of(std::size_t step) {
  const StepRun& run = steps_[step];
  Duration sum{};
  if (run.batch) return sum;  // there are thousands, and none rewrites
  Epoch* before = run.base;
  for (const std::size_t statement : run.done) {
    const Epoch::Next& next = before->after(program_, step, statement);
    for (const Phase& phase : next.work.phases) {
      for (const Work& work : phase.work) sum += cost::removal(work, before->schema(), program_.profile);
    }
    before = next.epoch.get();
  }
  return sum;
}

void World::epoch_changed(Epoch* epoch) {
  epoch_ = epoch;
  locks_.add_relation(static_cast<locks::RelationId>(epoch->relations()));
  for (std::size_t p = 0; p < rows_.size(); ++p) {
    if (!rows_[p].expanded() && epoch->has_new(p)) rows_[p].expand(epoch->new_has_default(p));
  }
  refresh_reads();
}

void World::fail_step(std::size_t step, const ErrorKind& error) {
  StepRun& run = steps_[step];
  Session& s = sessions_[run.session];
  const bool asleep = s.state == SessionState::LockWait || s.state == SessionState::RowWait || s.state == SessionState::PhaseWait;
  const QueueKey queue = telling() ? queue_of(run.session) : kNoQueue;
  if (asleep && run.waiting) locks_.cancel(run.session);
  if (s.state == SessionState::Running && s.ticket != 0) processors_.cancel(s.ticket, now_);
  if (run.waiting && run.next != nullptr) step_wait_over(step);
  tell(now_, now_, "step " + step_at(step).id, "failed: " + error.message);
  if (queue != kNoQueue) {
    s.state = SessionState::Running;
    tell_queue(queue, "step " + step_at(step).id + " gives up: " + error.message);
  }
  leave_half_done(step);
  close_step(step);
  conduct_events_.push_back(conduct::StatementEnded{step, error});
}

/// A concurrent statement that is broken off past its first phase has committed it.
void World::leave_half_done(std::size_t step) {
  const StepRun& run = steps_[step];
  if (sqlite_ || run.batch || run.next == nullptr || run.phase == 0) return;
  const Epoch::Left& left = epoch_->after_failure(program_, step, run.statement, run.phase);
  if (left.epoch == nullptr) return;
  tell(now_, now_, "step " + step_at(step).id, "leaves " + left.what + ": " + program_.step_statement(step, run.statement).sql);
  epoch_changed(left.epoch.get());
}

void World::note_held(std::size_t step) {
  const StepRun& run = steps_[step];
  if (run.strongest < 0) return;
  StepMeasurement& m = recorder_.step(step);
  m.held = std::max(m.held, now_ - run.strongest_at);
  if (!telling() || run.batch) return;
  for (const RelationLock& lock : m.locks) {
    tell(run.strongest_at, now_, "lock " + lock.relation,
         fmt::format("step {} holds {}", step_at(step).id, lock_mode_name(lock.mode)));
  }
}

/// A statement over many relations commits behind each: what it held is free.
void World::end_phase_transaction(std::size_t step) {
  StepRun& run = steps_[step];
  note_held(step);
  run.strongest = -1;
  locks_.release(run.session);
  ++sessions_[run.session].transaction;
}

void World::close_step(std::size_t step) {
  StepRun& run = steps_[step];
  Session& s = sessions_[run.session];
  note_held(step);
  run.waiting = false;
  run.next = nullptr;
  claims_.drop(run.session);
  const std::uint32_t id = run.session;
  const std::vector<locks::RelationId> held = telling() ? locks_told_of(step) : std::vector<locks::RelationId>{};
  run.session = kNoSession;
  if (sqlite_) {
    stop_polling(s);
    sqlite_locks_.release(id, s.reads, s.wrote);
  } else {
    locks_.release(id);
  }
  sessions_.remove(id);
  if (!held.empty()) tell_given_back(step, held);
}

}  // namespace midflight
