#include "sim/model/dependents.h"
#include "sim/rules/family.h"

// Source: PostgreSQL manual, CREATE VIEW, REFRESH MATERIALIZED VIEW; locks observed
//         on PostgreSQL 15.
// Scope:  what a query costs is not known: REFRESH counts as a rewrite of as many
//         rows as the materialized view has.

namespace midflight::rules {
namespace {

void add_readings(std::vector<RelationLock>& locks, const std::vector<Reading>& reads) {
  for (const Reading& read : reads) add_lock(locks, {read.relation, LockMode::AccessShareLock});
}

void add_gone(std::vector<RelationLock>& locks, const std::string& relation, const Schema& schema) {
  add_lock(locks, {relation, LockMode::AccessExclusiveLock});
  if (const Table* view = schema.table(relation)) add_index_locks(locks, *view, LockMode::AccessExclusiveLock);
}

LocksAndWork drop(const std::string& view, bool cascade, const Schema& schema) {
  LocksAndWork result = one_phase({}, {metadata_of(view)});
  add_gone(result.phases.front().locks, view, schema);
  if (!cascade) return result;
  for (const std::string& above : views_on(schema, {view})) add_gone(result.phases.front().locks, above, schema);
  return result;
}

}  // namespace

// A query is looked at as it is written: views in it are locked, their tables are not.
LocksAndWork postgresql(const CreateView& op, const Context& context) {
  LocksAndWork result = one_phase({}, {metadata_of(op.view.name)});
  std::vector<RelationLock>& locks = result.phases.front().locks;
  add_readings(locks, op.view.reads);
  if (op.view.reads.empty() && !op.view.table.empty()) add_lock(locks, {op.view.table, LockMode::AccessShareLock});
  if (op.replace && context.schema.view(op.view.name)) add_lock(locks, {op.view.name, LockMode::AccessExclusiveLock});
  return result;
}

LocksAndWork postgresql(const DropView& op, const Context& context) {
  if (op.if_exists && !context.schema.view(op.view)) return one_phase({}, {});
  return drop(op.view, op.cascade, context.schema);
}

LocksAndWork postgresql(const DropMaterializedView& op, const Context& context) {
  if (op.if_exists && !context.schema.table(op.view)) return one_phase({}, {});
  return drop(op.view, op.cascade, context.schema);
}

// A new file under AccessExclusiveLock; or the differences, row by row, beside
// readers, but not beside another REFRESH.
LocksAndWork postgresql(const RefreshView& op, const Context& context) {
  const LockMode mode = op.concurrently ? LockMode::ExclusiveLock : LockMode::AccessExclusiveLock;
  const Work work = op.concurrently ? scan_of(op.view) : rewrite_of(op.view, context.schema);
  LocksAndWork result = one_phase({{op.view, mode}}, {work});
  const Table* view = context.schema.table(op.view);
  if (!view) return result;
  std::vector<RelationLock>& locks = result.phases.front().locks;
  for (const Reading& read : view->reads) {
    if (op.with_data) add_read_locks(locks, read.relation, LockMode::AccessShareLock, context.schema);
  }
  add_index_locks(locks, *view, op.concurrently ? LockMode::RowExclusiveLock : LockMode::AccessExclusiveLock);
  return result;
}

}  // namespace midflight::rules
