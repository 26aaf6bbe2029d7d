#include "sim/rules/family.h"
#include "sim/rules/type_change.h"

// Source: PostgreSQL manual, ALTER TABLE, "Notes", versions 12 to 18; lock modes
//         observed on PostgreSQL 15.20.
// Scope:  partitioned and inherited tables fan out over their children, which
//         is not modelled; nor are virtual generated columns of version 18.

namespace midflight::rules {
namespace {

bool needs_value_per_row(const AddColumn& op, const Dialect& dialect) {
  if (op.column.generated || op.column.identity || op.volatile_default) return true;
  return op.column.default_sql && dialect.version < 11;
}

// ALTER TABLE ... ADD COLUMN ... REFERENCES checks nothing when the column
// starts out null; a UNIQUE builds its index; a CHECK reads every row.
LocksAndWork constraint_of_new_column(const AddColumn& op, const Constraint& constraint, const Context& context) {
  Constraint checked = constraint;
  if (constraint.kind == ConstraintKind::ForeignKey && !op.column.default_sql) checked.valid = false;
  return postgresql(AddConstraint{op.table, checked, ""}, context);
}

}  // namespace

LocksAndWork postgresql(const AddColumn& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Table* table = context.schema.table(op.table);
  if (op.if_not_exists && table && table->column(op.column.name)) return result;
  if (needs_value_per_row(op, context.dialect)) {
    merge(result, one_phase({}, {rewrite_of(op.table, context.schema)}));
  } else if (op.column.not_null && !op.column.default_sql) {
    merge(result, one_phase({}, {scan_of(op.table)}));  // and fails at the first row
  }
  for (const Constraint& c : op.constraints) merge(result, constraint_of_new_column(op, c, context));
  return result;
}

// Foreign keys of the column go with it, and their triggers on the other table.
LocksAndWork postgresql(const DropColumn& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  for (const std::string& tied : tables_tied_by_foreign_key(context.schema, op.table, op.column)) {
    add_lock(result.phases.front().locks, {tied, LockMode::AccessExclusiveLock});
  }
  return result;
}

LocksAndWork postgresql(const RenameColumn& op, const Context&) { return exclusive_metadata(op.table); }

LocksAndWork postgresql(const AlterColumnType& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Table* table = context.schema.table(op.table);
  const Column* column = table ? table->column(op.column) : nullptr;
  if (!column) return result;
  if (!is_metadata_only_type_change(column->type, op.type, op.using_sql)) {
    merge(result, one_phase({}, {rewrite_of(op.table, context.schema)}));
  }
  // Constraints on the column are made again: a CHECK reads every row even
  // where the type changes for free, a foreign key locks its other table.
  for (const Constraint& c : table->constraints) {
    if (c.kind == ConstraintKind::Check && c.valid && uses_column(c, op.column)) merge(result, one_phase({}, {scan_of(op.table)}));
  }
  for (const std::string& tied : tables_tied_by_foreign_key(context.schema, op.table, op.column)) {
    add_lock(result.phases.front().locks, {tied, LockMode::AccessExclusiveLock});
  }
  return result;
}

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
LocksAndWork postgresql(const ChangeIdentity& op, const Context&) { return exclusive_metadata(op.table); }
LocksAndWork postgresql(const DropExpression& op, const Context&) { return exclusive_metadata(op.table); }

}  // namespace midflight::rules
