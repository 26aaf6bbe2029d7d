#pragma once

#include <string>
#include <vector>

#include "sim/model/engine.h"
#include "sim/model/operation.h"
#include "sim/model/schema.h"
#include "sim/model/statement.h"
#include "sim/model/work.h"

namespace midflight::rules {

/// What a rule may look at: the schema before the operation, and the server.
struct Context {
  const Schema& schema;
  Dialect dialect;
  bool inherited = false;  ///< the operation is an heir's share of its parent's
};

// PostgreSQL, one overload per operation; each family of them has its own file.

// columns.cpp
LocksAndWork postgresql(const AddColumn& op, const Context& context);
LocksAndWork postgresql(const DropColumn& op, const Context& context);
LocksAndWork postgresql(const RenameColumn& op, const Context& context);
LocksAndWork postgresql(const AlterColumnType& op, const Context& context);
LocksAndWork postgresql(const SetNotNull& op, const Context& context);
LocksAndWork postgresql(const DropNotNull& op, const Context& context);
LocksAndWork postgresql(const SetDefault& op, const Context& context);
LocksAndWork postgresql(const ChangeIdentity& op, const Context& context);
LocksAndWork postgresql(const DropExpression& op, const Context& context);
LocksAndWork postgresql(const SetExpression& op, const Context& context);

// constraints.cpp
LocksAndWork postgresql(const AddConstraint& op, const Context& context);
LocksAndWork postgresql(const ValidateConstraint& op, const Context& context);
LocksAndWork postgresql(const DropConstraint& op, const Context& context);
LocksAndWork postgresql(const RenameConstraint& op, const Context& context);
LocksAndWork postgresql(const EnforceConstraint& op, const Context& context);

// indexes.cpp
LocksAndWork postgresql(const CreateIndex& op, const Context& context);
LocksAndWork postgresql(const DropIndex& op, const Context& context);
LocksAndWork postgresql(const RenameIndex& op, const Context& context);
LocksAndWork postgresql(const AttachIndex& op, const Context& context);

// reindex.cpp
LocksAndWork postgresql(const Reindex& op, const Context& context);

// settings.cpp
LocksAndWork postgresql(const RelationSetting& op, const Context& context);

// partitions.cpp
LocksAndWork postgresql(const AttachPartition& op, const Context& context);
LocksAndWork postgresql(const DetachPartition& op, const Context& context);
LocksAndWork postgresql(const ChangeInheritance& op, const Context& context);

// tables.cpp
LocksAndWork postgresql(const Truncate& op, const Context& context);
LocksAndWork postgresql(const ChangeStorage& op, const Context& context);
LocksAndWork postgresql(const SetSchema& op, const Context& context);
LocksAndWork postgresql(const MoveAll& op, const Context& context);
LocksAndWork postgresql(const CreateTable& op, const Context& context);
LocksAndWork postgresql(const DropTable& op, const Context& context);
LocksAndWork postgresql(const RenameTable& op, const Context& context);

// views.cpp
LocksAndWork postgresql(const CreateView& op, const Context& context);
LocksAndWork postgresql(const DropView& op, const Context& context);
LocksAndWork postgresql(const DropMaterializedView& op, const Context& context);
LocksAndWork postgresql(const RefreshView& op, const Context& context);

// triggers.cpp
LocksAndWork postgresql(const CreateTrigger& op, const Context& context);
LocksAndWork postgresql(const DropTrigger& op, const Context& context);
LocksAndWork postgresql(const RenameTrigger& op, const Context& context);
LocksAndWork postgresql(const DropFunction& op, const Context& context);

// types.cpp
LocksAndWork postgresql(const CreateDomain& op, const Context& context);
LocksAndWork postgresql(const AlterDomain& op, const Context& context);
LocksAndWork postgresql(const CreateEnum& op, const Context& context);
LocksAndWork postgresql(const ChangeEnum& op, const Context& context);
LocksAndWork postgresql(const CreateComposite& op, const Context& context);
LocksAndWork postgresql(const ChangeAttribute& op, const Context& context);
LocksAndWork postgresql(const RenameType& op, const Context& context);
LocksAndWork postgresql(const DropType& op, const Context& context);

// objects.cpp
LocksAndWork postgresql(const CreateSequence& op, const Context& context);
LocksAndWork postgresql(const ChangeSequence& op, const Context& context);
LocksAndWork postgresql(const DropSequence& op, const Context& context);
LocksAndWork postgresql(const CreateStatistics& op, const Context& context);
LocksAndWork postgresql(const DropStatistics& op, const Context& context);
LocksAndWork postgresql(const CreateSchema& op, const Context& context);
LocksAndWork postgresql(const DropSchema& op, const Context& context);
LocksAndWork postgresql(const RenameSchema& op, const Context& context);

// maintenance.cpp
LocksAndWork postgresql(const Maintenance& op, const Context& context);
LocksAndWork postgresql(const LockTables& op, const Context& context);

/// SQLite, every operation of DDL: the one lock of the database and what the
/// engine does for it.  (sqlite.cpp)
LocksAndWork sqlite(const Operation& operation, const Context& context);

/// The locks of a statement that reads or changes rows, and its work. (data.cpp)
LocksAndWork data_locks_and_work(const Statement& statement, const Context& context);

// What rules are made of. (parts.cpp)

/// One phase without a wait.
LocksAndWork one_phase(std::vector<RelationLock> locks, std::vector<Work> work);
/// Adds a lock to the first phase.
void lock(LocksAndWork& result, const std::string& relation, LockMode mode);
/// The relation and every partition or inheriting table below it.
void lock_tree(LocksAndWork& result, const Schema& schema, const std::string& relation, LockMode mode);
/// Every index of a table; nothing for a table that is not known.
void lock_indexes(LocksAndWork& result, const Schema& schema, const std::string& table, LockMode mode);
/// Writes a table anew: its indexes are built again, each under AccessExclusiveLock.
LocksAndWork rewriting(const std::string& table, const Schema& schema);
/// AccessExclusiveLock on the relation and a change of its catalog rows.
LocksAndWork exclusive_metadata(const std::string& relation);
LocksAndWork not_understood(std::string why);

/// Adds a lock, or strengthens the one the relation has already.
void add_lock(std::vector<RelationLock>& locks, const RelationLock& lock);
/// Adds the second statement part to the first: one ALTER TABLE takes the
/// strongest lock of its parts at once and passes over the rows once.
void merge(LocksAndWork& into, const LocksAndWork& part);

/// A phase that begins behind a wait.
Phase waiting_phase(PhaseWait wait, std::vector<Work> work);
/// An index of the table as a relation: it lies in the schema of its table.
std::string index_of(const std::string& table, const std::string& name);
/// The same mode on all indexes of a table.
void add_index_locks(std::vector<RelationLock>& locks, const Table& table, LockMode mode);
/// What reads the bound of a partition: AccessShareLock on those above it.
void add_bound_locks(std::vector<RelationLock>& locks, const Table& table, const Schema& schema);
/// A table and all its partitions, parents first; those that have rows of their own.
std::vector<std::string> with_partitions(const Schema& schema, const std::string& table);
bool has_rows(const Schema& schema, const std::string& relation);
/// What a query locks that reads a relation: itself, and under a view what the view reads.
void add_read_locks(std::vector<RelationLock>& locks, const std::string& relation, LockMode mode, const Schema& schema);

Work metadata_of(const std::string& relation);
Work scan_of(const std::string& relation);
/// A scan that looks each row up in another table.
Work reference_scan_of(const std::string& relation, const std::string& looked_up);
/// The second pass of an index built concurrently.
Work index_check_of(const std::string& table);
/// Counts the indexes the table has, by kind.
void count_indexes(Work& work, const Table& table);
Work rewrite_of(const std::string& table, const Schema& schema);
Work index_build_of(const std::string& table);
Work index_build_of(const std::string& table, const std::vector<std::string>& columns, const Schema& schema);

/// True if a valid CHECK proves the column to be free of nulls.
bool proven_not_null(const Table& table, const std::string& column);
/// True if the constraint uses the column.
bool uses_column(const Constraint& constraint, const std::string& column);
/// A foreign key that hangs on a column or key, seen from either end.
struct Tie {
  std::string referencing, referenced;
  bool valid = true;
};
/// Foreign keys of the table that use the column, and those of any table onto it.
std::vector<Tie> ties_of_column(const Schema& schema, const std::string& table, const std::string& column);
/// Foreign keys that rest on a primary key or unique constraint.
std::vector<Tie> ties_of_key(const Schema& schema, const Table& table, const Constraint& key);
/// Both tables of a foreign key with what is below them.
void lock_tie(LocksAndWork& result, const Schema& schema, const Tie& tie, LockMode mode);
/// A constraint of a table by name; null if there is none.
const Constraint* find_constraint(const Schema& schema, const std::string& table, const std::string& name);

}  // namespace midflight::rules
