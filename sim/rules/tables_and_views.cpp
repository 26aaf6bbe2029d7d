#include "sim/rules/family.h"

// Source: PostgreSQL manual, "Explicit Locking", and the statements' own pages;
//         lock modes observed on PostgreSQL 15.20.
// Scope:  a table's views, sequences and TOAST table are not locked by name;
//         partitions (ATTACH, DETACH) and materialized views are not covered.

namespace midflight::rules {
namespace {

void lock_referenced(LocksAndWork& result, const Table& table, LockMode mode) {
  for (const Constraint& c : table.constraints) {
    if (c.kind == ConstraintKind::ForeignKey && c.referenced_table != table.name) {
      add_lock(result.phases.front().locks, {c.referenced_table, mode});
    }
  }
}

void lock_referencing(LocksAndWork& result, const Schema& schema, const std::string& table) {
  for (const Table& other : schema.tables) {
    for (const Constraint& c : other.constraints) {
      if (c.kind == ConstraintKind::ForeignKey && c.referenced_table == table && other.name != table) {
        add_lock(result.phases.front().locks, {other.name, LockMode::AccessExclusiveLock});
      }
    }
  }
}

}  // namespace

LocksAndWork postgresql(const CreateTable& op, const Context& context) {
  LocksAndWork result = one_phase({}, {metadata_of(op.table.name)});
  if (op.if_not_exists && context.schema.table(op.table.name)) return result;
  lock_referenced(result, op.table, LockMode::ShareRowExclusiveLock);
  return result;
}

LocksAndWork postgresql(const DropTable& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  if (const Table* table = context.schema.table(op.table)) {
    lock_referenced(result, *table, LockMode::AccessExclusiveLock);
    if (op.cascade) lock_referencing(result, context.schema, op.table);
  }
  return result;
}

LocksAndWork postgresql(const Truncate& op, const Context&) {
  LocksAndWork result = one_phase({}, {});
  for (const std::string& table : op.tables) merge(result, exclusive_metadata(table));
  return result;
}

LocksAndWork postgresql(const ChangeStorage& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.relation);
  if (context.schema.table(op.relation)) merge(result, one_phase({}, {rewrite_of(op.relation, context.schema)}));
  return result;
}

LocksAndWork postgresql(const SetSchema& op, const Context&) { return exclusive_metadata(op.relation); }

LocksAndWork postgresql(const RenameTable& op, const Context&) { return exclusive_metadata(op.from); }

LocksAndWork postgresql(const CreateView& op, const Context& context) {
  LocksAndWork result = one_phase({}, {metadata_of(op.view.name)});
  if (!op.view.table.empty()) add_lock(result.phases.front().locks, {op.view.table, LockMode::AccessShareLock});
  if (op.replace && context.schema.view(op.view.name)) {
    add_lock(result.phases.front().locks, {op.view.name, LockMode::AccessExclusiveLock});
  }
  return result;
}

LocksAndWork postgresql(const DropView& op, const Context&) { return exclusive_metadata(op.view); }

LocksAndWork postgresql(const CreateTrigger& op, const Context&) {
  return one_phase({{op.trigger.table, LockMode::ShareRowExclusiveLock}}, {metadata_of(op.trigger.table)});
}

LocksAndWork postgresql(const DropTrigger& op, const Context&) { return exclusive_metadata(op.table); }

}  // namespace midflight::rules
