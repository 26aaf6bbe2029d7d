#include <algorithm>

#include "sim/model/dependents.h"
#include "sim/rules/family.h"
#include "sim/rules/partition_bound.h"

// Source: PostgreSQL manual, ALTER TABLE, "ATTACH PARTITION", "DETACH PARTITION"
//         and "INHERIT"; lock modes, scans and builds observed on PostgreSQL 15.
// Scope:  a CHECK spares the scan where partition_bound.h can tell.

namespace midflight::rules {
namespace {

using enum LockMode;

const Table* default_partition(const Schema& schema, const std::string& parent) {
  for (const std::string& child : schema.children(parent)) {
    if (schema.table(child)->bound == "DEFAULT") return schema.table(child);
  }
  return nullptr;
}

void scan_tree(LocksAndWork& result, const Schema& schema, const std::string& table) {
  merge(result, one_phase({}, {scan_of(table)}));
  for (const std::string& below : schema.heirs(table)) merge(result, one_phase({}, {scan_of(below)}));
}

bool has_fitting_index(const Table& partition, const Index& wanted) {
  for (const Index& index : partition.indexes) {
    if (index.parent.empty() && index.columns == wanted.columns && index.unique == wanted.unique && index.valid) return true;
  }
  return false;
}

// A new index of a partitioned table is one of each partition below.
void build_on_tree(LocksAndWork& result, const Schema& schema, const std::string& table) {
  for (const std::string& one : with_partitions(schema, table)) {
    if (has_rows(schema, one)) merge(result, one_phase({}, {index_build_of(one)}));
  }
}

// Each index of the parent takes one of the partition's, or builds it now.
void join_indexes(LocksAndWork& result, const Schema& schema, const Table& parent, const Table& partition) {
  for (const Index& wanted : parent.indexes) {
    lock(result, wanted.name, ShareUpdateExclusiveLock);
    if (!has_fitting_index(partition, wanted)) build_on_tree(result, schema, partition.name);
  }
}

/// A CHECK shows it; what a default partition holds belongs to none of the others.
bool rows_are_known_to_fit(const Table& partition, const Table& parent, const std::string& bound, const Schema& schema) {
  if (bound != "DEFAULT") return rows_fit_bound(partition, parent, bound);
  const std::vector<std::string> others = schema.children(parent.name);
  return std::all_of(others.begin(), others.end(), [&](const std::string& other) { return rows_outside_bound(partition, parent, schema.table(other)->bound); });
}

void lock_referring_tables(LocksAndWork& result, const Schema& schema, const Table& parent, LockMode mode) {
  for (const Dependents::ForeignKey& key : dependents_of(schema, parent.name).foreign_keys) lock_tree(result, schema, key.table, mode);
}

std::vector<Constraint> foreign_keys(const Table& table) {
  std::vector<Constraint> all;
  for (const Constraint& c : table.constraints) {
    if (c.kind == ConstraintKind::ForeignKey) all.push_back(c);
  }
  return all;
}

bool has_same_key(const Table& table, const Constraint& key) {
  const std::vector<Constraint> all = foreign_keys(table);
  return std::any_of(all.begin(), all.end(), [&](const Constraint& c) {
    return c.columns == key.columns && c.referenced_table == key.referenced_table && c.referenced_columns == key.referenced_columns && c.valid;
  });
}

// Of a table that refers to itself, versions before 15 know no key that could become a part: they make it again.
void join_own_key(LocksAndWork& result, const Context& context, const std::string& parent) {
  lock(result, parent, ShareRowExclusiveLock);
  const LockMode mode = context.dialect.version >= 13 ? AccessExclusiveLock : ShareRowExclusiveLock;
  for (const std::string& heir : context.schema.heirs(parent)) lock(result, heir, mode);
}

// A key of a table that refers to itself refers from the partition to the rest, and from the rest to the partition.
void part_own_key(LocksAndWork& result, const Context& context, const DetachPartition& op) {
  const int version = context.dialect.version;
  if (version < 13) return;
  if (version < 15) lock(result, op.partition, AccessExclusiveLock);
  for (const std::string& heir : context.schema.heirs(op.table)) lock(result, heir, version < 15 ? AccessShareLock : ShareRowExclusiveLock);
  if (version >= 18) scan_tree(result, context.schema, op.table);
}

// A key that the partition has already becomes a part of the parent's: its
// triggers on the referenced table are dropped.  Any other is made and checked.
void join_foreign_keys(LocksAndWork& result, const Context& context, const Table& parent, const Table& partition) {
  const Schema& schema = context.schema;
  for (const Constraint& key : foreign_keys(parent)) {
    const bool there = has_same_key(partition, key);
    if (there && key.referenced_table == parent.name && context.dialect.version < 15) {
      join_own_key(result, context, parent.name);
      scan_tree(result, schema, partition.name);
      continue;
    }
    lock_tree(result, schema, key.referenced_table, there ? AccessExclusiveLock : ShareRowExclusiveLock);
    if (!there) scan_tree(result, schema, partition.name);
  }
}

// Readers and writers of the parent go on: their plans end with the partitions
// they know.  What is left to do waits until the last of them is gone.
LocksAndWork detach_concurrently(const DetachPartition& op, const Schema& schema) {
  LocksAndWork result = one_phase({{op.table, ShareUpdateExclusiveLock}, {op.partition, ShareUpdateExclusiveLock}}, {metadata_of(op.table)});
  Phase wait;
  wait.wait = PhaseWait::AllLockHolders;
  wait.locks = {{op.table, ShareUpdateExclusiveLock}};
  result.phases.push_back(wait);
  LocksAndWork last = one_phase({{op.partition, AccessExclusiveLock}}, {metadata_of(op.partition)});
  lock_indexes(last, schema, op.partition, AccessExclusiveLock);
  result.phases.push_back(last.phases.front());
  result.transaction_forbidden = true;
  return result;
}

LocksAndWork finalize(const DetachPartition& op, const Schema& schema) {
  LocksAndWork result = one_phase({{op.table, ShareUpdateExclusiveLock}}, {});
  result.phases.front().wait = PhaseWait::OldSnapshots;
  LocksAndWork last = one_phase({{op.partition, AccessExclusiveLock}}, {metadata_of(op.table)});
  lock_indexes(last, schema, op.partition, AccessExclusiveLock);
  result.phases.push_back(last.phases.front());
  return result;
}

}  // namespace

LocksAndWork postgresql(const AttachPartition& op, const Context& context) {
  const Schema& schema = context.schema;
  LocksAndWork result = one_phase({{op.table, ShareUpdateExclusiveLock}}, {metadata_of(op.table)});
  lock_tree(result, schema, op.partition, AccessExclusiveLock);
  const Table* parent = schema.table(op.table);
  const Table* partition = schema.table(op.partition);
  if (!parent || !partition) return result;
  if (!rows_are_known_to_fit(*partition, *parent, op.bound, schema)) scan_tree(result, schema, op.partition);
  const Table* rest = default_partition(schema, op.table);
  if (rest && op.bound != "DEFAULT") {
    lock_tree(result, schema, rest->name, AccessExclusiveLock);
    if (!rows_outside_bound(*rest, *parent, op.bound)) scan_tree(result, schema, rest->name);
  }
  join_indexes(result, schema, *parent, *partition);
  join_foreign_keys(result, context, *parent, *partition);
  lock_referring_tables(result, schema, *parent, ShareRowExclusiveLock);
  return result;
}

LocksAndWork postgresql(const DetachPartition& op, const Context& context) {
  const Schema& schema = context.schema;
  if (op.finalize) return finalize(op, schema);
  if (op.concurrently) return detach_concurrently(op, schema);
  const LockMode mode = context.dialect.version >= 14 ? AccessExclusiveLock : ShareUpdateExclusiveLock;
  LocksAndWork result = one_phase({{op.table, AccessExclusiveLock}, {op.partition, mode}}, {metadata_of(op.table)});
  lock_indexes(result, schema, op.partition, AccessExclusiveLock);
  if (const Table* rest = default_partition(schema, op.table)) lock(result, rest->name, AccessExclusiveLock);
  for (const std::string& below : schema.heirs(op.partition)) lock(result, below, AccessExclusiveLock);
  const Table* parent = schema.table(op.table);
  if (!parent) return result;
  for (const Constraint& key : foreign_keys(*parent)) {
    if (key.referenced_table == op.table) part_own_key(result, context, op);
    else lock_tree(result, schema, key.referenced_table, ShareRowExclusiveLock);
  }
  lock_referring_tables(result, schema, *parent, AccessExclusiveLock);
  return result;
}

LocksAndWork postgresql(const ChangeInheritance& op, const Context& context) {
  LocksAndWork result = one_phase({}, {metadata_of(op.table)});
  if (op.inherits) {
    lock_tree(result, context.schema, op.table, AccessExclusiveLock);
    lock(result, op.parent, ShareUpdateExclusiveLock);
  } else {
    lock(result, op.table, AccessExclusiveLock);
    lock(result, op.parent, AccessShareLock);
  }
  return result;
}

}  // namespace midflight::rules
