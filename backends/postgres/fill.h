#pragma once

#include "backends/postgres/wire.h"
#include "sim/model/schema.h"

namespace midflight::backends {

/// Creates the schema and fills every table with its rows, indexes and foreign
/// keys last; then sequences, statistics and visibility are as after VACUUM ANALYZE.
///
/// Errors: Error(Database) when a row does not fit (a CHECK that the generated
///         values break) or the disk is full; Error(Interrupted).
/// Cost:   COPY, some hundred thousand narrow rows a second.
void create_and_fill(Wire& wire, const Schema& schema, const Dialect& dialect);

}  // namespace midflight::backends
