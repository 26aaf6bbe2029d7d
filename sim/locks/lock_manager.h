#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/kernel/time.h"
#include "sim/model/lock_mode.h"

namespace midflight::locks {

using SessionId = std::uint32_t;
using RelationId = std::uint16_t;  ///< 0 is spare: the file of a product that locks nothing smaller
inline constexpr SessionId kNobody = ~SessionId{0};

/// Deadlock: it would wait for a session that waits for it on the same relation.
enum class Ask : std::uint8_t { Granted, Waits, Deadlock };

/// The table locks of a database and the queues before them.
///
/// Requests are granted in arrival order: one that conflicts with a holder
/// waits, and so does every later one that conflicts with a waiter, even where
/// it could share the lock with today's holders.  That is the rule that turns
/// one slow reader plus one ALTER TABLE into an outage.  A session that already
/// holds a lock on the relation goes before waiters that conflict with it.
/// Locks are kept until release().
///
/// A session may also wait for the end of another one's transaction, as a
/// writer does whose row is locked, and a concurrent index build between its phases.
///
/// Owns:    ids only; sessions and relations belong to the caller.
/// Source:  PostgreSQL, src/backend/storage/lmgr/README; ProcSleep, ProcLockWakeup.
/// Scope:   no fast path, no partitions of the table, no group locking: none of
///          them changes who waits for whom.
/// Cost:    an uncontended request is two loads and two sums.
class LockManager {
 public:
  void add_relation(RelationId id) {
    if (id >= relations_.size()) relations_.resize(id + 1U);
  }
  void add_session(SessionId id) {
    if (id >= sessions_.size()) sessions_.resize(id + 1U);
  }

  /// Asks for a lock.  Granted: it is held.  Waits: the session is in the queue
  /// until it turns up in granted(), or cancel().  Deadlock: seen at once, without
  /// waiting for deadlock_timeout; it is in no queue and must give up.
  Ask ask(SessionId session, RelationId relation, LockMode mode, Instant now) {
    Relation& r = relations_[relation];
    if (r.head == kNobody && (r.granted & kLockConflicts[static_cast<std::size_t>(mode)]) == 0) [[likely]] {
      hold(sessions_[session], r, relation, mode);
      return Ask::Granted;
    }
    return ask_contended(session, relation, mode, now);
  }

  /// Waits until `holder` releases what it has.
  void wait_for_session(SessionId session, SessionId holder, Instant now);

  /// Leaves the queue without the lock.
  void cancel(SessionId session);

  /// Ends the transaction: gives back all locks, wakes those that may go on.
  void release(SessionId session) {
    Session& s = sessions_[session];
    const std::uint32_t n = s.holds;
    for (std::uint32_t i = 0; i < n; ++i) {
      const Hold h = s.at(i);
      Relation& r = relations_[h.relation];
      if (--r.counts[h.mode] == 0) r.granted &= static_cast<std::uint8_t>(~(1U << h.mode));
    }
    s.holds = 0;
    if (contended_ > 0) wake_after(session, n);
  }

  /// Sessions granted since the caller last emptied this, in the order of the grants.
  std::vector<SessionId>& granted() { return granted_; }

  bool holds(SessionId session, RelationId relation, LockMode mode) const;
  bool holds_any(SessionId session) const { return sessions_[session].holds > 0; }
  bool waiting(SessionId session) const { return sessions_[session].wait != Wait::None; }
  Instant waiting_since(SessionId session) const { return sessions_[session].since; }
  /// The queue of a relation, from its head.  Cost: its length.
  std::vector<SessionId> queue(RelationId relation) const;
  /// What a session in a queue asks for.
  LockMode asks_for(SessionId session) const { return sessions_[session].mode; }
  RelationId asked_relation(SessionId session) const { return sessions_[session].relation; }
  /// Whose end a session waits for, or kNobody.
  SessionId awaited(SessionId session) const {
    return sessions_[session].wait == Wait::Session ? sessions_[session].awaited : kNobody;
  }
  /// The strongest mode a session holds on a relation, as a number, or -1.
  int strongest(SessionId session, RelationId relation) const;
  /// Sessions in any queue.
  std::int64_t waiters() const { return contended_; }

  /// Modes held or asked for on a relation, as lock_bit()s.
  std::uint8_t modes(RelationId relation) const {
    return relations_[relation].granted | relations_[relation].asked;
  }
  /// Does the session hold, or wait ahead for, a lock on the relation that
  /// conflicts with the mode?
  bool obstructs(SessionId session, RelationId relation, LockMode mode) const;

  /// Does the session hold a lock on the relation that conflicts with the mode?
  bool holds_conflicting(SessionId session, RelationId relation, LockMode mode) const {
    return (own_modes(session, relation) & kLockConflicts[static_cast<std::size_t>(mode)]) != 0;
  }
  /// Sessions other than `self` that hold a lock conflicting with the mode.
  std::vector<SessionId> holders(RelationId relation, LockMode mode, SessionId self) const;

  /// What the session found when deadlock_timeout woke it.
  enum class Deadlock : std::uint8_t { None, Reordered, Victim };
  /// Looks for a cycle through a waiting session.  A soft one (over mere queue
  /// order) is resolved by reordering the queue; in a hard one the session must give up.
  Deadlock check_deadlock(SessionId session);

  /// Never two conflicting locks held by different sessions.  For tests.
  bool consistent() const;

 private:
  static constexpr std::uint32_t kInline = 6;
  enum class Wait : std::uint8_t { None, Lock, Session };
  struct Hold { RelationId relation; std::uint8_t mode; };
  struct Session {
    std::uint16_t holds = 0;
    Wait wait = Wait::None;
    LockMode mode{};
    RelationId relation = 0;
    SessionId prev = kNobody, next = kNobody;  ///< in the queue of `relation`
    SessionId awaited = kNobody;               ///< Wait::Session
    Instant since{};
    std::array<Hold, kInline> held{};
    std::unique_ptr<std::vector<Hold>> more;   ///< past the first few
    const Hold& at(std::uint32_t i) const { return i < kInline ? held[i] : (*more)[i - kInline]; }
  };
  struct Relation {
    std::uint8_t granted = 0, asked = 0;       ///< masks of modes
    std::array<std::uint32_t, kLockModes> counts{};
    SessionId head = kNobody, tail = kNobody;
  };

  static void hold(Session& s, Relation& r, RelationId relation, LockMode mode) {
    const Hold h{relation, static_cast<std::uint8_t>(mode)};
    if (s.holds < kInline) [[likely]] {
      s.held[s.holds] = h;
    } else {
      if (s.more == nullptr) s.more = std::make_unique<std::vector<Hold>>();
      s.more->resize(s.holds - kInline);
      s.more->push_back(h);
    }
    ++s.holds;
    ++r.counts[h.mode];
    r.granted |= lock_bit(mode);
  }
  std::uint8_t own_modes(SessionId session, RelationId relation) const;
  bool conflicts_with_others(const Relation& r, RelationId relation, SessionId session, LockMode mode) const;
  Ask ask_contended(SessionId session, RelationId relation, LockMode mode, Instant now);
  void enqueue_before(SessionId session, RelationId relation, SessionId place);
  void unlink(SessionId session);
  void refresh_asked(Relation& r);
  void wake_after(SessionId session, std::uint32_t released);
  void wake_queue(RelationId relation);
  std::vector<std::vector<std::size_t>> wait_for_graph(std::vector<SessionId>& nodes) const;
  bool try_reorder(SessionId session, const std::vector<SessionId>& cycle);

  std::vector<Relation> relations_;
  std::vector<Session> sessions_;
  std::vector<SessionId> granted_;
  std::int64_t contended_ = 0;
  std::vector<SessionId> session_waiters_;     ///< Wait::Session, by id
};

}  // namespace midflight::locks
