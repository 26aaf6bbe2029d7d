#pragma once

#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::rules {

/// True if the access names one row at most: its key covers the primary key, a
/// unique constraint or a unique index of the table.
/// Scope: a unique index with a condition counts like any other.
bool finds_one_row(const Access& access, const Table& table);

}  // namespace midflight::rules
