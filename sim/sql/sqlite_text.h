#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/model/schema.h"

/// Pieces of SQLite's dialect.  Internal to this room.
///
/// Source: sqlite.org/lang.html, version 3.40.

namespace midflight::sql {

/// A SELECT, INSERT, UPDATE or DELETE in SQLite's words.
/// Errors: Error(NotSupported) with what SQLite does not have.
std::string sqlite_statement(const std::string& sql);
/// An expression in SQLite's words.
std::string sqlite_expression(const std::string& sql);
/// A name; "audit.log" is one name, for SQLite has no schemas.
std::string sqlite_name(std::string_view name);
/// "a, b" quoted as needed.
std::string sqlite_names(const std::vector<std::string>& names);

/// What a cast to a type does here: INTEGER, REAL, NUMERIC, BLOB or TEXT.
std::string sqlite_affinity(const std::string& type);

/// CREATE TABLE under another name than its own where `name` says so.
std::string sqlite_table(const Table& table, const std::string& name, bool if_not_exists);
/// A column as CREATE TABLE and ADD COLUMN write it.
std::string sqlite_column(const Column& column);
std::string sqlite_index(const Index& index, bool if_not_exists);
/// CREATE VIEW, and INSTEAD OF triggers where it stands over one table.
std::vector<std::string> sqlite_view(const View& view, const Schema& schema);

}  // namespace midflight::sql
