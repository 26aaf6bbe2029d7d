#include "sim/strategy/change.h"

#include <variant>

#include "sim/kernel/error.h"

namespace midflight::strategy {
namespace {

ChangeKind kind_of(const AddConstraint& op) {
  switch (op.constraint.kind) {
    case ConstraintKind::ForeignKey:
    case ConstraintKind::Check: return op.constraint.valid ? ChangeKind::AddConstraint : ChangeKind::Other;
    case ConstraintKind::PrimaryKey:
    case ConstraintKind::Unique:
    case ConstraintKind::Exclude: return op.using_index.empty() ? ChangeKind::AddKey : ChangeKind::Other;
    case ConstraintKind::NotNull: break;
  }
  return ChangeKind::Other;
}

struct Classify {
  Change operator()(const RenameColumn& op) const { return {ChangeKind::RenameColumn, op.table, op.from, op.to, "", ""}; }
  Change operator()(const AlterColumnType& op) const {
    return {ChangeKind::AlterColumnType, op.table, op.column, "", op.type, op.using_sql};
  }
  Change operator()(const SetNotNull& op) const { return {ChangeKind::SetNotNull, op.table, op.column, "", "", ""}; }
  Change operator()(const CreateIndex& op) const {
    return op.concurrently ? Change{} : Change{ChangeKind::CreateIndex, op.index.table, "", "", "", ""};
  }
  Change operator()(const AddConstraint& op) const { return {kind_of(op), op.table, "", "", "", ""}; }
  template <class Op>
  Change operator()(const Op&) const { return {}; }
};

}  // namespace

Change classify(const Scenario& scenario) {
  MIDFLIGHT_CHECK(scenario.change.has_value());
  const Statement& change = *scenario.change;
  if (change.kind == StatementKind::Update) {
    Change update{ChangeKind::Update, "", "", "", "", ""};
    if (!change.accesses.empty()) update.table = change.accesses.front().relation;
    return update;
  }
  if (change.operations.size() != 1) return {};
  return std::visit(Classify{}, change.operations.front());
}

std::string_view change_words(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::RenameColumn: return "renaming a column";
    case ChangeKind::AlterColumnType: return "changing a column's type";
    case ChangeKind::SetNotNull: return "SET NOT NULL";
    case ChangeKind::Update: return "an UPDATE of many rows";
    case ChangeKind::CreateIndex: return "CREATE INDEX";
    case ChangeKind::AddConstraint: return "adding a foreign key or a CHECK";
    case ChangeKind::AddKey: return "adding UNIQUE, PRIMARY KEY or EXCLUDE";
    case ChangeKind::Other: break;
  }
  return "another change";
}

void require_change_fits(const Scenario& scenario) {
  MIDFLIGHT_CHECK(scenario.change.has_value());
  Schema schema = scenario.schema;
  for (const Operation& operation : scenario.change->operations) {
    const std::string answer = apply(operation, schema);
    if (!answer.empty()) throw Error(ErrorCode::BadInput, "change: the database would answer: " + answer, scenario.change->where);
  }
}

}  // namespace midflight::strategy
