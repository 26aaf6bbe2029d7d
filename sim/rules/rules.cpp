#include "sim/rules/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <variant>

#include "sim/model/free_name.h"
#include "sim/model/inheritance.h"
#include "sim/rules/family.h"

namespace midflight::rules {
namespace {

/// EXPLAIN, PREPARE and functions in SQL: queries that are analysed, and not run.
LocksAndWork locks_of_queries(const Statement& statement, const Context& context) {
  LocksAndWork result = one_phase({}, {});
  if (context.dialect.engine == Engine::Sqlite) return result;
  for (const Access& access : statement.accesses) add_read_locks(result.phases.front().locks, access.relation, access.mode, context.schema);
  return result;
}

/// A policy, a rule or a trigger names other relations, which are looked at as they are.
void add_named_relations(const Operation& operation, const Statement& statement, LocksAndWork& result) {
  const auto* setting = std::get_if<RelationSetting>(&operation);
  const bool names_others = std::holds_alternative<CreateTrigger>(operation) ||
                            (setting && (setting->kind == SettingKind::Policy || setting->kind == SettingKind::RewriteRule));
  if (!names_others || !result.understood) return;
  for (const Access& access : statement.accesses) add_lock(result.phases.front().locks, {access.relation, access.mode});
}

LocksAndWork of_operation(const Operation& operation, const Statement& statement, const Context& context) {
  return std::visit(
      [&](const auto& op) -> LocksAndWork {
        using Op = std::decay_t<decltype(op)>;
        if constexpr (std::is_same_v<Op, DataStatement>) {
          return data_locks_and_work(statement, context);
        } else if constexpr (std::is_same_v<Op, Harmless>) {
          return locks_of_queries(statement, context);
        } else if constexpr (std::is_same_v<Op, Opaque>) {
          return not_understood(op.why);
        } else if (context.dialect.engine == Engine::Sqlite) {
          return sqlite(operation, context);
        } else {
          return postgresql(op, context);
        }
      },
      operation);
}

/// A table that is created from a query reads like the query.
bool reads_for_new_table(const Operation& operation) {
  const auto* create = std::get_if<CreateTable>(&operation);
  return create != nullptr && create->as_query;
}

/// A partitioned table has no rows of its own: its work is in its partitions,
/// unless its size is given as a whole.
void drop_work_without_rows(LocksAndWork& result, const Schema& schema) {
  for (Phase& phase : result.phases) {
    for (Work& work : phase.work) {
      const Table* table = schema.table(work.relation);
      if (table != nullptr && table->kind == TableKind::Partitioned && table->rows == 0) work = {WorkKind::Metadata, work.relation};
    }
  }
}

/// The operation, then the share of every table below.
LocksAndWork with_heirs(const Operation& operation, const Statement& statement, const Context& context) {
  if (concerns_nothing(operation, context.schema)) return one_phase({}, {});
  if (leaves_names_open(operation)) return with_heirs(with_names(operation, context.schema), statement, context);
  LocksAndWork result = of_operation(operation, statement, context);
  if (context.dialect.engine == Engine::Sqlite) return result;
  if (!std::holds_alternative<DataStatement>(operation)) drop_work_without_rows(result, context.schema);
  add_named_relations(operation, statement, result);
  if (reads_for_new_table(operation)) merge(result, data_locks_and_work(statement, context));
  for (const Operation& below : operations_on_heirs(operation, context.schema)) {
    merge(result, with_heirs(below, statement, {context.schema, context.dialect, true}));
  }
  return result;
}

/// CREATE SCHEMA with what is in it: nobody else can see the relations yet.
void leave_out_new(LocksAndWork& result, const std::vector<std::string>& made) {
  const auto is_new = [&](const auto& item) { return std::find(made.begin(), made.end(), item.relation) != made.end(); };
  for (Phase& phase : result.phases) {
    std::erase_if(phase.locks, is_new);
    std::erase_if(phase.work, is_new);
  }
}

void add_made(const Operation& operation, std::vector<std::string>& made) {
  if (const auto* table = std::get_if<CreateTable>(&operation)) made.push_back(table->table.name);
  if (const auto* view = std::get_if<CreateView>(&operation)) made.push_back(view->view.name);
  if (const auto* sequence = std::get_if<CreateSequence>(&operation)) made.push_back(sequence->sequence.name);
}

LocksAndWork of_several(const Statement& statement, Schema schema, const Dialect& dialect) {
  LocksAndWork result;
  std::vector<std::string> made;
  bool first = true;
  for (const Operation& operation : statement.operations) {
    LocksAndWork part = with_heirs(operation, statement, {schema, dialect});
    if (first) result = std::move(part);
    else merge(result, part);
    first = false;
    add_made(operation, made);
    (void)apply(operation, schema);  // a part that does not fit fails when it runs
  }
  if (!made.empty()) leave_out_new(result, made);
  return result;
}

}  // namespace

namespace {

LocksAndWork known_locks_and_work(const Statement& statement, const Schema& before, const Dialect& dialect) {
  if (statement.operations.empty()) return data_locks_and_work(statement, {before, dialect});
  if (statement.operations.size() == 1) {
    return with_heirs(statement.operations.front(), statement, {before, dialect});
  }
  return of_several(statement, before, dialect);
}

}  // namespace

LocksAndWork locks_and_work(const Statement& statement, const Schema& before, const Dialect& dialect) {
  const bool postgresql = dialect.engine == Engine::Postgresql;
  if (postgresql && statement.since > dialect.version) {
    return not_understood(fmt::format("this syntax is new in PostgreSQL {}, and the server is {}", statement.since, dialect.version));
  }
  LocksAndWork result = known_locks_and_work(statement, before, dialect);
  result.transaction_forbidden |= postgresql && statement.refuses_transaction;
  return result;
}

}  // namespace midflight::rules
