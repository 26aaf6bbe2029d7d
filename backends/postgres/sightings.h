#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "backends/postgres/activity.h"

namespace midflight::backends {

/// What is asked of pg_locks when somebody waits: a row of it is a LockRow.
extern const char* const kLockRowsSql;

/// A lock that a process of the server holds or waits for.
struct LockRow {
  std::int64_t process = 0;
  std::string type;          ///< "relation", "tuple", "transactionid", "virtualxid"
  std::string relation;      ///< of the first two: its name
  std::string transaction;   ///< of the last two: which
  std::string mode;
  bool granted = true;
};

LockRow lock_row(const Row& row);

/// Who holds and who waits, for each lock that somebody waits for.
///
/// A row's lock is awaited as the end of the transaction that holds it; which
/// table it is of is known from the tuple the waiter has reserved.  Waiters
/// stand in the order in which their calls began, which is that of the server's
/// queue but where it lets a holder go first.
std::vector<LockSighting> sight(const std::vector<LockRow>& rows, const std::vector<std::shared_ptr<PostgresActivity>>& activities,
                                Clock::time_point at);

}  // namespace midflight::backends
