#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/model/object_operation.h"
#include "sim/model/schema.h"

namespace midflight {

/// What one piece of DDL does, independent of its spelling.  ALTER TABLE with
/// several sub-commands is several operations of one statement.

/// ALTER TABLE [IF EXISTS] [ONLY]: how far an operation on a table goes.
struct Reach {
  bool only = false;     ///< leaves partitions and inheriting tables alone
  bool lenient = false;  ///< IF EXISTS: nothing to do where the table is missing
};

struct AddColumn { std::string table; Column column; std::vector<Constraint> constraints; bool if_not_exists = false;
                   bool volatile_default = false; Reach reach = {}; bool draws_uuid = false; };
struct DropColumn { std::string table, column; bool if_exists = false, cascade = false; Reach reach = {}; };
struct RenameColumn { std::string table, from, to; Reach reach = {}; };
struct RenameTable { std::string from, to; bool if_exists = false; };
struct RenameIndex { std::string from, to; bool if_exists = false; };
struct RenameConstraint { std::string table, from, to; Reach reach = {}; };
struct AlterColumnType { std::string table, column, type, using_sql; std::string collation = {}; Reach reach = {}; };
struct SetNotNull { std::string table, column; Reach reach = {}; };
struct DropNotNull { std::string table, column; Reach reach = {}; };
struct SetDefault { std::string table, column, default_sql; Reach reach = {}; };  ///< empty: DROP DEFAULT
/// GENERATED ... AS IDENTITY of a column that exists.
enum class IdentityChange : std::uint8_t { Add, Set, Drop };
struct ChangeIdentity { std::string table, column; IdentityChange kind = IdentityChange::Add; bool if_exists = false;
                        Reach reach = {}; };
struct DropExpression { std::string table, column; bool if_exists = false; Reach reach = {}; };
/// ALTER COLUMN ... SET EXPRESSION: other values for a generated column.
struct SetExpression { std::string table, column; Reach reach = {}; };
struct AddConstraint { std::string table; Constraint constraint; std::string using_index; Reach reach = {}; };
struct ValidateConstraint { std::string table, constraint; Reach reach = {}; };
struct DropConstraint { std::string table, constraint; bool if_exists = false, cascade = false; Reach reach = {}; };
struct CreateIndex { Index index; bool concurrently = false, if_not_exists = false, only = false; };
struct DropIndex { std::string index; bool concurrently = false, if_exists = false, cascade = false; };

/// LIKE other INCLUDING ...: what is copied beside names, types and NOT NULL.
struct LikeSource { std::string table; bool defaults = false, identity = false, generated = false, constraints = false,
                    indexes = false; };
/// A column of a query's result; its type is that of `column` where it is one.
struct SelectedColumn { std::string name, relation, column; };
/// Parents, partition bound and kind are in `table`.
struct CreateTable { Table table; bool if_not_exists = false; std::vector<LikeSource> likes = {}; std::string of_type = {};
                     bool as_query = false, with_data = true; std::vector<SelectedColumn> selected = {}; };
/// `together`: all tables of the same DROP, which need no CASCADE among themselves.
struct DropTable { std::string table; bool if_exists = false, cascade = false; std::vector<std::string> together = {}; };
/// `only`: the tables named with ONLY.
struct Truncate { std::vector<std::string> tables, only; bool cascade = false, restart_identity = false; };
struct AttachPartition { std::string table, partition, bound; };
struct DetachPartition { std::string table, partition; bool concurrently = false, finalize = false; };
struct ChangeInheritance { std::string table, parent; bool inherits = true; };
/// What writes a table's files anew without touching its columns.
enum class StorageChange : std::uint8_t { Logged, Unlogged, Tablespace, AccessMethod };
struct ChangeStorage { std::string relation; StorageChange kind = StorageChange::Logged; std::string target = {};
                       Reach reach = {}; };
struct SetSchema { std::string relation, schema; Reach reach = {}; };

struct CreateView { View view; bool replace = false; };
struct DropView { std::string view; bool if_exists = false, cascade = false; };
struct CreateTrigger { Trigger trigger; bool replace = false; };
struct DropTrigger { std::string table, trigger; bool if_exists = false; };

/// A property of a relation that no schema keeps.  One kind is one line of the
/// table in `sim/rules/settings.cpp`; `name` is the column, parameter, trigger,
/// rule or constraint concerned.
enum class SettingKind : std::uint8_t {
  Statistics, ColumnOptions, ColumnStorage, ColumnCompression, ForeignOptions, Owner, ClusterOn, ClusterOff,
  Parameter, Trigger, Rule, TableType, ReplicaIdentity, RowSecurity, Deferrability, DropOids,
  Comment, CommentOnPart, Policy, RewriteRule, ViewDefault, Publication, ExtensionMember, ExtensionDependency,
  Privilege, ConstraintInheritance,
};
struct RelationSetting { std::string relation; SettingKind kind = SettingKind::Owner; std::string name = {}; Reach reach = {}; };

/// INSERT, UPDATE, DELETE or SELECT in a migration: its footprint is the Statement's.
struct DataStatement {};
/// SET, COMMENT, ANALYZE and the like: no effect on requests that this version models.
struct Harmless {};
/// Understood by the grammar, not by us: named honestly, never guessed at.
struct Opaque { std::string why; };

using Operation =
    std::variant<AddColumn, DropColumn, RenameColumn, RenameTable, RenameIndex, RenameConstraint, AlterColumnType,
                 SetNotNull, DropNotNull, SetDefault, ChangeIdentity, DropExpression, AddConstraint, ValidateConstraint,
                 DropConstraint, CreateIndex, DropIndex, CreateTable, DropTable, Truncate, AttachPartition,
                 DetachPartition, ChangeInheritance, ChangeStorage, SetSchema, CreateView, DropView, CreateTrigger,
                 DropTrigger, RelationSetting, SetExpression, AttachIndex, Reindex, RefreshView, DropMaterializedView,
                 RenameTrigger, CreateDomain, AlterDomain, CreateEnum, ChangeEnum, CreateComposite, ChangeAttribute,
                 RenameType, DropType, CreateSequence, ChangeSequence, DropSequence, CreateStatistics, DropStatistics,
                 DropFunction, CreateSchema, DropSchema, RenameSchema, MoveAll, EnforceConstraint, Maintenance, LockTables, DataStatement, Harmless, Opaque>;

/// The schema after the operation.
/// Returns: an empty string, or what the server would answer when the
///          operation does not fit ("column \"name\" does not exist"); the
///          schema is then unchanged.
std::string apply(const Operation& operation, Schema& schema);

}  // namespace midflight
