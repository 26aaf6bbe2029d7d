#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "backends/inspect/inspection.h"
#include "backends/postgres/connection.h"
#include "sim/model/schema.h"

namespace midflight::backends {

/// Counters of one statement at one moment.
struct StatementCounters {
  std::string sql;
  double calls = 0, total_s = 0, squares_s2 = 0;  ///< sums of the lengths and of their squares
  double since_s = 0;                             ///< how long they have been counted; 0: not known
};

/// A look at pg_stat_statements.
struct StatementLook {
  std::map<std::string, StatementCounters> counters;  ///< by query number
  std::chrono::steady_clock::time_point at;
  std::string why_not;                                ///< not empty: nothing could be seen
  std::int64_t hidden = 0;                            ///< statements of other users
};

/// Requires: a transaction, which stays usable when the view cannot be read.
StatementLook look_at_statements(PostgresConnection& session);

/// Counters of the time between two looks.
StatementLook difference(const StatementLook& later, const StatementLook& earlier);

/// Keeps the application's own statements as classes with rates: those that
/// read or write tables of the schema and fit it.  The others are counted or
/// listed in the inspection.
void add_statements(const StatementLook& look, const Schema& schema, Inspection& inspection);

/// Where nothing tells the statements: each table's counters, as reads, inserts,
/// updates and deletes by primary key.
void add_guessed_statements(PostgresConnection& session, const Schema& schema, Inspection& inspection);

}  // namespace midflight::backends
