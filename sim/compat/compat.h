#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/model/engine.h"
#include "sim/model/outcome.h"
#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::compat {

/// What the server answers a statement under a schema, if it is not success.
/// Missing relations (42P01) and columns (42703), a NOT NULL column that an INSERT leaves out
/// (23502) or a CHECK that proves one non-null (23514), views that take no writes (55000), both
/// names of one column written through a view (42601); of DDL, a change of type that no cast
/// covers (42804).  SQLite's messages for SQLite.
std::optional<ErrorKind> failure(const Statement& statement, const Schema& schema, const Dialect& dialect);

/// True when the result columns of a cached plan of `statement` differ between
/// the schemas, so that executing it fails with 0A000 until prepared again.
bool result_type_changed(const Statement& statement, const Schema& before, const Schema& after);

/// The columns of a table that a statement would write or read under the
/// schema, by base-table name (a view is followed to its table).
/// `reads` are those whose value reaches the client.
struct ColumnAccess {
  std::string table;
  std::vector<std::string> reads, writes;
  bool inserts = false, by_key = false;
};
std::vector<ColumnAccess> column_accesses(const Statement& statement, const Schema& schema);

}  // namespace midflight::compat
