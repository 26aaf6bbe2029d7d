#pragma once

#include <cstdint>

#include "sim/kernel/time.h"
#include "sim/locks/lock_manager.h"
#include "sim/model/engine.h"

namespace midflight::locks {

/// SQLite's locking of one database file.
///
/// One writer at a time.  In WAL mode readers never wait and never hold anybody
/// up.  In delete mode a writer that wants to commit first keeps new readers
/// out (PENDING), then needs the last reader gone (EXCLUSIVE).  Nobody queues:
/// whoever is refused tries again after a delay of his own.
///
/// Source: sqlite.org/lockingv3.html, sqlite.org/wal.html; sqliteDefaultBusyCallback.
/// Scope:  no shared cache, no checkpoint starvation.
class SqliteLocks {
 public:
  explicit SqliteLocks(Journal journal) : journal_(journal) {}

  /// SHARED.  False: busy.
  bool read(SessionId session) {
    if (journal_ == Journal::Wal) return true;
    if (pending_ != kNobody && pending_ != session) return false;
    ++readers_;
    return true;
  }
  /// The right to write: RESERVED, or WAL's write lock.  False: busy.
  bool write(SessionId session) {
    if (writer_ != kNobody && writer_ != session) return false;
    if (journal_ == Journal::Delete && pending_ != kNobody && pending_ != session) return false;
    writer_ = session;
    return true;
  }
  /// Before a commit that wrote.  `own_reads` are SHARED locks it has itself.
  /// False: readers are still there; new ones are kept out from now on.
  bool commit(SessionId session, int own_reads) {
    if (journal_ == Journal::Wal) return true;
    pending_ = session;
    return readers_ <= own_reads;
  }
  /// Ends a transaction that had `own_reads` SHARED locks.
  void release(SessionId session, int own_reads, bool wrote) {
    readers_ -= journal_ == Journal::Delete ? own_reads : 0;
    if (pending_ == session) pending_ = kNobody;
    if (writer_ == session) {
      writer_ = kNobody;
      commits_ += wrote;
    }
  }

  SessionId writer() const { return writer_; }
  SessionId pending() const { return pending_; }
  /// Transactions that wrote so far; a WAL reader's snapshot is one of these.
  std::uint32_t commits() const { return commits_; }

  /// How long a refused session sleeps before try number `tries` + 1, having
  /// slept `slept` so far; zero: it gives up.
  static Duration delay(int tries, Duration slept, Duration busy_timeout) {
    constexpr int kDelays[] = {1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100};
    constexpr int kLast = 11;
    const Duration next = Duration::milliseconds(kDelays[tries < kLast ? tries : kLast]);
    const Duration left = busy_timeout - slept;
    return left < next ? (left > Duration{} ? left : Duration{}) : next;
  }

 private:
  Journal journal_;
  SessionId writer_ = kNobody, pending_ = kNobody;
  int readers_ = 0;
  std::uint32_t commits_ = 0;
};

}  // namespace midflight::locks
