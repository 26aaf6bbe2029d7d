#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/model/schema.h"

namespace midflight {

/// What one piece of DDL does, independent of its spelling.  ALTER TABLE with
/// several sub-commands is several operations of one statement.

struct AddColumn { std::string table; Column column; std::vector<Constraint> constraints; bool if_not_exists = false;
                   bool volatile_default = false; };
struct DropColumn { std::string table, column; bool if_exists = false, cascade = false; };
struct RenameColumn { std::string table, from, to; };
struct RenameTable { std::string from, to; };
struct RenameIndex { std::string from, to; };
struct RenameConstraint { std::string table, from, to; };
struct AlterColumnType { std::string table, column, type, using_sql; };
struct SetNotNull { std::string table, column; };
struct DropNotNull { std::string table, column; };
struct SetDefault { std::string table, column, default_sql; };  ///< empty: DROP DEFAULT
struct AddConstraint { std::string table; Constraint constraint; std::string using_index; };
struct ValidateConstraint { std::string table, constraint; };
struct DropConstraint { std::string table, constraint; bool if_exists = false; };
struct CreateIndex { Index index; bool concurrently = false, if_not_exists = false; };
struct DropIndex { std::string index; bool concurrently = false, if_exists = false; };
struct CreateTable { Table table; bool if_not_exists = false; };
struct DropTable { std::string table; bool if_exists = false, cascade = false; };
struct CreateView { View view; bool replace = false; };
struct DropView { std::string view; bool if_exists = false; };
struct CreateTrigger { Trigger trigger; };
struct DropTrigger { std::string table, trigger; };
/// INSERT, UPDATE, DELETE or SELECT in a migration: its footprint is the Statement's.
struct DataStatement {};
/// SET, COMMENT, ANALYZE and the like: no effect on requests that this version models.
struct Harmless {};
/// Understood by the grammar, not by us: named honestly, never guessed at.
struct Opaque { std::string why; };

using Operation =
    std::variant<AddColumn, DropColumn, RenameColumn, RenameTable, RenameIndex, RenameConstraint, AlterColumnType,
                 SetNotNull, DropNotNull, SetDefault, AddConstraint, ValidateConstraint, DropConstraint, CreateIndex,
                 DropIndex, CreateTable, DropTable, CreateView, DropView, CreateTrigger, DropTrigger, DataStatement,
                 Harmless, Opaque>;

/// The schema after the operation.
/// Returns: an empty string, or what the server would answer when the
///          operation does not fit ("column \"name\" does not exist"); the
///          schema is then unchanged.
std::string apply(const Operation& operation, Schema& schema);

}  // namespace midflight
