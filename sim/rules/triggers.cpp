#include <algorithm>

#include "sim/rules/family.h"

// Source: PostgreSQL manual, CREATE TRIGGER and DROP TRIGGER; locks observed on PostgreSQL 15.

namespace midflight::rules {
namespace {

/// A trigger FOR EACH ROW of a partitioned table is one on every partition.
LocksAndWork on_table_and_partitions(const std::string& table, LockMode mode, bool partitions, const Schema& schema) {
  LocksAndWork result = one_phase({{table, mode}}, {metadata_of(table)});
  if (!partitions) return result;
  for (const std::string& name : with_partitions(schema, table)) add_lock(result.phases.front().locks, {name, mode});
  return result;
}

bool is_for_each_row(const Schema& schema, const std::string& table, const std::string& name) {
  return std::any_of(schema.triggers.begin(), schema.triggers.end(), [&](const Trigger& trigger) {
    return trigger.table == table && trigger.name == name && trigger.for_each_row;
  });
}

bool exists(const Schema& schema, const std::string& table, const std::string& name) {
  return std::any_of(schema.triggers.begin(), schema.triggers.end(),
                     [&](const Trigger& trigger) { return trigger.table == table && trigger.name == name; });
}

/// True where an expression kept as text calls the function.
bool is_called_elsewhere(const Schema& schema, const std::string& function) {
  const auto calls = [&](const std::string& sql) { return sql.find(function + "(") != std::string::npos; };
  for (const Table& table : schema.tables) {
    for (const Column& column : table.columns) if (column.default_sql && calls(*column.default_sql)) return true;
    for (const Constraint& constraint : table.constraints) if (calls(constraint.expression)) return true;
    for (const Index& index : table.indexes) if (calls(index.sql)) return true;
  }
  return std::any_of(schema.views.begin(), schema.views.end(), [&](const View& view) { return calls(view.sql); });
}

}  // namespace

LocksAndWork postgresql(const CreateTrigger& op, const Context& context) {
  return on_table_and_partitions(op.trigger.table, LockMode::ShareRowExclusiveLock, op.trigger.for_each_row, context.schema);
}

LocksAndWork postgresql(const DropTrigger& op, const Context& context) {
  if (op.if_exists && !exists(context.schema, op.table, op.trigger)) return one_phase({}, {});
  return on_table_and_partitions(op.table, LockMode::AccessExclusiveLock, is_for_each_row(context.schema, op.table, op.trigger), context.schema);
}

LocksAndWork postgresql(const RenameTrigger& op, const Context& context) {
  return on_table_and_partitions(op.table, LockMode::AccessExclusiveLock, context.dialect.version >= 15, context.schema);
}

LocksAndWork postgresql(const DropFunction& op, const Context& context) {
  LocksAndWork result = one_phase({}, {});
  if (!op.cascade) return result;
  if (is_called_elsewhere(context.schema, op.function)) return not_understood("what calls the function and goes with it is not followed");
  for (const Trigger& trigger : context.schema.triggers) {
    if (trigger.function == op.function) merge(result, postgresql(DropTrigger{trigger.table, trigger.name}, context));
  }
  return result;
}

}  // namespace midflight::rules
