#include <algorithm>

#include "sim/model/dependents.h"
#include "sim/rules/family.h"

// Source: PostgreSQL manual, ALTER TABLE, "Notes", versions 12 to 18; locks,
//         new files and scans observed on PostgreSQL 15.
// Scope:  a volatile default of a domain is not followed.

namespace midflight::rules {
namespace {

using enum LockMode;

// A null of the new column must be checked against the domain: so each row is written.
bool is_checked_domain(const Schema& schema, const std::string& type) {
  const Domain* domain = schema.domain(type);
  return domain != nullptr && (domain->not_null || !domain->constraints.empty());
}

bool needs_value_per_row(const AddColumn& op, const Context& context) {
  if (op.column.generated) return !op.column.computed_on_read;
  if (op.column.identity || op.volatile_default || is_checked_domain(context.schema, op.column.type)) return true;
  return op.column.default_sql && context.dialect.version < 11;
}

LocksAndWork rewrite_for_new_column(const AddColumn& op, const Context& context) {
  LocksAndWork result = rewriting(op.table, context.schema);
  if (!op.draws_uuid) return result;
  // Random UUIDs are drawn from the system's generator: for wide tables as dear as writing the row.
  for (Phase& phase : result.phases) {
    for (Work& work : phase.work) work.uuids = work.kind == WorkKind::Rewrite ? 1 : 0;
  }
  return result;
}

// ALTER TABLE ... ADD COLUMN ... REFERENCES checks nothing when the column
// starts out null; a UNIQUE builds its index; a CHECK reads every row.
LocksAndWork constraint_of_new_column(const AddColumn& op, const Constraint& constraint, const Context& context) {
  Constraint checked = constraint;
  if (constraint.kind == ConstraintKind::ForeignKey && !op.column.default_sql) checked.valid = false;
  return postgresql(AddConstraint{op.table, checked, ""}, context);
}

// Partitions get the identity of their parent from version 17.
void lock_identity_of_partitions(LocksAndWork& result, const ChangeIdentity& op, const Context& context) {
  const Table* table = context.schema.table(op.table);
  if (table && table->kind == TableKind::Partitioned && context.dialect.version >= 17)
    lock_tree(result, context.schema, op.table, AccessExclusiveLock);
}

}  // namespace

LocksAndWork postgresql(const AddColumn& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Table* table = context.schema.table(op.table);
  if (op.if_not_exists && table && table->column(op.column.name)) return result;
  if (needs_value_per_row(op, context)) {
    merge(result, rewrite_for_new_column(op, context));
  } else if (op.column.not_null && !op.column.default_sql && !op.column.generated) {
    merge(result, one_phase({}, {scan_of(op.table)}));  // and fails at the first row
  }
  for (const Constraint& c : op.constraints) merge(result, constraint_of_new_column(op, c, context));
  return result;
}

// What needs the column goes with it: its indexes, foreign keys in either
// direction, its sequence, and with CASCADE the views that read it.
LocksAndWork postgresql(const DropColumn& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Schema& schema = context.schema;
  const Table* table = schema.table(op.table);
  if (!table || !table->column(op.column)) return result;
  if (op.reach.only) {
    for (const std::string& heir : schema.children(op.table)) lock(result, heir, AccessExclusiveLock);
  }
  for (const Tie& tie : ties_of_column(schema, op.table, op.column)) lock_tie(result, schema, tie, AccessExclusiveLock);
  for (const std::string& view : views_on_column(schema, op.table, op.column)) lock(result, view, AccessExclusiveLock);
  for (const std::string& sequence : schema.owned_sequences(op.table, op.column)) lock(result, sequence, AccessExclusiveLock);
  for (const Index& index : table->indexes) {
    if (std::find(index.columns.begin(), index.columns.end(), op.column) != index.columns.end()) lock(result, index.relation(), AccessExclusiveLock);
  }
  return result;
}

LocksAndWork postgresql(const RenameColumn& op, const Context&) { return exclusive_metadata(op.table); }

LocksAndWork postgresql(const SetNotNull& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Table* table = context.schema.table(op.table);
  const Column* column = table ? table->column(op.column) : nullptr;
  if (!column || column->not_null) return result;
  if (context.dialect.version >= 12 && proven_not_null(*table, op.column)) return result;
  merge(result, one_phase({}, {scan_of(op.table)}));
  return result;
}

LocksAndWork postgresql(const DropNotNull& op, const Context&) { return exclusive_metadata(op.table); }

LocksAndWork postgresql(const SetDefault& op, const Context&) { return exclusive_metadata(op.table); }

LocksAndWork postgresql(const ChangeIdentity& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  lock_identity_of_partitions(result, op, context);
  if (op.kind == IdentityChange::Add) return result;
  const LockMode mode = op.kind == IdentityChange::Drop ? AccessExclusiveLock : ShareRowExclusiveLock;
  for (const std::string& sequence : context.schema.owned_sequences(op.table, op.column)) lock(result, sequence, mode);
  return result;
}

// A stored column gets new values, a virtual one has none to change.
LocksAndWork postgresql(const SetExpression& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Table* table = context.schema.table(op.table);
  const Column* column = table ? table->column(op.column) : nullptr;
  if (column && !column->computed_on_read) merge(result, one_phase({}, {rewrite_of(op.table, context.schema)}));
  return result;
}

LocksAndWork postgresql(const DropExpression& op, const Context&) { return exclusive_metadata(op.table); }

}  // namespace midflight::rules
