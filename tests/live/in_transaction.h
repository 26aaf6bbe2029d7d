#pragma once

#include <string>

#include "backends/postgres/connection.h"
#include "tests/live/observation.h"

namespace midflight::live {

/// Runs the statement in a transaction, looks, and rolls back.
/// Returns: `transaction_forbidden` and nothing else for what answers 25001.
Observation observe_in_transaction(backends::PostgresConnection session, const std::string& sql);

}  // namespace midflight::live
