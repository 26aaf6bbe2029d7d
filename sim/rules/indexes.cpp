#include <algorithm>

#include "sim/model/partition_indexes.h"
#include "sim/rules/family.h"

// Source: PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently", and
//         DROP INDEX; locks, phases and waits observed on PostgreSQL 15.
// Scope:  an index of a partition that fits by its columns, but not by operator
//         classes written differently, counts as one that must be built.

namespace midflight::rules {
namespace {

// The catalog entry; the build once every older writer is gone; a second pass
// for what was written meanwhile; valid once no older snapshot can miss rows.
LocksAndWork build_concurrently(const Index& index, const Schema& schema) {
  const std::string& table = index.table;
  LocksAndWork result = one_phase({{table, LockMode::ShareUpdateExclusiveLock}}, {metadata_of(table)});
  result.phases.push_back(waiting_phase(PhaseWait::LockHolders, {index_build_of(table, index.columns, schema)}));
  result.phases.push_back(waiting_phase(PhaseWait::LockHolders, {index_check_of(table)}));
  result.phases.push_back(waiting_phase(PhaseWait::OldSnapshots, {metadata_of(table)}));
  return result;
}

// Invalid, so that nobody plans with it; dead, so that nobody maintains it; gone.
LocksAndWork drop_concurrently(const Index& index) {
  const Work work = metadata_of(index.table);
  LocksAndWork result = one_phase({{index.table, LockMode::ShareUpdateExclusiveLock}, {index.relation(), LockMode::ShareUpdateExclusiveLock}}, {work});
  result.phases.push_back(waiting_phase(PhaseWait::AllLockHolders, {work}));
  result.phases.push_back(waiting_phase(PhaseWait::AllLockHolders, {work}));
  return result;
}

// Partitions get an index each, unless they have one that can be taken over.
LocksAndWork build(const CreateIndex& op, const Schema& schema) {
  LocksAndWork result = one_phase({}, {});
  Phase& phase = result.phases.front();
  for (const std::string& table : op.only ? std::vector{op.index.table} : with_partitions(schema, op.index.table)) {
    add_lock(phase.locks, {table, LockMode::ShareLock});
    const Table* known = schema.table(table);
    const Index* fitting = known && table != op.index.table ? matching_index(*known, op.index) : nullptr;
    if (fitting) add_lock(phase.locks, {fitting->relation(), LockMode::ShareLock});
    else if (has_rows(schema, table)) phase.work.push_back(index_build_of(table, op.index.columns, schema));
  }
  if (phase.work.empty()) phase.work.push_back(metadata_of(op.index.table));
  return result;
}

// The name is looked up below the lock that a build would need.
LocksAndWork nothing_to_build(const CreateIndex& op, const Schema& schema) {
  const LockMode mode = op.concurrently ? LockMode::ShareUpdateExclusiveLock : LockMode::ShareLock;
  LocksAndWork result = one_phase({}, {metadata_of(op.index.table)});
  for (const std::string& table : op.only ? std::vector{op.index.table} : with_partitions(schema, op.index.table)) {
    add_lock(result.phases.front().locks, {table, mode});
  }
  return result;
}

void add_table_of(std::vector<RelationLock>& locks, const std::string& index, LockMode mode, const Schema& schema) {
  if (const Index* known = schema.index(index)) add_lock(locks, {known->table, mode});
}

}  // namespace

LocksAndWork postgresql(const CreateIndex& op, const Context& context) {
  const bool nothing = op.if_not_exists && context.schema.index(op.index.name);
  LocksAndWork result = nothing           ? nothing_to_build(op, context.schema)
                        : op.concurrently ? build_concurrently(op.index, context.schema)
                                          : build(op, context.schema);
  result.transaction_forbidden = op.concurrently;
  return result;
}

// The parts on partitions go with the whole, and every partition is locked.
LocksAndWork postgresql(const DropIndex& op, const Context& context) {
  const Index* index = context.schema.index(op.index);
  LocksAndWork result = one_phase({}, {});
  if (index && op.concurrently) {
    result = drop_concurrently(*index);
  } else if (index) {
    result = one_phase({}, {metadata_of(index->table)});
    std::vector<RelationLock>& locks = result.phases.front().locks;
    for (const std::string& table : with_partitions(context.schema, index->table)) add_lock(locks, {table, LockMode::AccessExclusiveLock});
    add_lock(locks, {index->relation(), LockMode::AccessExclusiveLock});
    for (const std::string& part : indexes_below(context.schema, index->name)) {
      add_lock(locks, {context.schema.index(part)->relation(), LockMode::AccessExclusiveLock});
    }
  }
  result.transaction_forbidden = op.concurrently;
  return result;
}

// The index is locked, its table is not.  ALTER INDEX on a table is ALTER TABLE.
LocksAndWork postgresql(const RenameIndex& op, const Context& context) {
  const bool table = !context.schema.index(op.from) && context.schema.table(op.from);
  const LockMode mode = context.dialect.version >= 12 && !table ? LockMode::ShareUpdateExclusiveLock : LockMode::AccessExclusiveLock;
  if (op.if_exists && !table && !context.schema.index(op.from)) return one_phase({}, {});
  return one_phase({{op.from, mode}}, {metadata_of(op.from)});
}

LocksAndWork postgresql(const AttachIndex& op, const Context& context) {
  LocksAndWork result = one_phase({{op.index, LockMode::ShareUpdateExclusiveLock}}, {metadata_of(op.index)});
  std::vector<RelationLock>& locks = result.phases.front().locks;
  add_table_of(locks, op.partition, LockMode::AccessShareLock, context.schema);
  add_lock(locks, {op.partition, LockMode::AccessExclusiveLock});
  add_table_of(locks, op.index, LockMode::AccessShareLock, context.schema);
  return result;
}

}  // namespace midflight::rules
