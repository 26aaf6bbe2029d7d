#pragma once

#include <string>
#include <vector>

#include "tests/support/private_server.h"

namespace midflight::testing {

/// How pgbench, PostgreSQL's own load program, is to run one statement.
struct PgbenchRun {
  std::string script;            ///< its meta-commands and the statement
  int clients = 8;
  int seconds = 5;
  double per_second = 0;         ///< Poisson arrivals at this rate; 0: as fast as it can
};

/// What it saw.
struct PgbenchResult {
  double per_second = 0;         ///< transactions, without the time to connect
  std::vector<double> latency_s; ///< by end; from the intended start where there is a rate
  std::vector<double> ended_s;   ///< when each of these was, by the system's clock
};

/// Runs it on a database of the server, with the extended protocol and two threads.
/// Errors: Error(Database) when there is no pgbench or it fails, with its last words.
PgbenchResult pgbench(const PrivateServer& server, const std::string& database, const PgbenchRun& run);

}  // namespace midflight::testing
