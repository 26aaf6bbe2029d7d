#pragma once

#include <functional>
#include <string>
#include <vector>

#include "backends/postgres/connection.h"
#include "tests/live/observation.h"

namespace midflight::live {

/// Opens another session on the same fresh database.
using Opener = std::function<backends::PostgresConnection()>;

/// For statements that refuse a transaction: a session holds AccessExclusiveLock on
/// every table and lets go of each as it is asked for.
/// Returns: requests in effects.locks, and the work.
Observation observe_requests(const Opener& open, const std::string& sql);

/// A wait for transactions to end.
struct HeldUp {
  bool by_snapshot;
  Locks held;
};

/// What one way to hold a statement up has shown.
struct Held {
  std::vector<HeldUp> waits;
  Observation seen;
};

/// The same statement held up by sessions that hold `mode` on `tables`, and by
/// an old snapshot; new ones begin whenever it waits for the last.
Held observe_held_up(const Opener& open, const std::string& sql, const std::vector<std::string>& tables, const std::string& mode);

/// The waits in order, from one run with writers in the way and one with readers.
std::vector<Wait> merged_waits(const std::vector<HeldUp>& by_writers, const std::vector<HeldUp>& by_readers);

}  // namespace midflight::live
