#pragma once

#include <string>

#include "backends/data/catalogue.h"

namespace midflight::backends {

/// The replay's own questions around a plan, in the engine's words.

/// A check as a query of one truth; "0" or "1" where the schema knows the answer.
std::string check_sql(const CheckStep& check, const Schema& schema, const Dialect& dialect);

/// Counts rows that differ between a column about to be dropped and its
/// successor; empty where the statement drops no such column.
std::string disagreement_sql(const Statement& statement, const Schema& schema, const Catalogue& catalogue,
                             const Dialect& dialect);

/// True for a statement that runs in no transaction block: one that refuses
/// them, or a DO block that commits by itself.
bool runs_alone(const Statement& statement);

/// The strongest lock on a table that the statement asks for.
LockMode strongest_mode(const Statement& statement);

}  // namespace midflight::backends
