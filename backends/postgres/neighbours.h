#pragma once

#include <string>

#include "backends/postgres/connection.h"

namespace midflight::backends {

/// Who else measures on a server.  Every replay and every calibration holds an
/// advisory lock of ours as long as it lasts, and pg_locks shows those of all
/// databases and roles to everybody.
inline constexpr int kAdvisoryKey = 1835623526;

/// Makes the session's server known as being calibrated, until the session ends.
/// Of two that begin at the same moment at most one goes on.
/// Errors: Error(Database) when a replay or another calibration runs there.
void claim_for_calibration(PostgresConnection& session);

/// Makes it known as one with a replay, until the session ends.  Of a replay and
/// a calibration that begin at the same moment at most one goes on.
/// Errors: Error(Database) when the server is being calibrated.
void claim_for_replay(PostgresConnection& session);

/// What other sessions do that makes measured times longer; "" where nothing is
/// seen.  An ordinary role sees of other users' sessions only that they are there.
std::string other_work(PostgresConnection& session);

}  // namespace midflight::backends
