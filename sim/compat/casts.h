#pragma once

#include <optional>

#include "sim/model/outcome.h"
#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::compat {

/// What PostgreSQL answers to a change of type without USING where no cast
/// leads from the one type to the other by itself (42804).
///
/// Scope:  text, numbers, boolean, dates, uuid and json; any other type, and every
///         domain, is taken to have a cast.  Rows that a cast refuses are data.
/// Source: pg_cast, casts in assignment, the same in PostgreSQL 12 to 18.
std::optional<ErrorKind> missing_cast(const Statement& statement, const Schema& schema);

}  // namespace midflight::compat
