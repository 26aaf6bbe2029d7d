#include "sim/rules/family.h"

// Source: PostgreSQL manual, the statements' own pages; lock modes observed on
//         PostgreSQL 15.
// Scope:  the statements that a trigger runs are not followed.

namespace midflight::rules {

LocksAndWork postgresql(const CreateView& op, const Context& context) {
  LocksAndWork result = one_phase({}, {metadata_of(op.view.name)});
  lock(result, op.view.table, LockMode::AccessShareLock);
  for (const Reading& reading : op.view.reads) lock(result, reading.relation, LockMode::AccessShareLock);
  if (op.replace && context.schema.view(op.view.name)) lock(result, op.view.name, LockMode::AccessExclusiveLock);
  return result;
}

LocksAndWork postgresql(const DropView& op, const Context&) { return exclusive_metadata(op.view); }

// A row trigger of a partitioned table is one of each partition.
LocksAndWork postgresql(const CreateTrigger& op, const Context& context) {
  LocksAndWork result = one_phase({}, {metadata_of(op.trigger.table)});
  const Table* table = context.schema.table(op.trigger.table);
  if (table && table->kind == TableKind::Partitioned) lock_tree(result, context.schema, op.trigger.table, LockMode::ShareRowExclusiveLock);
  else lock(result, op.trigger.table, LockMode::ShareRowExclusiveLock);
  return result;
}

LocksAndWork postgresql(const DropTrigger& op, const Context&) { return exclusive_metadata(op.table); }

}  // namespace midflight::rules
