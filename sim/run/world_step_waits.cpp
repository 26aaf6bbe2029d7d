#include "sim/run/world.h"

#include <algorithm>

#include <fmt/format.h>

// What a statement of the plan waits for: locks, and transactions it must outlive.

namespace midflight {

void World::step_waits(std::size_t step, locks::RelationId relation, LockMode mode) {
  StepRun& run = steps_[step];
  const bool first = !run.waiting;
  if (first) {
    run.waiting = true;
    run.waiting_from = now_;
    if (telling()) {
      const std::string& name = sqlite_ ? scenario_.name : run.now->relation_name(relation);
      tell(now_, now_, "step " + step_at(step).id,
           fmt::format("asks for {} on {} and waits for {}", lock_mode_name(mode), sqlite_ ? "the database" : name,
                       sqlite_ ? "the lock" : holders_text(relation, mode, run.session)));
    }
  }
  if (sqlite_) {
    const Duration limit = std::min(run.lock_timeout, scenario_.database.busy_timeout);
    if (poll_again(run.session, SessionState::Polling, limit)) {
      if (first && telling()) tell_joined(0, run.session);
      return;
    }
    return fail_step(step, {ErrorClass::LockTimeout, "", "database is locked"});
  }
  step_sleeps(step, SessionState::LockWait);
  if (first && telling()) tell_joined(relation, run.session);
}

void World::step_sleeps(std::size_t step, SessionState state) {
  const StepRun& run = steps_[step];
  Session& s = sessions_[run.session];
  s.state = state;
  deadlock_checks_.push_back({run.session, s.stamp, now_ + scenario_.database.deadlock_timeout});
  if (run.lock_timeout < Duration::max()) {
    schedule(now_ + run.lock_timeout, Kind::StepLockTimeout, static_cast<std::uint32_t>(step), wait_token(run.session));
  }
}

void World::step_wait_over(std::size_t step) {
  StepRun& run = steps_[step];
  if (!run.waiting) return;
  run.waiting = false;
  recorder_.step(step).lock_wait += now_ - run.waiting_from;
  if (!telling() || run.phase >= run.next->work.phases.size()) return;
  const std::vector<RelationLock>& asked = run.next->work.phases[run.phase].locks;
  if (run.ask < asked.size() && now_ > run.waiting_from) {
    tell(run.waiting_from, now_, "lock " + asked[run.ask].relation,
         fmt::format("step {} waits for {}", step_at(step).id, lock_mode_name(asked[run.ask].mode)));
  }
}

namespace {

/// The relation whose lock holders a phase waits for.
std::string awaited_relation(const std::vector<Phase>& phases, std::size_t phase) {
  for (std::size_t p = phase + 1; p-- > 0;) {
    if (!phases[p].locks.empty()) return phases[p].locks.front().relation;
  }
  return "";
}

}  // namespace

/// Others than requests keep the rows they have locked: jobs, and steps beside this one.
bool World::step_waits_for_rows(std::size_t step) {
  StepRun& run = steps_[step];
  const std::optional<RowRange> range = claims_.empty() ? std::nullopt : rows_to_lock(step);
  if (!range) return false;
  const locks::SessionId holder = claims_.holder_within(range->relation, range->first, range->rows, run.session, now_);
  if (holder == locks::kNobody) return false;
  run.waiting = true;
  run.waiting_from = now_;
  tell(now_, now_, "step " + step_at(step).id, "waits for rows that " + session_name(holder) + " has locked");
  locks_.wait_for_session(run.session, holder, now_);
  step_sleeps(step, SessionState::RowWait);
  if (telling()) tell_joined(kRowQueue | range->relation, run.session);
  return true;
}

bool World::begin_phase_wait(std::size_t step, PhaseWait wait) {
  StepRun& run = steps_[step];
  run.awaited.clear();
  const locks::RelationId relation = run.now->relation(awaited_relation(run.next->work.phases, run.phase));
  for (std::uint32_t id = 0; id < sessions_.size(); ++id) {
    const Session& s = sessions_[id];
    if (id == run.session || s.kind == SessionKind::Free) continue;
    bool awaited = false;
    if (wait == PhaseWait::LockHolders) {
      awaited = locks_.holds_conflicting(id, relation, LockMode::ShareLock);
    } else if (wait == PhaseWait::AllLockHolders) {
      awaited = locks_.holds_conflicting(id, relation, LockMode::AccessExclusiveLock);
    } else if (s.kind == SessionKind::Background) {
      const BackgroundJob& job = scenario_.background[s.owner];
      awaited = s.state == SessionState::Running && (job.during == BackgroundJob::While::Running || job.repeatable_read);
    } else {
      awaited = s.state == SessionState::Running && s.ticket != 0;
    }
    if (awaited) run.awaited.emplace_back(id, s.transaction);
  }
  if (run.awaited.empty()) return false;
  run.waiting = true;
  run.waiting_from = now_;
  step_waits_for_next(step);
  if (telling()) tell_joined(kStepQueue | static_cast<QueueKey>(step), run.session);
  return true;
}

/// One after the other, as the server does: each is a wait of its own, with its
/// timeout and its look for a deadlock.
void World::step_waits_for_next(std::size_t step) {
  const StepRun& run = steps_[step];
  locks_.wait_for_session(run.session, run.awaited.front().first, now_);
  step_sleeps(step, SessionState::PhaseWait);
}

void World::step_outlived(std::size_t step) {
  StepRun& run = steps_[step];
  std::erase_if(run.awaited, [&](const auto& a) {
    return sessions_[a.first].kind == SessionKind::Free || sessions_[a.first].transaction != a.second;
  });
  if (!run.awaited.empty()) return step_waits_for_next(step);
  step_wait_over(step);
  sessions_[run.session].state = SessionState::Running;
  if (telling()) tell_queue(kStepQueue | static_cast<QueueKey>(step), "step " + step_at(step).id + " has outlived them");
  run_phase(step);
}

}  // namespace midflight
