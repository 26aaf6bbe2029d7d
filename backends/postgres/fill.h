#pragma once

#include <functional>
#include <string>

#include "backends/postgres/wire.h"
#include "sim/model/schema.h"

namespace midflight::backends {

/// Creates the schema and fills every table with its rows, partitions one by
/// one, indexes and foreign keys last; then sequences, statistics and visibility
/// are as after VACUUM ANALYZE.  An extension or a function that this server
/// does not take is left out, and `note` says so.
///
/// Errors: Error(Database) when the schema cannot be made here, when no values
///         are known for a partition or a unique column, when a row does not fit
///         (a CHECK that the generated values break) or the disk is full;
///         Error(Interrupted).
/// Cost:   COPY, some hundred thousand narrow rows a second.
void create_and_fill(Wire& wire, const Schema& schema, const Schema& values, const std::function<void(const std::string&)>& note = {});

}  // namespace midflight::backends
