#pragma once

#include <string>
#include <vector>

#include "sim/model/operation.h"
#include "sim/model/schema.h"

namespace midflight::check {

/// What rests on that which an operation drops or changes: "the view v", "the
/// foreign key f of t".  It stands in the way, or with CASCADE goes along.
///
/// Scope: what rests on a table, a column, a key or a view; nothing for any other operation.
std::vector<std::string> dependents(const Operation& operation, const Schema& schema);

}  // namespace midflight::check
