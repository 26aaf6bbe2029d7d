#pragma once

#include "backends/sqlite/connection.h"
#include "sim/model/schema.h"

namespace midflight::backends {

/// Creates the schema and fills every table with its rows, indexes last.
///
/// Without a journal, which a file that holds nothing yet can do without.
/// Errors: Error(Database) when a row does not fit (a CHECK that the generated
///         values break) or the disk is full; Error(Interrupted).
/// Cost:   about a million narrow rows a second.
void create_and_fill(Connection& connection, const Schema& schema, const Schema& values, const Dialect& dialect);

}  // namespace midflight::backends
