#include "sim/model/dependents.h"
#include "sim/rules/family.h"
#include "sim/rules/partition_bound.h"

// Source: PostgreSQL manual, "Explicit Locking", and the statements' own pages;
//         lock modes observed on PostgreSQL 15.
// Scope:  TOAST tables and row types are not listed.  Functions, rules and
//         policies that stand on a table are not followed by DROP ... CASCADE.

namespace midflight::rules {
namespace {

using enum LockMode;

/// The default partition beside a partition, or "".
std::string default_partition(const Schema& schema, const std::string& parent) {
  for (const std::string& child : schema.children(parent)) {
    if (schema.table(child)->bound == "DEFAULT") return child;
  }
  return "";
}

// The parent's keys and foreign keys are copied to the new partition; a default
// partition may hold rows that belong there, and is read unless a CHECK excludes them.
void join_parent(LocksAndWork& result, const Table& made, const Table& parent, const Schema& schema) {
  lock(result, parent.name, AccessExclusiveLock);
  lock_indexes(result, schema, parent.name, ShareUpdateExclusiveLock);
  const std::string rest = default_partition(schema, parent.name);
  if (!rest.empty() && made.bound != "DEFAULT") {
    lock_tree(result, schema, rest, AccessExclusiveLock);
    if (!rows_outside_bound(*schema.table(rest), parent, made.bound)) merge(result, one_phase({}, {scan_of(rest)}));
  }
  for (const Constraint& c : parent.constraints) {
    if (c.kind == ConstraintKind::ForeignKey) lock_tree(result, schema, c.referenced_table, ShareRowExclusiveLock);
  }
  for (const Dependents::ForeignKey& key : dependents_of(schema, parent.name).foreign_keys) lock(result, key.table, ShareRowExclusiveLock);
}

void join_parents(LocksAndWork& result, const Table& made, const Schema& schema) {
  for (const std::string& name : made.parents) {
    const Table* parent = schema.table(name);
    if (made.bound.empty() || !parent) lock(result, name, made.bound.empty() ? ShareUpdateExclusiveLock : AccessExclusiveLock);
    else join_parent(result, made, *parent, schema);
  }
}

/// True for a foreign key that a partition shares with its parent.
bool is_share(const Schema& schema, const Table& table, const Constraint& key) {
  for (const std::string& parent : table.parents) {
    if (find_constraint(schema, parent, key.name) && !table.bound.empty()) return true;
  }
  return false;
}

/// One table of those that go: it, its indexes and sequences, and the tables its foreign keys name.
void drop_one(LocksAndWork& result, const Schema& schema, const std::string& name) {
  lock(result, name, AccessExclusiveLock);
  const Table* table = schema.table(name);
  if (!table) return;
  for (const Constraint& c : table->constraints) {
    if (c.kind == ConstraintKind::ForeignKey && !is_share(schema, *table, c)) lock_tree(result, schema, c.referenced_table, AccessExclusiveLock);
  }
  lock_indexes(result, schema, name, AccessExclusiveLock);
  for (const std::string& sequence : schema.owned_sequences(name)) lock(result, sequence, AccessExclusiveLock);
}

// The parent's description of its partitions changes, and so do the rows that
// the default partition takes.
void leave_parent(LocksAndWork& result, const Table& table, const Schema& schema) {
  if (table.bound.empty()) return;
  lock(result, table.parents.front(), AccessExclusiveLock);
  lock(result, default_partition(schema, table.parents.front()), AccessExclusiveLock);
}

bool changes_nothing(const ChangeStorage& op, const Table& table) {
  switch (op.kind) {
    case StorageChange::Logged: return !table.unlogged;
    case StorageChange::Unlogged: return table.unlogged;
    case StorageChange::Tablespace: return (op.target == "pg_default" ? "" : op.target) == table.tablespace;
    case StorageChange::AccessMethod: return op.target == "heap";  // the only one PostgreSQL brings
  }
  return false;
}

}  // namespace

LocksAndWork postgresql(const CreateTable& op, const Context& context) {
  LocksAndWork result = one_phase({}, {metadata_of(op.table.name)});
  if (op.if_not_exists && context.schema.table(op.table.name)) return result;
  for (const LikeSource& like : op.likes) lock(result, like.table, AccessShareLock);
  join_parents(result, op.table, context.schema);
  for (const Constraint& c : op.table.constraints) {
    if (c.kind == ConstraintKind::ForeignKey && c.referenced_table != op.table.name) lock_tree(result, context.schema, c.referenced_table, ShareRowExclusiveLock);
  }
  return result;
}

LocksAndWork postgresql(const DropTable& op, const Context& context) {
  const Schema& schema = context.schema;
  const Table* table = schema.table(op.table);
  if (!table && op.if_exists) return one_phase({}, {});
  LocksAndWork result = exclusive_metadata(op.table);
  if (!table) return result;
  leave_parent(result, *table, schema);
  drop_one(result, schema, op.table);
  const Dependents gone = dependents_of(schema, op.table);
  for (const std::string& partition : gone.partitions) drop_one(result, schema, partition);
  for (const std::string& heir : gone.heirs) drop_one(result, schema, heir);
  for (const std::string& view : gone.views) drop_one(result, schema, view);
  for (const Dependents::ForeignKey& key : gone.foreign_keys) lock_tree(result, schema, key.table, AccessExclusiveLock);
  return result;
}

// New empty files for the table and its indexes: work that no size makes longer.
LocksAndWork postgresql(const Truncate& op, const Context& context) {
  LocksAndWork result = one_phase({}, {});
  for (const std::string& name : tables_emptied(op, context.schema)) {
    merge(result, exclusive_metadata(name));
    const Table* table = context.schema.table(name);
    if (!table) continue;
    // Before version 14 the bound of a partition was read whatever changed in it.
    if (context.dialect.version < 14) add_bound_locks(result.phases.front().locks, *table, context.schema);
    if (table->kind != TableKind::Partitioned) lock_indexes(result, context.schema, name, AccessExclusiveLock);
    if (!op.restart_identity) continue;
    for (const std::string& sequence : context.schema.owned_sequences(name)) lock(result, sequence, AccessExclusiveLock);
  }
  return result;
}

LocksAndWork postgresql(const ChangeStorage& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.relation);
  const Table* table = context.schema.table(op.relation);
  const Index* index = context.schema.index(op.relation);
  if (index && has_rows(context.schema, index->table)) merge(result, one_phase({}, {index_build_of(index->table)}));  // its file is copied
  if (!table || changes_nothing(op, *table)) return result;
  if (op.kind == StorageChange::Tablespace) {  // the table's file is copied, its indexes stay where they are
    merge(result, one_phase({}, {{WorkKind::Rewrite, op.relation}}));
    return result;
  }
  merge(result, rewriting(op.relation, context.schema));
  const bool moves_sequences = op.kind != StorageChange::AccessMethod && context.dialect.version >= 15;
  for (const std::string& sequence : context.schema.owned_sequences(op.relation)) {
    if (moves_sequences) lock(result, sequence, AccessExclusiveLock);
  }
  return result;
}

LocksAndWork postgresql(const SetSchema& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.relation);
  for (const std::string& sequence : context.schema.owned_sequences(op.relation)) lock(result, sequence, AccessExclusiveLock);
  return result;
}

LocksAndWork postgresql(const RenameTable& op, const Context&) { return exclusive_metadata(op.from); }

}  // namespace midflight::rules
