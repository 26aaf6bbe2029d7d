#include "sim/locks/lock_manager.h"

#include <algorithm>
#include <bit>

#include "sim/graph/order.h"
#include "sim/kernel/error.h"

namespace midflight::locks {

bool LockManager::holds(SessionId session, RelationId relation, LockMode mode) const {
  return (own_modes(session, relation) & lock_bit(mode)) != 0;
}

std::uint8_t LockManager::own_modes(SessionId session, RelationId relation) const {
  const Session& s = sessions_[session];
  std::uint8_t modes = 0;
  for (std::uint32_t i = 0; i < s.holds; ++i) {
    if (s.at(i).relation == relation) modes |= static_cast<std::uint8_t>(1U << s.at(i).mode);
  }
  return modes;
}

bool LockManager::conflicts_with_others(const Relation& r, RelationId relation, SessionId session,
                                        LockMode mode) const {
  const std::uint8_t conflicts = r.granted & kLockConflicts[static_cast<std::size_t>(mode)];
  if (conflicts == 0) return false;
  std::array<std::uint32_t, kLockModes> own{};
  const Session& s = sessions_[session];
  for (std::uint32_t i = 0; i < s.holds; ++i) {
    if (s.at(i).relation == relation) ++own[s.at(i).mode];
  }
  for (std::size_t m = 0; m < kLockModes; ++m) {
    if ((conflicts >> m & 1U) != 0 && r.counts[m] > own[m]) return true;
  }
  return false;
}

Ask LockManager::ask_contended(SessionId session, RelationId relation, LockMode mode, Instant now) {
  Relation& r = relations_[relation];
  const std::uint8_t own = own_modes(session, relation);
  if ((own & lock_bit(mode)) != 0) return Ask::Granted;
  // A waiter that conflicts with what we hold cannot go before us: stand before it.
  std::uint8_t ahead = 0;
  SessionId place = kNobody;
  for (SessionId w = r.head; w != kNobody; w = sessions_[w].next) {
    if ((kLockConflicts[static_cast<std::size_t>(sessions_[w].mode)] & own) != 0) {
      // He waits for us: were we to wait for what he holds, neither would go on.
      if ((kLockConflicts[static_cast<std::size_t>(mode)] & own_modes(w, relation)) != 0) return Ask::Deadlock;
      place = w;
      break;
    }
    ahead |= lock_bit(sessions_[w].mode);
  }
  const bool free = (kLockConflicts[static_cast<std::size_t>(mode)] & ahead) == 0;
  if (free && !conflicts_with_others(r, relation, session, mode)) {
    hold(sessions_[session], r, relation, mode);
    return Ask::Granted;
  }
  Session& s = sessions_[session];
  s.wait = Wait::Lock;
  s.mode = mode;
  s.relation = relation;
  s.since = now;
  enqueue_before(session, relation, place);
  ++contended_;
  return Ask::Waits;
}

void LockManager::enqueue_before(SessionId session, RelationId relation, SessionId place) {
  Relation& r = relations_[relation];
  Session& s = sessions_[session];
  s.next = place;
  s.prev = place == kNobody ? r.tail : sessions_[place].prev;
  (s.prev == kNobody ? r.head : sessions_[s.prev].next) = session;
  (place == kNobody ? r.tail : sessions_[place].prev) = session;
  r.asked |= lock_bit(s.mode);
}

void LockManager::unlink(SessionId session) {
  Session& s = sessions_[session];
  Relation& r = relations_[s.relation];
  (s.prev == kNobody ? r.head : sessions_[s.prev].next) = s.next;
  (s.next == kNobody ? r.tail : sessions_[s.next].prev) = s.prev;
  s.prev = s.next = kNobody;
  refresh_asked(r);
}

void LockManager::refresh_asked(Relation& r) {
  r.asked = 0;
  for (SessionId w = r.head; w != kNobody && r.asked != 0xff; w = sessions_[w].next) {
    r.asked |= lock_bit(sessions_[w].mode);
  }
}

void LockManager::wait_for_session(SessionId session, SessionId holder, Instant now) {
  Session& s = sessions_[session];
  s.wait = Wait::Session;
  s.awaited = holder;
  s.since = now;
  ++contended_;
  session_waiters_.insert(std::lower_bound(session_waiters_.begin(), session_waiters_.end(), session), session);
}

void LockManager::cancel(SessionId session) {
  Session& s = sessions_[session];
  const Wait wait = s.wait;
  if (wait == Wait::None) {
    // Granted in this very instant, not yet told.
    std::erase(granted_, session);
    return;
  }
  s.wait = Wait::None;
  --contended_;
  if (wait == Wait::Session) {
    std::erase(session_waiters_, session);
    return;
  }
  unlink(session);
  wake_queue(s.relation);
}

void LockManager::wake_after(SessionId session, std::uint32_t released) {
  for (std::uint32_t i = 0; i < released; ++i) {
    const RelationId relation = sessions_[session].at(i).relation;
    if (relations_[relation].head != kNobody) wake_queue(relation);
  }
  std::erase_if(session_waiters_, [&](SessionId w) {
    if (sessions_[w].awaited != session) return false;
    sessions_[w].wait = Wait::None;
    --contended_;
    granted_.push_back(w);
    return true;
  });
}

void LockManager::wake_queue(RelationId relation) {
  Relation& r = relations_[relation];
  std::uint8_t ahead = 0;
  bool changed = false;
  for (SessionId w = r.head; w != kNobody;) {
    Session& s = sessions_[w];
    const SessionId next = s.next;
    const bool free = (kLockConflicts[static_cast<std::size_t>(s.mode)] & ahead) == 0;
    if (free && !conflicts_with_others(r, relation, w, s.mode)) {
      (s.prev == kNobody ? r.head : sessions_[s.prev].next) = s.next;
      (s.next == kNobody ? r.tail : sessions_[s.next].prev) = s.prev;
      s.prev = s.next = kNobody;
      s.wait = Wait::None;
      --contended_;
      hold(s, r, relation, s.mode);
      granted_.push_back(w);
      changed = true;
    } else {
      ahead |= lock_bit(s.mode);
      // Behind an exclusive request nothing can be granted.
      if (ahead == 0xff || s.mode == LockMode::AccessExclusiveLock) break;
    }
    w = next;
  }
  if (changed) refresh_asked(r);
}

std::vector<SessionId> LockManager::queue(RelationId relation) const {
  std::vector<SessionId> waiting;
  for (SessionId w = relations_[relation].head; w != kNobody; w = sessions_[w].next) waiting.push_back(w);
  return waiting;
}

int LockManager::strongest(SessionId session, RelationId relation) const {
  const std::uint8_t modes = own_modes(session, relation);
  return modes == 0 ? -1 : 31 - std::countl_zero(static_cast<std::uint32_t>(modes));
}

bool LockManager::obstructs(SessionId session, RelationId relation, LockMode mode) const {
  const std::uint8_t conflicts = kLockConflicts[static_cast<std::size_t>(mode)];
  if ((own_modes(session, relation) & conflicts) != 0) return true;
  const Session& s = sessions_[session];
  return s.wait == Wait::Lock && s.relation == relation && (lock_bit(s.mode) & conflicts) != 0;
}

std::vector<SessionId> LockManager::holders(RelationId relation, LockMode mode, SessionId self) const {
  std::vector<SessionId> found;
  const std::uint8_t conflicts = kLockConflicts[static_cast<std::size_t>(mode)];
  for (SessionId id = 0; id < sessions_.size(); ++id) {
    if (id != self && (own_modes(id, relation) & conflicts) != 0) found.push_back(id);
  }
  return found;
}

std::vector<std::vector<std::size_t>> LockManager::wait_for_graph(std::vector<SessionId>& nodes) const {
  constexpr std::size_t kOutside = ~std::size_t{0};  // it neither waits nor holds: in no cycle
  std::vector<std::size_t> number(sessions_.size(), kOutside);
  for (SessionId id = 0; id < sessions_.size(); ++id) {
    if (sessions_[id].wait == Wait::None && sessions_[id].holds == 0) continue;
    number[id] = nodes.size();
    nodes.push_back(id);
  }
  graph::Edges edges(nodes.size());
  for (const SessionId id : nodes) {
    const Session& s = sessions_[id];
    if (s.wait == Wait::Session && number[s.awaited] != kOutside) edges[number[id]].push_back(number[s.awaited]);
    if (s.wait != Wait::Lock) continue;
    const std::uint8_t conflicts = kLockConflicts[static_cast<std::size_t>(s.mode)];
    for (const SessionId other : nodes) {
      if (other != id && (own_modes(other, s.relation) & conflicts) != 0) edges[number[id]].push_back(number[other]);
    }
    for (SessionId w = s.prev; w != kNobody; w = sessions_[w].prev) {
      if ((lock_bit(sessions_[w].mode) & conflicts) != 0) edges[number[id]].push_back(number[w]);
    }
  }
  return edges;
}

LockManager::Deadlock LockManager::check_deadlock(SessionId session) {
  // A cycle needs somebody who waits and holds.
  const bool possible = std::any_of(sessions_.begin(), sessions_.end(),
                                    [](const Session& s) { return s.wait != Wait::None && s.holds > 0; });
  if (!possible) return Deadlock::None;
  std::vector<SessionId> nodes;
  const graph::Edges edges = wait_for_graph(nodes);
  const auto self = std::find(nodes.begin(), nodes.end(), session) - nodes.begin();
  const std::vector<std::size_t> found = graph::cycle_through(edges, static_cast<std::size_t>(self));
  if (found.empty()) return Deadlock::None;
  std::vector<SessionId> cycle;
  for (const std::size_t n : found) cycle.push_back(nodes[n]);
  return try_reorder(session, cycle) ? Deadlock::Reordered : Deadlock::Victim;
}

bool LockManager::try_reorder(SessionId session, const std::vector<SessionId>& cycle) {
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const SessionId behind = cycle[i], before = cycle[(i + 1) % cycle.size()];
    const Session& b = sessions_[behind];
    const Session& a = sessions_[before];
    const bool queued = b.wait == Wait::Lock && a.wait == Wait::Lock && a.relation == b.relation;
    if (!queued || (own_modes(before, b.relation) & kLockConflicts[static_cast<std::size_t>(b.mode)]) != 0) continue;
    const SessionId old_next = b.next;
    unlink(behind);
    enqueue_before(behind, a.relation, before);
    std::vector<SessionId> nodes;
    const graph::Edges edges = wait_for_graph(nodes);
    const auto self = std::find(nodes.begin(), nodes.end(), session) - nodes.begin();
    if (graph::cycle_through(edges, static_cast<std::size_t>(self)).empty()) {
      wake_queue(a.relation);
      return true;
    }
    unlink(behind);
    enqueue_before(behind, a.relation, old_next);
  }
  return false;
}

bool LockManager::consistent() const {
  for (const Relation& r : relations_) {
    for (SessionId x = 0; x < sessions_.size(); ++x) {
      const auto relation = static_cast<RelationId>(&r - relations_.data());
      const std::uint8_t mine = own_modes(x, relation);
      for (std::size_t m = 0; m < kLockModes; ++m) {
        if ((mine >> m & 1U) == 0) continue;
        if (conflicts_with_others(r, relation, x, static_cast<LockMode>(m))) return false;
      }
    }
  }
  return true;
}

}  // namespace midflight::locks
