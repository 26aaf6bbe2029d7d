#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/error.h"
#include "sim/model/lock_mode.h"
#include "sim/model/operation.h"

namespace midflight {

enum class StatementKind : std::uint8_t { Select, Insert, Update, Delete, Ddl, Other };

/// What a statement does to one relation: its share of the footprint.
struct Access {
  std::string relation;
  LockMode mode = LockMode::AccessShareLock;
  std::vector<std::string> reads;       ///< columns named in reading places (output, WHERE, RETURNING, ...)
  std::vector<std::string> outputs;     ///< of the reads: those whose value reaches the client
  std::vector<std::string> writes;      ///< columns assigned by INSERT or UPDATE
  bool reads_all = false;               ///< SELECT * or RETURNING *
  /// Conditions `column = $n` or `column = constant` joined by AND: the row is
  /// found by these.  Empty: the statement visits all rows.
  std::vector<std::string> key;
  bool only = false;                    ///< ONLY: neither partitions nor inheriting tables
  /// How its rows change; none of them for what only reads.
  bool inserts = false, updates = false, deletes = false;
  bool operator==(const Access&) const = default;
};

/// One SQL statement, parsed: text, place, footprint, and what DDL it does.
struct Statement {
  std::string sql;      ///< one statement, without the semicolon
  Position where;
  StatementKind kind = StatementKind::Other;
  std::vector<Access> accesses;         ///< in the order the locks are asked for
  std::vector<Operation> operations;    ///< DDL only, in order
  int parameters = 0;                   ///< highest $n
  /// INSERT ... ON CONFLICT, SELECT ... FOR UPDATE and such are still their kind.
  bool refuses_transaction = false;     ///< CREATE INDEX CONCURRENTLY, VACUUM, ...
  int since = 0;                        ///< first major version of PostgreSQL with this syntax; 0: any
};

}  // namespace midflight
