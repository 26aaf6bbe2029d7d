#pragma once

#include "sim/model/engine.h"
#include "sim/model/schema.h"
#include "sim/model/statement.h"
#include "sim/model/work.h"

namespace midflight::rules {

/// Locks and work of one statement under the schema before it.
/// Returns: `understood == false` with the reason for what no rule covers.
LocksAndWork locks_and_work(const Statement& statement, const Schema& before, const Dialect& dialect);

}  // namespace midflight::rules
