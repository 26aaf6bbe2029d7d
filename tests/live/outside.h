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

/// The same statement held up on `tables` by writers, readers and an old
/// snapshot, new ones of which begin whenever it waits for the last.
/// Returns: waits in order, locks held at them, relations asked for beside.
Observation observe_waits(const Opener& open, const std::string& sql, const std::vector<std::string>& tables);

}  // namespace midflight::live
