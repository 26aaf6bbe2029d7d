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

// Each index of the parent takes one of the partition's, or builds it now.
void join_indexes(LocksAndWork& result, const Table& parent, const Table& partition) {
  for (const Index& wanted : parent.indexes) {
    lock(result, wanted.name, ShareUpdateExclusiveLock);
    if (!has_fitting_index(partition, wanted)) merge(result, one_phase({}, {index_build_of(partition.name)}));
  }
}

void lock_foreign_keys(LocksAndWork& result, const Schema& schema, const Table& parent, LockMode referencing) {
  for (const Constraint& c : parent.constraints) {
    if (c.kind == ConstraintKind::ForeignKey) lock_tree(result, schema, c.referenced_table, ShareRowExclusiveLock);
  }
  for (const Dependents::ForeignKey& key : dependents_of(schema, parent.name).foreign_keys) lock_tree(result, schema, key.table, referencing);
}

bool has_foreign_key(const Table& table) {
  for (const Constraint& c : table.constraints) {
    if (c.kind == ConstraintKind::ForeignKey) return true;
  }
  return false;
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
  if (has_foreign_key(*parent) || !rows_fit_bound(*partition, *parent, op.bound)) scan_tree(result, schema, op.partition);
  const Table* rest = default_partition(schema, op.table);
  if (rest && op.bound != "DEFAULT") {
    lock_tree(result, schema, rest->name, AccessExclusiveLock);
    if (!rows_outside_bound(*rest, *parent, op.bound)) scan_tree(result, schema, rest->name);
  }
  join_indexes(result, *parent, *partition);
  lock_foreign_keys(result, schema, *parent, ShareRowExclusiveLock);
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
  if (const Table* parent = schema.table(op.table)) lock_foreign_keys(result, schema, *parent, AccessExclusiveLock);
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
