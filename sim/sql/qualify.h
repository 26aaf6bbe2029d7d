#pragma once

#include "sim/model/schema.h"
#include "sim/sql/search_path.h"
#include "sim/sql/tree.h"

namespace midflight::sql {

/// Puts the schema in front of every relation and type that a statement names
/// without one: the first of the path that has it, or, of what is not known, the
/// first of the path.
///
/// Scope: functions, and names inside strings (nextval('x')), stay as they are.
void qualify(Tree& tree, std::size_t statement, const SearchPath& path, const Schema& schema);

/// The same inside CREATE SCHEMA name ...: what it makes lies in it, and so does what
/// its parts say of that.
void place_elements(Tree& tree, std::size_t statement);

}  // namespace midflight::sql
