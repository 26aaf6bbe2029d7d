#pragma once

#include <string>

#include "sim/model/operation.h"
#include "sim/model/schema.h"

namespace midflight {

/// The first of "users_name_idx", "users_name_idx1", ... that no relation beside
/// `table` has: tables, views, indexes, sequences and row types share their names.
/// Names of `table` itself count too, where it is not in the schema yet.
/// Source: PostgreSQL, ChooseRelationName.  Scope: a name of 63 bytes is not cut again.
std::string free_relation_name(const Schema& schema, const Table& table, const std::string& first);

/// The same for the index of a constraint, which shares its name: no constraint may have it either.
std::string free_key_name(const Schema& schema, const Table& table, const std::string& first);

/// The same for a column's own sequence, with its schema in front.
std::string free_sequence_name(const Schema& schema, const Table& table, const std::string& first);

/// The operation with the names that the server would choose for what it leaves unnamed.
Operation with_names(Operation operation, const Schema& schema);

/// False for nearly all operations: then with_names() changes nothing.
bool leaves_names_open(const Operation& operation);

}  // namespace midflight
