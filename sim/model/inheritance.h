#pragma once

#include <string>
#include <vector>

#include "sim/model/operation.h"

namespace midflight {

/// What an operation on a table does to the tables right below it: to each
/// partition or inheriting table its share.  Empty for ONLY, and for what
/// PostgreSQL does not pass on.
/// Source: PostgreSQL manual, ALTER TABLE, "Parameters" and "Notes"; CREATE INDEX.
std::vector<Operation> operations_on_heirs(const Operation& operation, const Schema& schema);

/// Why the server refuses an operation for the sake of parents or heirs, or "".
std::string refused_by_family(const Operation& operation, const Schema& schema);

/// True for ALTER TABLE IF EXISTS and its kin on a relation that is missing.
bool concerns_nothing(const Operation& operation, const Schema& schema);

}  // namespace midflight
