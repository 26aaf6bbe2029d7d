#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "sim/locks/lock_manager.h"

namespace midflight::testing {

/// A lock manager that is plainly right and slow: lists of (session, mode),
/// searched from end to end, with the rules of PostgreSQL's lock manager README
/// written out as sentences.
class LockTwin {
 public:
  using Session = locks::SessionId;
  using Relation = locks::RelationId;
  struct Lock {
    Session session;
    LockMode mode;
    bool operator==(const Lock&) const = default;
  };

  static bool conflict(LockMode a, LockMode b) {
    return (kLockConflicts[static_cast<std::size_t>(a)] >> static_cast<std::size_t>(b) & 1U) != 0;
  }

  locks::Ask ask(Session session, Relation relation, LockMode mode) {
    if (holds(session, relation, mode)) return locks::Ask::Granted;
    std::vector<Lock>& queue = queued[relation];
    const auto place = place_of(session, relation);
    const std::vector<Lock> ahead(queue.begin(), place);
    if (!conflicts_with_any(ahead, session, mode) && !conflicts_with_any(held[relation], session, mode)) {
      held[relation].push_back({session, mode});
      return locks::Ask::Granted;
    }
    // Whoever must wait for us here, and holds here what we must wait for.
    if (place != queue.end() && conflicts_with_any(held_by(place->session, relation), session, mode)) {
      return locks::Ask::Deadlock;
    }
    queue.insert(place, {session, mode});
    return locks::Ask::Waits;
  }

  void wait_for_session(Session session, Session holder) { rows[session] = holder; }

  void cancel(Session session) {
    rows.erase(session);
    for (auto& [relation, queue] : queued) {
      if (std::erase_if(queue, [&](const Lock& l) { return l.session == session; }) > 0) wake(relation);
    }
  }

  void release(Session session) {
    std::set<Relation> touched;
    for (auto& [relation, locks] : held) {
      if (std::erase_if(locks, [&](const Lock& l) { return l.session == session; }) > 0) touched.insert(relation);
    }
    for (const Relation relation : touched) wake(relation);
    for (auto row = rows.begin(); row != rows.end();) {
      if (row->second == session) granted.insert(row->first), row = rows.erase(row);
      else ++row;
    }
  }

  bool holds(Session session, Relation relation, LockMode mode) const {
    const auto found = held.find(relation);
    return found != held.end() &&
           std::find(found->second.begin(), found->second.end(), Lock{session, mode}) != found->second.end();
  }
  bool waiting(Session session) const {
    return rows.contains(session) || std::any_of(queued.begin(), queued.end(), [&](const auto& q) {
             return std::any_of(q.second.begin(), q.second.end(), [&](const Lock& l) { return l.session == session; });
           });
  }

  std::map<Relation, std::vector<Lock>> held, queued;
  std::map<Session, Session> rows;   ///< who waits for whose transaction
  std::set<Session> granted;         ///< since the caller last emptied it

 private:
  /// Before the first waiter that cannot go before us because of what we hold; else last.
  std::vector<Lock>::iterator place_of(Session session, Relation relation) {
    std::vector<Lock>& queue = queued[relation];
    return std::find_if(queue.begin(), queue.end(), [&](const Lock& waiter) {
      return std::any_of(held[relation].begin(), held[relation].end(),
                         [&](const Lock& mine) { return mine.session == session && conflict(mine.mode, waiter.mode); });
    });
  }
  std::vector<Lock> held_by(Session session, Relation relation) {
    std::vector<Lock> own;
    std::copy_if(held[relation].begin(), held[relation].end(), std::back_inserter(own),
                 [&](const Lock& l) { return l.session == session; });
    return own;
  }
  static bool conflicts_with_any(const std::vector<Lock>& locks, Session session, LockMode mode) {
    return std::any_of(locks.begin(), locks.end(),
                       [&](const Lock& l) { return l.session != session && conflict(l.mode, mode); });
  }
  /// Each waiter in turn, if it conflicts neither with others' locks nor with a waiter still before it.
  void wake(Relation relation) {
    std::vector<Lock> still;
    for (const Lock& waiter : queued[relation]) {
      if (conflicts_with_any(still, waiter.session, waiter.mode) ||
          conflicts_with_any(held[relation], waiter.session, waiter.mode)) {
        still.push_back(waiter);
      } else {
        held[relation].push_back(waiter);
        granted.insert(waiter.session);
      }
    }
    queued[relation] = still;
  }
};

}  // namespace midflight::testing
