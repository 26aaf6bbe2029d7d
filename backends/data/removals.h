#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::backends {

/// Tables from which these statements may take rows away, or give them another
/// key: a row that is missing there afterwards proves nothing.
///
/// Deletes that cascade, partitions and heirs are followed; what a DO block, a
/// procedure or a function of the schema's own does nobody knows, so it may be anything.
std::set<std::string> tables_losing_rows(const std::vector<const Statement*>& statements, const Schema& schema);

}  // namespace midflight::backends
