#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/kernel/time.h"

namespace midflight::backends {

/// Size of one table, its partitions included.  An estimate of the server.
struct TableSize {
  std::string name;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;       ///< heap and TOAST, no indexes
  bool analysed = true;         ///< false: nobody counted yet, rows are guessed from the size
};

/// Calls of the application that differ in their parameters alone.
struct StatementClass {
  std::string sql;              ///< with $1, $2, ...
  double per_second = 0;
  double mean_s = 0, deviation_s = 0;
};

/// A transaction that was open longer than a moment when we looked.
struct LongTransaction {
  std::string sql;              ///< its last statement, literals as parameters
  std::string application;
  double age_s = 0;
  bool idle = false;            ///< between two statements
};

/// The connections of one application.
struct ClientPool {
  std::string application;
  int clients = 0;              ///< addresses they come from; all local ones are one
  int connections = 0;
};

/// What matters to a scenario among the settings of a server.
struct InspectedSettings {
  int major = 0;
  std::string version;          ///< "15.18 (Debian ...)", as the server says it
  int connections = 0;          ///< max_connections
  double deadlock_timeout_s = 1;
  std::string role;             ///< whose sessions begin with the following: ALTER ROLE may have set them
  double lock_timeout_s = 0, statement_timeout_s = 0, idle_transaction_timeout_s = 0;  ///< 0: none
};

/// What a look at a live database found.
struct Inspection {
  std::string database;
  InspectedSettings settings;
  std::string schema_sql;
  std::vector<TableSize> tables;
  std::vector<StatementClass> statements;   ///< most frequent first
  std::string statements_from;              ///< "pg_stat_statements, over 3 d 2 h"
  std::vector<std::string> unreadable;      ///< statements that were left out, each with the reason
  std::vector<LongTransaction> transactions;///< longest first
  std::vector<ClientPool> pools;            ///< largest first
  std::vector<std::string> unseen;          ///< what could not be seen, and why
};

struct InspectOptions {
  /// Two looks at the statements this far apart; without it, since their counters began.
  std::optional<Duration> between;
  const std::atomic<bool>* stop = nullptr;
};

/// Looks at a live PostgreSQL database: reads only, in one REPEATABLE READ
/// snapshot, with the rights of whoever the URI says.
///
/// Waits for no lock longer than two seconds.
/// Errors: Error(Database) without connection, for a server older than 12, for
///         a database without tables; Error(Interrupted) when stopped.
Inspection inspect(const std::string& uri, const InspectOptions& options = {});

}  // namespace midflight::backends
