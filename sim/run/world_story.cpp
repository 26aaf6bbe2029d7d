#include "sim/run/world.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/kernel/count_text.h"

// The lock queues of the run that is told: who holds, who waits, who gives up.
//
// Only called when telling.  What the plan and background jobs do is told at
// once; requests that come and go are told together, every 100 ms at most.

namespace midflight {

namespace {

constexpr Duration kPace = Duration::milliseconds(100);
/// After as many moments of requests alone, the time between two of them doubles.
constexpr std::int64_t kMomentsAPace = 200;
constexpr std::size_t kGroupsMax = 12;
constexpr std::uint32_t kNumber = 0xffff;

void add_sentence(std::string& text, const std::string& sentence) {
  text += (text.empty() ? "" : "; ") + sentence;
}

std::string requests_text(std::int64_t count) { return count_text(count, "request"); }

std::int64_t number_of(const std::vector<QueueGroup>& groups) {
  std::int64_t n = 0;
  for (const QueueGroup& g : groups) n += g.count;
  return n;
}

bool held_by_requests(const std::vector<QueueGroup>& holders) {
  return std::any_of(holders.begin(), holders.end(), [](const QueueGroup& g) { return g.requests; });
}

/// Holders have no order: alike ones are one group.
void add_anywhere(std::vector<QueueGroup>& groups, QueueGroup group) {
  for (QueueGroup& known : groups) {
    if (known.who != group.who || known.mode != group.mode) continue;
    ++known.count;
    known.since = std::min(known.since, group.since);
    return;
  }
  groups.push_back(std::move(group));
}

/// Waiters keep theirs: only neighbours are one group, and far back kinds are not told apart.
void add_behind(std::vector<QueueGroup>& groups, QueueGroup group) {
  if (groups.size() >= kGroupsMax && group.requests) group.who = "requests of several kinds", group.mode.clear();
  const bool alike = !groups.empty() && groups.back().who == group.who && groups.back().mode == group.mode;
  if (alike) {
    ++groups.back().count;
  } else {
    groups.push_back(std::move(group));
  }
}

}  // namespace

std::string World::queue_name(QueueKey queue) const {
  if (queue >= kStepQueue) return "transactions that step " + step_at(queue & kNumber).id + " must outlive";
  if (queue >= kRowQueue) return "rows of " + epoch_->relation_name(static_cast<locks::RelationId>(queue & kNumber));
  return sqlite_ ? "the database" : epoch_->relation_name(static_cast<locks::RelationId>(queue));
}

/// The queue a session stands in.
World::QueueKey World::queue_of(std::uint32_t id) const {
  const Session& s = sessions_[id];
  switch (s.state) {
    case SessionState::LockWait: return locks_.waiting(id) ? locks_.asked_relation(id) : kNoQueue;
    case SessionState::Polling:
    case SessionState::PollingCommit: return 0;
    case SessionState::PhaseWait: return kStepQueue | s.owner;
    case SessionState::RowWait: break;
    default: return kNoQueue;
  }
  if (s.kind == SessionKind::Request) return kRowQueue | epoch_->plan(statement_of(s)).row_relation;
  if (s.kind == SessionKind::Background) {
    return kRowQueue | epoch_->plan(static_cast<std::uint32_t>(program_.first_background + s.owner)).row_relation;
  }
  const std::optional<RowRange> range = rows_to_lock(s.owner);
  return range ? kRowQueue | range->relation : kNoQueue;
}

std::vector<std::uint32_t> World::waiters_of(QueueKey queue) const {
  if (queue < kRowQueue && !sqlite_) return locks_.queue(static_cast<locks::RelationId>(queue));
  std::vector<std::uint32_t> waiting;
  for (std::uint32_t id = 0; id < sessions_.size(); ++id) {
    const bool asleep = sessions_[id].state == SessionState::PhaseWait || locks_.awaited(id) != locks::kNobody || sessions_[id].polls > 0;
    if (sessions_[id].kind != SessionKind::Free && asleep && queue_of(id) == queue) waiting.push_back(id);
  }
  std::stable_sort(waiting.begin(), waiting.end(), [&](auto a, auto b) { return sessions_[a].arrival < sessions_[b].arrival; });
  return waiting;
}

std::vector<std::uint32_t> World::holders_of(QueueKey queue) const {
  std::vector<std::uint32_t> holding;
  if (queue >= kStepQueue) {
    for (const auto& [id, transaction] : steps_[queue & kNumber].awaited) holding.push_back(id);
    return holding;
  }
  const std::vector<std::uint32_t> waiting = queue >= kRowQueue ? waiters_of(queue) : std::vector<std::uint32_t>{};
  for (std::uint32_t id = 0; id < sessions_.size(); ++id) {
    if (sessions_[id].kind == SessionKind::Free) continue;
    const bool holds = queue >= kRowQueue ? std::any_of(waiting.begin(), waiting.end(), [&](auto w) { return locks_.awaited(w) == id; })
                       : sqlite_          ? sqlite_locks_.writer() == id || sqlite_locks_.pending() == id || sessions_[id].reads > 0
                                          : locks_.strongest(id, static_cast<locks::RelationId>(queue)) >= 0;
    if (holds) holding.push_back(id);
  }
  std::stable_sort(holding.begin(), holding.end(),
                   [&](auto a, auto b) { return sessions_[a].kind != SessionKind::Request && sessions_[b].kind == SessionKind::Request; });
  return holding;
}

std::string World::mode_text(QueueKey queue, std::uint32_t id, bool hold) const {
  if (queue >= kStepQueue) return hold ? "a transaction begun earlier" : "their end";
  if (queue >= kRowQueue) return hold ? "row locks" : "a row lock";
  if (!sqlite_) {
    const int mode = hold ? locks_.strongest(id, static_cast<locks::RelationId>(queue)) : static_cast<int>(locks_.asks_for(id));
    return std::string(lock_mode_name(static_cast<LockMode>(mode)));
  }
  if (!hold) return "tries again later";
  return sqlite_locks_.writer() == id || sqlite_locks_.pending() == id ? "write lock" : "read lock";
}

std::vector<QueueGroup> World::groups_of(QueueKey queue, const std::vector<std::uint32_t>& sessions, bool hold) const {
  std::vector<QueueGroup> groups;
  for (const std::uint32_t id : sessions) {
    if (sessions_[id].kind == SessionKind::Free) continue;
    QueueGroup group{session_name(id), mode_text(queue, id, hold), 1, sessions_[id].kind == SessionKind::Request, sessions_[id].arrival};
    hold ? add_anywhere(groups, std::move(group)) : add_behind(groups, std::move(group));
  }
  return groups;
}

void World::tell_queue(QueueKey queue, std::string what) {
  ToldQueue& told = told_queues_[queue];
  if (told.idle && told.joined == 0) told.name = queue_name(queue);
  QueueMoment moment{now_, told.name, std::move(what), groups_of(queue, holders_of(queue), true),
                     groups_of(queue, waiters_of(queue), false), pool_waiting_, told.gave_up};
  const std::int64_t waiting = number_of(moment.waiters), gone = told.waiting - told.gave_up - waiting;
  if (told.joined > 0) add_sentence(moment.what, requests_text(told.joined) + (told.joined == 1 ? " joins the queue" : " join the queue"));
  if (told.gave_up > 0) {
    add_sentence(moment.what, fmt::format("{} {} up: {}", requests_text(told.gave_up), told.gave_up == 1 ? "gives" : "give", told.failure));
  }
  if (gone > 0) add_sentence(moment.what, fmt::format("{} of the queue {} on", count_text(gone), gone == 1 ? "goes" : "go"));
  const bool open = waiting > 0 || held_by_requests(moment.holders);
  const bool idle = waiting == 0 && std::all_of(moment.holders.begin(), moment.holders.end(), [](const QueueGroup& g) { return g.requests; });
  told = {now_, waiting, 0, 0, open, idle, {}, std::move(told.name)};
  if (moment.what.empty()) moment.what = waiting == 0 ? "nobody waits any more" : pool_waiting_ > 0 ? "more requests wait for a connection" : "the queue stands";
  recorder_.tell(std::move(moment));
}

Duration World::pace() const { return kPace * (std::int64_t{1} << std::min<std::int64_t>(crowds_told_ / kMomentsAPace, 30)); }

/// A session has begun to wait.
void World::tell_joined(QueueKey queue, std::uint32_t id) {
  ToldQueue& told = told_queues_[queue];
  if (told.idle && told.joined == 0) told.name = queue_name(queue);
  ++told.waiting;
  if (sessions_[id].kind != SessionKind::Request) {
    return tell_queue(queue, fmt::format("{} waits for {}{}", session_name(id), queue < kRowQueue && !sqlite_ ? mode_text(queue, id, false) + " on " : "",
                                         queue_name(queue)));
  }
  ++told.joined;
  if (now_ - told.at < pace()) return;
  ++crowds_told_;
  tell_queue(queue, "");
}

/// A waiting session is about to leave its queue with an error.
void World::tell_gave_up(std::uint32_t id, const std::string& why) {
  const QueueKey queue = queue_of(id);
  if (queue == kNoQueue) return;
  ToldQueue& told = told_queues_[queue];
  ++told.gave_up;
  told.failure = why;
}

/// A step of the plan has got a lock.
void World::tell_lock(std::size_t step, const std::string& relation, LockMode mode) {
  const QueueKey queue = sqlite_ ? 0 : steps_[step].now->relation(relation);
  const bool weak = mode < LockMode::ShareUpdateExclusiveLock || steps_[step].batch;
  if (weak && !told_queues_[queue].open) return;
  tell_queue(queue, fmt::format("step {} has {}", step_at(step).id,
                                sqlite_ ? std::string("a lock on the database") : fmt::format("{} on {}", lock_mode_name(mode), relation)));
}

/// The relations whose locks a step gives back when it ends, as far as they are told.
std::vector<locks::RelationId> World::locks_told_of(std::size_t step) const {
  const StepRun& run = steps_[step];
  std::vector<locks::RelationId> held;
  const auto open = [&](locks::RelationId r) { return told_queues_.contains(r) && told_queues_.at(r).open; };
  if (sqlite_) {
    if (!run.batch || open(0)) held.push_back(0);
    return held;
  }
  for (const RelationLock& lock : recorder_.steps()[step].locks) {
    const locks::RelationId relation = run.now->relation(lock.relation);
    const int mode = locks_.strongest(run.session, relation);
    const bool strong = mode >= static_cast<int>(LockMode::ShareUpdateExclusiveLock) && !run.batch;
    if (mode >= 0 && (strong || open(relation))) held.push_back(relation);
  }
  return held;
}

void World::tell_given_back(std::size_t step, const std::vector<locks::RelationId>& relations) {
  for (const locks::RelationId relation : relations) {
    tell_queue(relation, fmt::format("step {} gives back its lock on {}", step_at(step).id, queue_name(relation)));
  }
}

/// A background job has ended; of interest to those that waited for it.
void World::tell_job_over(const Session& job, const std::string& name) {
  const StatementPlan& plan = epoch_->plan(static_cast<std::uint32_t>(program_.first_background + job.owner));
  std::vector<QueueKey> queues;
  for (const StatementPlan::Ask& ask : plan.asks) queues.push_back(sqlite_ ? 0 : ask.relation);
  for (const QueueKey queue : queues) {
    const auto told = told_queues_.find(queue);
    if (told != told_queues_.end() && told->second.waiting > 0) tell_queue(queue, name + " ends");
  }
}

/// All connections of an instance wait, and so do the requests that would need one.
void World::tell_pool_waits() {
  for (const auto& [queue, told] : told_queues_) {
    if (told.waiting == 0 || now_ - told.at < pace()) continue;
    ++crowds_told_;
    tell_queue(queue, "");
  }
}

/// Tells of requests that gave up, and of queues that have gone since.
void World::tell_drained() {
  for (const auto& [queue, told] : told_queues_) {
    const bool paced = now_ - told.at >= pace();
    // Once nobody waits, requests may still hold; where they always do, that is told at our pace.
    const bool over = told.open && told.at < now_ && (told.waiting > 0 || paced) && waiters_of(queue).empty();
    const bool due = paced && (told.gave_up > 0 || (over && told.waiting == 0));
    crowds_told_ += due;
    if (over || due) tell_queue(queue, "");
  }
}

}  // namespace midflight
