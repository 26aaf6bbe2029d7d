#include <algorithm>
#include <type_traits>

#include "sim/model/generated_name.h"
#include "sim/sql/newer_syntax.h"

namespace midflight::sql {
namespace {

bool has(const std::vector<Unsaid>& unsaid, Unsaid::Kind kind, const std::string& name) {
  return std::any_of(unsaid.begin(), unsaid.end(), [&](const Unsaid& u) { return u.kind == kind && u.name == name; });
}

/// The CHECK stands for a NOT NULL constraint, whose made-up name differs.
void restore(const std::vector<Unsaid>& unsaid, const std::string& table, Constraint& constraint) {
  if (constraint.kind != ConstraintKind::Check || !has(unsaid, Unsaid::Kind::NotNull, constraint.proves_not_null)) return;
  const std::string& column = constraint.proves_not_null;
  if (constraint.name == generated_name(table, column, "check")) constraint.name = generated_name(table, column, "not_null");
  constraint.kind = ConstraintKind::NotNull;
  constraint.expression.clear();
}

void restore(const std::vector<Unsaid>& unsaid, Column& column) {
  column.computed_on_read |= column.generated && has(unsaid, Unsaid::Kind::ComputedOnRead, column.name);
}

struct Restorer {
  const std::vector<Unsaid>& unsaid;

  Operation operator()(AddColumn op) const {
    restore(unsaid, op.column);
    return op;
  }
  Operation operator()(CreateTable op) const {
    for (Column& column : op.table.columns) restore(unsaid, column);
    for (Constraint& constraint : op.table.constraints) restore(unsaid, op.table.name, constraint);
    return op;
  }
  Operation operator()(AddConstraint op) const {
    restore(unsaid, op.table, op.constraint);
    return op;
  }
  Operation operator()(const SetDefault& op) const {
    if (!has(unsaid, Unsaid::Kind::Expression, op.column)) return op;
    return SetExpression{op.table, op.column, op.reach};
  }
  Operation operator()(const RelationSetting& op) const {
    if (has(unsaid, Unsaid::Kind::Enforced, op.name)) return EnforceConstraint{op.relation, op.name};
    if (has(unsaid, Unsaid::Kind::Inherited, op.name)) return RelationSetting{op.relation, SettingKind::ConstraintInheritance, op.name, op.reach};
    return op;
  }
  Operation operator()(Maintenance op) const {
    for (const std::string& relation : op.relations) {
      if (has(unsaid, Unsaid::Kind::Only, relation)) op.only.push_back(relation);
    }
    return op;
  }
  template <class Op>
  Operation operator()(const Op& op) const {
    return op;
  }
};

}  // namespace

void restore_meaning(const std::vector<Unsaid>& unsaid, std::vector<Operation>& operations) {
  for (Operation& operation : operations) operation = std::visit(Restorer{unsaid}, operation);
}

}  // namespace midflight::sql
