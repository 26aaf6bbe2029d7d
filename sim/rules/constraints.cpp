#include <algorithm>

#include "sim/rules/family.h"

// Source: PostgreSQL manual, ALTER TABLE, versions 12 to 18; lock modes observed
//         on PostgreSQL 15.
// Scope:  deferrable constraints and NOT ENFORCED are not told apart.

namespace midflight::rules {
namespace {

using enum LockMode;

LocksAndWork add_check(const AddConstraint& op) {
  LocksAndWork result = exclusive_metadata(op.table);
  if (op.constraint.valid) merge(result, one_phase({}, {scan_of(op.table)}));
  return result;
}

// Partitions at either end are locked alike; each on the referencing side is read.
LocksAndWork add_foreign_key(const AddConstraint& op, const Schema& schema) {
  const Work work = op.constraint.valid ? reference_scan_of(op.table, op.constraint.referenced_table) : metadata_of(op.table);
  LocksAndWork result = one_phase({{op.table, ShareRowExclusiveLock}}, {work});
  lock_tree(result, schema, op.constraint.referenced_table, ShareRowExclusiveLock);
  return result;
}

// A primary key sets NOT NULL on its columns, which reads every row unless a
// CHECK has proved it.
bool primary_key_scans(const AddConstraint& op, const Context& context) {
  const Table* table = context.schema.table(op.table);
  if (op.constraint.kind != ConstraintKind::PrimaryKey || !table) return false;
  std::vector<std::string> columns = op.constraint.columns;
  if (const Index* index = context.schema.index(op.using_index)) columns = index->columns;
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const Column* column = table->column(name);
    return column && !column->not_null && !(context.dialect.version >= 12 && proven_not_null(*table, name));
  });
}

// A partition's share of a key is built under ShareLock, unless its columns
// become NOT NULL with it.
LocksAndWork add_index_backed(const AddConstraint& op, const Context& context) {
  const bool scans = primary_key_scans(op, context);
  const LockMode mode = context.inherited && !scans ? ShareLock : AccessExclusiveLock;
  LocksAndWork result = one_phase({{op.table, mode}}, {metadata_of(op.table)});
  if (op.using_index.empty()) merge(result, one_phase({}, {index_build_of(op.table, op.constraint.columns, context.schema)}));
  else if (op.using_index != op.constraint.name) lock(result, op.using_index, ShareUpdateExclusiveLock);  // gets the constraint's name
  const bool excludes = op.constraint.kind == ConstraintKind::Exclude;  // each row is compared with the index
  if (scans || excludes) merge(result, one_phase({}, {scan_of(op.table)}));
  return result;
}

bool has_index(const Constraint& c) {
  return c.kind == ConstraintKind::Unique || c.kind == ConstraintKind::PrimaryKey || c.kind == ConstraintKind::Exclude;
}

LocksAndWork add_any(const AddConstraint& op, const Context& context) {
  switch (op.constraint.kind) {
    case ConstraintKind::Check:
    case ConstraintKind::NotNull: return add_check(op);
    case ConstraintKind::ForeignKey: return add_foreign_key(op, context.schema);
    case ConstraintKind::Unique:
    case ConstraintKind::PrimaryKey:
    case ConstraintKind::Exclude: break;
  }
  return add_index_backed(op, context);
}

}  // namespace

// Version 18 locks the heirs as it locks the table, even those that do not get
// the constraint.
LocksAndWork postgresql(const AddConstraint& op, const Context& context) {
  LocksAndWork result = add_any(op, context);
  if (context.dialect.version < 18 || op.reach.only) return result;
  const bool key = op.constraint.kind == ConstraintKind::ForeignKey;
  lock_tree(result, context.schema, op.table, key ? ShareRowExclusiveLock : AccessExclusiveLock);
  return result;
}

LocksAndWork postgresql(const ValidateConstraint& op, const Context& context) {
  const Constraint* known = find_constraint(context.schema, op.table, op.constraint);
  const bool done = known && known->valid;
  const bool references = known && !done && known->kind == ConstraintKind::ForeignKey;
  const Work pass = references ? reference_scan_of(op.table, known->referenced_table) : scan_of(op.table);
  LocksAndWork result = one_phase({{op.table, ShareUpdateExclusiveLock}}, {done ? metadata_of(op.table) : pass});
  if (references) {
    lock_tree(result, context.schema, known->referenced_table, AccessShareLock);
    lock(result, known->referenced_table, RowShareLock);
  }
  return result;
}

// A key takes its index along, and with CASCADE the foreign keys that rest on it.
LocksAndWork postgresql(const DropConstraint& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Constraint* known = find_constraint(context.schema, op.table, op.constraint);
  if (!known) return result;
  if (known->kind == ConstraintKind::ForeignKey) lock_tree(result, context.schema, known->referenced_table, AccessExclusiveLock);
  if (known->kind == ConstraintKind::Check && op.reach.only && !known->no_inherit) {  // from now on it is the heirs' own
    for (const std::string& heir : context.schema.children(op.table)) lock(result, heir, LockMode::AccessExclusiveLock);
  }
  if (!has_index(*known)) return result;
  lock(result, index_of(op.table, known->name), AccessExclusiveLock);
  for (const Tie& tie : ties_of_key(context.schema, *context.schema.table(op.table), *known)) {
    lock_tie(result, context.schema, tie, AccessExclusiveLock);
  }
  return result;
}

LocksAndWork postgresql(const RenameConstraint& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Constraint* known = find_constraint(context.schema, op.table, op.from);
  if (known && has_index(*known)) lock(result, index_of(op.table, op.from), ShareUpdateExclusiveLock);
  return result;
}

}  // namespace midflight::rules
