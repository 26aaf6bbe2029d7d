#pragma once

#include <string>
#include <vector>

#include "sim/model/schema.h"

namespace midflight::sql {

/// CREATE TABLE, indexes, foreign keys and views of a schema for PostgreSQL.
/// Scope: triggers and user-defined types are left out, for what is behind
///        them is not known.
std::vector<std::string> postgres_schema(const Schema& schema);

}  // namespace midflight::sql
