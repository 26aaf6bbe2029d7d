#pragma once

#include <functional>

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

/// Calls `visit` with every column reference that leads to a relation, and the
/// relation's name.  Stars, and columns of subqueries and CTEs, are left out.
using ColumnVisitor = std::function<void(const PgQuery__ColumnRef&, const std::string& relation)>;
void resolve_columns(const Node* statement, const Schema* schema, const ColumnVisitor& visit);

}  // namespace midflight::sql
