#include <algorithm>

#include "sim/rules/family.h"

// Source: PostgreSQL manual, VACUUM, ANALYZE, CLUSTER and LOCK, versions 12 to 18;
//         locks observed on PostgreSQL 15.
// Scope:  VACUUM counts as one scan; what it truncates at the end of a table, for
//         which it takes AccessExclusiveLock for moments and gives up when it must
//         wait, is left out.  ANALYZE reads a sample, however large the table.

namespace midflight::rules {
namespace {

using enum LockMode;

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::vector<std::string> clustered_tables(const Schema& schema) {
  std::vector<std::string> all;
  for (const Table& table : schema.tables) {
    if (std::any_of(table.indexes.begin(), table.indexes.end(), [](const Index& i) { return i.clustered; })) all.push_back(table.name);
  }
  return all;
}

/// The tables concerned, each of which is a transaction of its own.
std::vector<std::string> targets(const Maintenance& op, const Schema& schema) {
  std::vector<std::string> all;
  for (const std::string& relation : op.relations) {
    const std::vector<std::string> tree = contains(op.only, relation) ? std::vector{relation} : with_partitions(schema, relation);
    all.insert(all.end(), tree.begin(), tree.end());
  }
  if (!op.relations.empty()) return all;
  if (op.kind == MaintenanceKind::Cluster) return clustered_tables(schema);
  for (const Table& table : schema.tables) {
    if (op.kind == MaintenanceKind::Analyze || has_rows(schema, table.name)) all.push_back(table.name);
  }
  return all;
}

Phase work_on(const Maintenance& op, const std::string& relation, const Schema& schema) {
  const bool rewrites = op.kind == MaintenanceKind::VacuumFull || op.kind == MaintenanceKind::Cluster;
  Phase phase;
  phase.locks = {{relation, rewrites ? AccessExclusiveLock : ShareUpdateExclusiveLock}};
  phase.work = {metadata_of(relation)};
  const Table* table = schema.table(relation);
  if (op.kind == MaintenanceKind::Analyze || !has_rows(schema, relation)) return phase;
  phase.work = {rewrites ? rewrite_of(relation, schema) : scan_of(relation)};
  if (table) add_index_locks(phase.locks, *table, rewrites ? AccessExclusiveLock : RowExclusiveLock);
  return phase;
}

bool is_partitioned(const Schema& schema, const std::string& relation) {
  const Table* table = schema.table(relation);
  return table && table->kind == TableKind::Partitioned;
}

bool refuses_transaction(const Maintenance& op, const Schema& schema) {
  if (op.kind == MaintenanceKind::Analyze) return false;
  return op.kind != MaintenanceKind::Cluster || op.relations.empty() || is_partitioned(schema, op.relations.front());
}

/// A view may come to read itself: CREATE OR REPLACE does not look.
void lock_view(std::vector<RelationLock>& locks, const View& view, LockMode mode, const Schema& schema) {
  std::vector<const View*> views = {&view};
  for (std::size_t i = 0; i < views.size(); ++i) {
    for (const Reading& read : views[i]->reads) {
      add_lock(locks, {read.relation, mode});
      const View* below = schema.view(read.relation);
      if (below && std::find(views.begin(), views.end(), below) == views.end()) views.push_back(below);
    }
  }
}

}  // namespace

LocksAndWork postgresql(const Maintenance& op, const Context& context) {
  LocksAndWork result;
  for (const std::string& relation : targets(op, context.schema)) {
    if (context.schema.view(relation)) continue;  // skipped with a warning
    result.phases.push_back(work_on(op, relation, context.schema));
    result.phases.back().new_transaction = result.phases.size() > 1;
  }
  if (result.phases.empty()) result = one_phase({}, {});
  result.transaction_forbidden = refuses_transaction(op, context.schema);
  return result;
}

// Tables below are locked as well, and under a view all that it reads.
LocksAndWork postgresql(const LockTables& op, const Context& context) {
  LocksAndWork result = one_phase({}, {});
  std::vector<RelationLock>& locks = result.phases.front().locks;
  for (const std::string& relation : op.relations) {
    add_lock(locks, {relation, op.mode});
    if (const View* view = context.schema.view(relation)) lock_view(locks, *view, op.mode, context.schema);
    if (contains(op.only, relation)) continue;
    for (const std::string& heir : context.schema.heirs(relation)) add_lock(locks, {heir, op.mode});
  }
  return result;
}

}  // namespace midflight::rules
