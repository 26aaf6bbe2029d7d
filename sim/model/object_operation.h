#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/model/lock_mode.h"
#include "sim/model/schema.h"

namespace midflight {

/// What DDL does to anything but tables and their columns.  Part of Operation.

/// ALTER INDEX index ATTACH PARTITION partition: an index of a partition becomes
/// a part of the index of the partitioned table.
struct AttachIndex { std::string index, partition; };
enum class ReindexScope : std::uint8_t { Index, Table, Schema, Database, System };
struct Reindex { ReindexScope scope = ReindexScope::Index; std::string name; bool concurrently = false; };
struct RefreshView { std::string view; bool concurrently = false, with_data = true; };
struct DropMaterializedView { std::string view; bool if_exists = false, cascade = false; };
struct RenameTrigger { std::string table, from, to; };

struct CreateDomain { Domain domain; };
enum class DomainChange : std::uint8_t {
  AddConstraint, ValidateConstraint, DropConstraint, RenameConstraint, SetNotNull, DropNotNull, Default,
};
/// `constraint` is the one that is added, or has the name concerned; `to` a new name or default.
struct AlterDomain { std::string domain; DomainChange kind = DomainChange::Default; Constraint constraint = {};
                     std::string to = {}; bool if_exists = false; };
struct CreateEnum { Enum type; };
/// ADD VALUE, or RENAME VALUE where `renamed` is the old one.
struct ChangeEnum { std::string type, value, renamed = {}, neighbour = {}; bool after = false, if_not_exists = false; };
struct CreateComposite { Composite type; };
enum class AttributeChange : std::uint8_t { Add, Drop, Type, Rename };
struct ChangeAttribute { std::string type; AttributeChange kind = AttributeChange::Add; Column attribute = {};
                         std::string to = {}; bool if_exists = false, cascade = false; };
/// Of a domain, enum or row type; another schema is a new name.
struct RenameType { std::string from, to; };
struct DropType { std::string type; bool if_exists = false, cascade = false; };

struct CreateSequence { Sequence sequence; bool if_not_exists = false; };
/// ALTER SEQUENCE: its numbers, or with `owned` the column it goes with (none: empty).
struct ChangeSequence { Sequence sequence; bool owned = false, if_exists = false; };
struct DropSequence { std::string sequence; bool if_exists = false, cascade = false; };

/// CREATE STATISTICS and publications lock the tables they name; so does whoever drops them.
struct CreateStatistics { Statistics statistics; bool if_not_exists = false; };
struct DropStatistics { std::string statistics; bool if_exists = false; };
struct DropFunction { std::string function; bool if_exists = false, cascade = false; };
struct CreateSchema { std::string schema; bool if_not_exists = false; };
struct DropSchema { std::string schema; bool if_exists = false, cascade = false; };
struct RenameSchema { std::string from, to; };

/// ALTER TABLE (or MATERIALIZED VIEW) ALL IN TABLESPACE: each by itself.
struct MoveAll { std::string from, to; bool materialized_views = false; };
/// ALTER CONSTRAINT ... ENFORCED: a foreign key that was not looked at is checked from now on.
struct EnforceConstraint { std::string table, constraint; };

/// Upkeep of files that no schema shows.  No relations: every one there is.
enum class MaintenanceKind : std::uint8_t { Vacuum, VacuumFull, Analyze, Cluster };
struct Maintenance { MaintenanceKind kind = MaintenanceKind::Vacuum; std::vector<std::string> relations = {}, only = {};
                     std::string index = {}; bool analyze = false; };
struct LockTables { std::vector<std::string> relations = {}, only = {}; LockMode mode = LockMode::AccessExclusiveLock; };

/// True if the statement moves the table.
bool lies_in(const Table& table, const MoveAll& move);

}  // namespace midflight
