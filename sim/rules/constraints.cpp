#include <algorithm>

#include "sim/rules/family.h"

// Source: PostgreSQL manual, ALTER TABLE, versions 12 to 18; lock modes observed
//         on PostgreSQL 15.20.
// Scope:  ON DELETE actions, deferrable constraints and NOT ENFORCED are not told apart.

namespace midflight::rules {
namespace {

LocksAndWork add_check(const AddConstraint& op) {
  LocksAndWork result = exclusive_metadata(op.table);
  if (op.constraint.valid) merge(result, one_phase({}, {scan_of(op.table)}));
  return result;
}

LocksAndWork add_foreign_key(const AddConstraint& op) {
  const Work work = op.constraint.valid ? scan_of(op.table) : metadata_of(op.table);
  return one_phase({{op.table, LockMode::ShareRowExclusiveLock},
                    {op.constraint.referenced_table, LockMode::ShareRowExclusiveLock}}, {work});
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

LocksAndWork add_index_backed(const AddConstraint& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  if (op.using_index.empty()) merge(result, one_phase({}, {index_build_of(op.table)}));
  if (primary_key_scans(op, context)) merge(result, one_phase({}, {scan_of(op.table)}));
  return result;
}

const Constraint* find_constraint(const Schema& schema, const std::string& table, const std::string& name) {
  const Table* known = schema.table(table);
  if (!known) return nullptr;
  for (const Constraint& c : known->constraints) {
    if (c.name == name) return &c;
  }
  return nullptr;
}

}  // namespace

LocksAndWork postgresql(const AddConstraint& op, const Context& context) {
  switch (op.constraint.kind) {
    case ConstraintKind::Check:
    case ConstraintKind::NotNull: return add_check(op);
    case ConstraintKind::ForeignKey: return add_foreign_key(op);
    case ConstraintKind::Unique:
    case ConstraintKind::PrimaryKey:
    case ConstraintKind::Exclude: break;
  }
  return add_index_backed(op, context);
}

LocksAndWork postgresql(const ValidateConstraint& op, const Context& context) {
  const Constraint* known = find_constraint(context.schema, op.table, op.constraint);
  const bool done = known && known->valid;
  LocksAndWork result = one_phase({{op.table, LockMode::ShareUpdateExclusiveLock}},
                                  {done ? metadata_of(op.table) : scan_of(op.table)});
  if (known && !done && known->kind == ConstraintKind::ForeignKey) {
    add_lock(result.phases.front().locks, {known->referenced_table, LockMode::RowShareLock});
  }
  return result;
}

LocksAndWork postgresql(const DropConstraint& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Constraint* known = find_constraint(context.schema, op.table, op.constraint);
  if (known && known->kind == ConstraintKind::ForeignKey) {
    add_lock(result.phases.front().locks, {known->referenced_table, LockMode::AccessExclusiveLock});
  }
  return result;
}

LocksAndWork postgresql(const RenameConstraint& op, const Context&) { return exclusive_metadata(op.table); }

}  // namespace midflight::rules
