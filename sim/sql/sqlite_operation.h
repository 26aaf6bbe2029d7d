#pragma once

#include <string>
#include <vector>

#include "sim/model/operation.h"

namespace midflight::sql {

/// One operation in SQLite's words; empty when SQLite has nothing to do.
/// Requires: `after` is `before` with the operation applied.
/// Errors:   Error(NotSupported) with what SQLite does not have.
/// Source:   sqlite.org/lang_altertable.html, section 7, for the rebuild.
std::vector<std::string> sqlite_operation(const Operation& operation, const Schema& before, const Schema& after);

/// CREATE TABLE, indexes and views of a schema.
/// Errors: Error(NotSupported), without a place, with the part that SQLite does not have.
/// Scope: triggers are left out, for the functions behind them are not known.
std::vector<std::string> sqlite_schema(const Schema& schema);

/// The documented rebuild: create, copy, drop, rename; indexes and views again.
/// `value` is what the copy puts into `column` instead of the column itself.
std::vector<std::string> sqlite_rebuild(const std::string& table, const Schema& before, const Schema& after,
                                        const std::string& column = "", const std::string& value = "");
/// DROP VIEW for every view that stands on a relation, last first.
std::vector<std::string> sqlite_drop_views(const std::string& relation, const Schema& schema);
/// CREATE VIEW with its triggers for every view that stands on a relation.
std::vector<std::string> sqlite_create_views(const std::string& relation, const Schema& schema);

}  // namespace midflight::sql
