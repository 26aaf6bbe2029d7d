#pragma once

#include "sim/model/schema.h"
#include "sim/model/statement.h"
#include "sim/sql/tree.h"

namespace midflight::sql {

/// Fills kind, accesses and parameters of a SELECT, INSERT, UPDATE, DELETE or
/// MERGE, and the relations a DDL statement locks by name (TRUNCATE, LOCK, COPY).
///
/// An unqualified column of a join belongs to the relation that has it under
/// `schema`; without a schema, or when several might, to the first relation.
/// Scope: one access per relation and statement, with its strongest mode; a
///        function's body, a trigger and a rewrite rule are not followed.
void fill_footprint(const Node* statement, const Schema* schema, Statement& out);

}  // namespace midflight::sql
