#include <algorithm>

#include "sim/model/partition_indexes.h"
#include "sim/rules/family.h"
#include "sim/rules/toast.h"

// Source: PostgreSQL manual, REINDEX, "Rebuilding Indexes Concurrently", versions
//         12 to 18 (partitioned relations from 14); locks, phases and waits observed
//         on PostgreSQL 15.
// Scope:  the index of a TOAST table, which is rebuilt beside those of its table, is
//         waited for, but not locked or counted as work.

namespace midflight::rules {
namespace {

using Names = std::vector<std::string>;

Names valid_indexes(const Table& table, bool also_invalid) {
  Names all;
  for (const Index& index : table.indexes) {
    if (index.valid || also_invalid) all.push_back(index.relation());
  }
  return all;
}

// Writers wait for the table's lock, readers for that of the index: a query is
// planned with every index open.
Phase rebuild(const std::string& table, const Names& indexes) {
  Phase phase;
  phase.locks = {{table, LockMode::ShareLock}};
  for (const std::string& index : indexes) {
    phase.locks.push_back({index, LockMode::AccessExclusiveLock});
    phase.work.push_back(index_build_of(table));
  }
  if (indexes.empty()) phase.work = {metadata_of(table)};
  return phase;
}

// New indexes beside the old ones, filled as by CREATE INDEX CONCURRENTLY, with a
// wait for older snapshots behind each; then the names change hands, and the old
// ones go as by DROP INDEX CONCURRENTLY.  `unseen`: indexes that are not in `indexes`.
std::vector<Phase> rebuild_concurrently(const std::string& table, const Names& indexes, std::size_t unseen = 0) {
  const std::vector<Work> metadata = {metadata_of(table)};
  Phase create;
  create.locks = {{table, LockMode::ShareUpdateExclusiveLock}};
  create.work = metadata;
  for (const std::string& index : indexes) create.locks.push_back({index, LockMode::ShareUpdateExclusiveLock});
  if (indexes.empty() && unseen == 0) return {create};
  std::vector<Phase> all = {create, waiting_phase(PhaseWait::LockHolders, std::vector<Work>(indexes.size(), index_build_of(table)))};
  for (std::size_t i = 0; i < indexes.size() + unseen; ++i) {
    const bool seen = i < indexes.size();
    all.push_back(waiting_phase(i == 0 ? PhaseWait::LockHolders : PhaseWait::OldSnapshots, seen ? std::vector{index_check_of(table)} : metadata));
  }
  for (const PhaseWait wait : {PhaseWait::OldSnapshots, PhaseWait::AllLockHolders, PhaseWait::AllLockHolders}) {
    all.push_back(waiting_phase(wait, metadata));
  }
  return all;
}

// Each relation in a transaction of its own.
void add_own_transaction(LocksAndWork& result, std::vector<Phase> phases) {
  if (!result.phases.empty()) phases.front().new_transaction = true;
  result.phases.insert(result.phases.end(), phases.begin(), phases.end());
}

void add_table(LocksAndWork& result, const Table& table, bool concurrently) {
  const Names indexes = valid_indexes(table, !concurrently);
  const std::size_t unseen = has_toast_table(table) ? 1 : 0;
  add_own_transaction(result, concurrently ? rebuild_concurrently(table.name, indexes, unseen) : std::vector{rebuild(table.name, indexes)});
}

// All partitions are locked to list them, with ShareLock even where the work is concurrent.
LocksAndWork of_partitioned_table(const Table& table, bool concurrently, const Schema& schema) {
  LocksAndWork result = one_phase({{table.name, concurrently ? LockMode::ShareUpdateExclusiveLock : LockMode::ShareLock}}, {metadata_of(table.name)});
  for (const std::string& heir : schema.heirs(table.name)) add_lock(result.phases.front().locks, {heir, LockMode::ShareLock});
  for (const std::string& heir : schema.heirs(table.name)) {
    if (has_rows(schema, heir)) add_table(result, *schema.table(heir), concurrently);
  }
  result.transaction_forbidden = true;
  return result;
}

LocksAndWork of_partitioned_index(const Index& index, bool concurrently, const Schema& schema) {
  using enum LockMode;
  LocksAndWork result = one_phase({{index.table, concurrently ? ShareUpdateExclusiveLock : ShareLock},
                                   {index.relation(), concurrently ? ShareUpdateExclusiveLock : AccessExclusiveLock}}, {metadata_of(index.table)});
  const Names parts = indexes_below(schema, index.name);
  for (const std::string& part : parts) add_lock(result.phases.front().locks, {schema.index(part)->relation(), ShareLock});
  for (const std::string& part : parts) {
    const Index& found = *schema.index(part);
    if (!has_rows(schema, found.table)) continue;
    const Names one = {found.relation()};
    add_own_transaction(result, concurrently ? rebuild_concurrently(found.table, one) : std::vector{rebuild(found.table, one)});
  }
  result.transaction_forbidden = true;
  return result;
}

bool concerns(const Reindex& op, const std::string& table) {
  if (op.scope == ReindexScope::Database) return true;
  const std::size_t dot = table.rfind('.');
  return op.scope == ReindexScope::Schema && (dot == std::string::npos ? "public" : table.substr(0, dot)) == op.name;
}

LocksAndWork of_many(const Reindex& op, const Schema& schema) {
  LocksAndWork result;
  for (const Table& table : schema.tables) {
    if (has_rows(schema, table.name) && concerns(op, table.name)) add_table(result, table, op.concurrently);
  }
  if (result.phases.empty()) result = one_phase({}, {});
  result.transaction_forbidden = true;
  return result;
}

LocksAndWork of_one(std::vector<Phase> phases, bool concurrently) {
  LocksAndWork result;
  result.phases = std::move(phases);
  result.transaction_forbidden = concurrently;
  return result;
}

}  // namespace

LocksAndWork postgresql(const Reindex& op, const Context& context) {
  const Schema& schema = context.schema;
  if (op.scope == ReindexScope::Index) {
    const Index* index = schema.index(op.name);
    if (!index) return of_one(one_phase({{op.name, LockMode::AccessExclusiveLock}}, {}).phases, op.concurrently);
    if (schema.table(index->table)->kind == TableKind::Partitioned) return of_partitioned_index(*index, op.concurrently, schema);
    return of_one(op.concurrently ? rebuild_concurrently(index->table, {index->relation()}) : std::vector{rebuild(index->table, {index->relation()})}, op.concurrently);
  }
  if (op.scope != ReindexScope::Table) return of_many(op, schema);
  const Table* table = schema.table(op.name);
  if (!table) return of_one({rebuild(op.name, {})}, op.concurrently);
  if (table->kind == TableKind::Partitioned) return of_partitioned_table(*table, op.concurrently, schema);
  LocksAndWork result;
  add_table(result, *table, op.concurrently);
  result.transaction_forbidden = op.concurrently;
  return result;
}

}  // namespace midflight::rules
