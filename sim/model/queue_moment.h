#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/time.h"

namespace midflight {

/// Sessions of one kind that stand next to each other: holders of a lock, or
/// neighbours in its queue.
struct QueueGroup {
  std::string who;                       ///< "v1 profile", "step change", "nightly report"
  std::string mode;                      ///< the lock held or asked for; else what is waited for, in words
  std::int64_t count = 1;
  bool requests = false;
  Instant since{};                       ///< when the first of them came
  bool operator==(const QueueGroup&) const = default;
};

/// One lock at one moment of the run that is told: who holds it, who waits for
/// it in which order, who has failed.
struct QueueMoment {
  Instant at{};
  std::string lock;                      ///< a relation, "rows of users", "the database"
  std::string what;                      ///< what has just happened
  std::vector<QueueGroup> holders;
  std::vector<QueueGroup> waiters;       ///< in order of the queue
  std::int64_t without_connection = 0;   ///< requests that wait for a pooled connection meanwhile
  std::int64_t failed = 0;               ///< requests that failed since this lock was last told of
};

/// Requests of one version that failed, by when they arrived.
struct FailedSpan {
  Instant at{}, until{};
  std::string version;
  std::int64_t count = 0;
};

}  // namespace midflight
