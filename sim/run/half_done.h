#pragma once

#include <string>
#include <vector>

#include "sim/model/schema.h"
#include "sim/model/statement.h"
#include "sim/model/work.h"

namespace midflight {

/// Puts into the schema what a concurrent statement has committed when it is broken
/// off in a phase: an index that is not valid, a partition whose detachment is pending.
/// Returns: "an invalid index x": what it leaves, in words; empty for nothing.
/// Source:  PostgreSQL manual, CREATE INDEX, DROP INDEX and REINDEX, CONCURRENTLY;
///          ALTER TABLE, DETACH PARTITION CONCURRENTLY.
/// Scope:   transient indexes are named without a number behind them; the index of a
///          TOAST table, which REINDEX leaves as well, is not seen.
std::string leave_half_done(const Statement& statement, const std::vector<Phase>& phases, std::size_t phase, Schema& schema);

}  // namespace midflight
