#include "backends/data/keys_to_come.h"

#include <algorithm>

namespace midflight::backends {
namespace {

void add_key(Schema& schema, const AddConstraint& op) {
  Table* table = schema.table(op.table);
  if (op.constraint.kind != ConstraintKind::ForeignKey || table == nullptr || schema.table(op.constraint.referenced_table) == nullptr) return;
  const bool there = std::all_of(op.constraint.columns.begin(), op.constraint.columns.end(),
                                 [&](const std::string& name) { return table->column(name) != nullptr; });
  if (there) table->constraints.push_back(op.constraint);
}

}  // namespace

Schema with_keys_to_come(Schema schema, const Plan& plan) {
  for (const Step& step : plan.steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql == nullptr) continue;
    for (const Statement& statement : sql->statements) {
      for (const Operation& operation : statement.operations) {
        if (const auto* add = std::get_if<AddConstraint>(&operation)) add_key(schema, *add);
      }
    }
  }
  return schema;
}

}  // namespace midflight::backends
