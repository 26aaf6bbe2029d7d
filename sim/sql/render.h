#pragma once

#include <string>
#include <vector>

#include "sim/model/engine.h"
#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::sql {

/// The statement in words the engine understands.
///
/// PostgreSQL: the text itself.  SQLite: ALTER where it can; the documented
/// table rebuild (create, copy, drop, rename; indexes and triggers again) where
/// it cannot; INSTEAD OF triggers for a view that must take writes; types and
/// casts that SQLite knows; $1 as ?1.
/// Returns: statements that belong to one transaction; none where the engine
///          has nothing to do (SQLite: VALIDATE CONSTRAINT, SET, COMMENT).
/// Errors:  Error(NotSupported) with the reason, at the statement's place; without a
///          place where it is a part of the schema that a rebuild would repeat.
/// Source:  sqlite.org/lang_altertable.html, section 7.
std::vector<std::string> render(const Statement& statement, const Schema& before, const Dialect& dialect);

/// CREATE TABLE (with indexes) and CREATE VIEW for a whole schema.
std::vector<std::string> render_schema(const Schema& schema, const Dialect& dialect);

/// A name as SQL: quoted when it must be.
std::string identifier(std::string_view name);

/// The name of a relation as the model has it, "app.orders", as SQL.
std::string relation(std::string_view name);

}  // namespace midflight::sql
