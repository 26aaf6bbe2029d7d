#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "sim/rules/rules.h"
#include "sim/run/program.h"

// Which columns a run follows row by row, and what it has to take for granted.

namespace midflight {

namespace {

struct TableColumn {
  std::string table, column;
  bool operator==(const TableColumn&) const = default;
};

bool has(const std::vector<TableColumn>& list, const std::string& table, const std::string& column) {
  return std::find(list.begin(), list.end(), TableColumn{table, column}) != list.end();
}

void add_pair(std::vector<TrackedPair>& pairs, TrackedPair pair) {
  const bool known = std::any_of(pairs.begin(), pairs.end(), [&](const TrackedPair& p) {
    return p.table == pair.table && p.from == pair.from && p.to == pair.to;
  });
  if (!known && pair.from != pair.to) pairs.push_back(std::move(pair));
}

/// The column a backfill copies: what it reads and does not write.  Empty: none.
std::string copied_column(const Access& target) {
  for (const std::string& read : target.reads) {
    if (std::find(target.writes.begin(), target.writes.end(), read) == target.writes.end()) return read;
  }
  return {};
}

std::vector<TrackedPair> copied(const Statement& update) {
  std::vector<TrackedPair> pairs;
  for (const Access& access : update.accesses) {
    for (const std::string& to : access.writes) add_pair(pairs, {access.relation, copied_column(access), to});
  }
  return pairs;
}

template <typename F>
void for_each_update(const Plan& plan, F&& f) {
  for (const Step& step : plan.steps) {
    if (const auto* backfill = std::get_if<BackfillStep>(&step.action)) f(backfill->update);
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql == nullptr) continue;
    for (const Statement& statement : sql->statements) {
      if (statement.kind == StatementKind::Update) f(statement);
    }
  }
}

template <typename F>
void for_each_operation(const Plan& plan, F&& f) {
  for (const Step& step : plan.steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql == nullptr) continue;
    for (const Statement& statement : sql->statements) {
      for (const Operation& operation : statement.operations) f(operation);
    }
  }
}

/// Columns that the plan adds; `empty`: those alone whose old rows have nothing in them.
std::vector<TableColumn> added_columns(const Plan& plan, bool empty) {
  std::vector<TableColumn> added;
  for_each_operation(plan, [&](const Operation& operation) {
    const auto* add = std::get_if<AddColumn>(&operation);
    if (add == nullptr) return;
    const bool filled = add->column.default_sql || add->column.identity || add->column.generated;
    if (!empty || !filled) added.push_back({add->table, add->column.name});
  });
  return added;
}

/// Columns of which some statement of the plan demands that no row has a null.
std::vector<TableColumn> columns_made_not_null(const Plan& plan) {
  std::vector<TableColumn> demanded;
  const auto add = [&](const std::string& table, const std::string& column) {
    if (!column.empty() && !has(demanded, table, column)) demanded.push_back({table, column});
  };
  for_each_operation(plan, [&](const Operation& operation) {
    if (const auto* set = std::get_if<SetNotNull>(&operation)) add(set->table, set->column);
    const auto* constraint = std::get_if<AddConstraint>(&operation);
    if (constraint == nullptr) return;
    add(constraint->table, constraint->constraint.proves_not_null);
    if (constraint->constraint.kind != ConstraintKind::PrimaryKey) return;
    for (const std::string& column : constraint->constraint.columns) add(constraint->table, column);
  });
  return demanded;
}

std::vector<const CheckStep*> data_checks(const Plan& plan) {
  std::vector<const CheckStep*> checks;
  for (const Step& step : plan.steps) {
    const auto* check = std::get_if<CheckStep>(&step.action);
    if (check == nullptr) continue;
    if (check->kind == CheckStep::Kind::Filled || check->kind == CheckStep::Kind::Equal) checks.push_back(check);
  }
  return checks;
}

bool known_not_null(const Schema& schema, const TableColumn& c) {
  const Table* table = schema.base_table(c.table);
  const Column* column = table != nullptr ? table->column(c.column) : nullptr;
  return column != nullptr && column->not_null;
}

}  // namespace

std::vector<std::size_t> Program::copied_by(const Statement& update) const {
  const std::vector<TrackedPair> by = copied(update);
  std::vector<std::size_t> found;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const bool mine = std::any_of(by.begin(), by.end(), [&](const TrackedPair& c) {
      return c.table == pairs[p].table && c.from == pairs[p].from && c.to == pairs[p].to;
    });
    if (mine) found.push_back(p);
  }
  return found;
}

void Program::find_pairs() {
  const Plan& plan = proposal.plan;
  for_each_update(plan, [&](const Statement& update) {
    for (const TrackedPair& pair : copied(update)) {
      if (!pair.is_fill()) add_pair(pairs, pair);
    }
  });
  if (scenario.change) {
    const std::vector<TableColumn> added = added_columns(plan, false);
    for (const Operation& operation : scenario.change->operations) {
      const auto* rename = std::get_if<RenameColumn>(&operation);
      if (rename != nullptr && has(added, rename->table, rename->to)) add_pair(pairs, {rename->table, rename->from, rename->to});
    }
  }
  find_fills();
  for_each_update(plan, [&](const Statement& update) {
    for (const TrackedPair& by : copied(update)) {
      for (TrackedPair& pair : pairs) pair.set_otherwise |= pair.table == by.table && pair.to == by.to && pair.from != by.from;
    }
  });
}

/// Columns added empty that something later needs filled, and no other column leads to.
void Program::find_fills() {
  std::vector<TableColumn> needed = columns_made_not_null(proposal.plan);
  for (const CheckStep* check : data_checks(proposal.plan)) {
    needed.push_back({check->table, check->column});
    if (check->kind == CheckStep::Kind::Equal) needed.push_back({check->table, check->other_column});
  }
  for (const TableColumn& c : added_columns(proposal.plan, true)) {
    const bool led_to = std::any_of(pairs.begin(), pairs.end(), [&](const TrackedPair& p) { return p.table == c.table && p.to == c.column; });
    if (has(needed, c.table, c.column) && !led_to) add_pair(pairs, {c.table, "", c.column});
  }
}

bool Program::nulls_are_known(const std::string& of, const std::string& column) const {
  const bool followed = std::any_of(pairs.begin(), pairs.end(), [&](const TrackedPair& p) {
    return p.table == of && p.to == column && !p.set_otherwise;
  });
  return followed || known_not_null(scenario.schema, {of, column}) || has(added_columns(proposal.plan, false), of, column);
}

std::vector<std::string> Program::null_conditions() const {
  std::vector<std::string> all;
  for (const TableColumn& c : columns_made_not_null(proposal.plan)) {
    if (!nulls_are_known(c.table, c.column)) all.push_back(fmt::format("no row has a null in {}.{}", c.table, c.column));
  }
  return all;
}

std::vector<std::string> Program::assumptions() const {
  std::vector<std::string> all;
  for (std::string& condition : conditions()) {
    condition.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(condition.front())));
    all.push_back(condition + " when the plan begins.");
  }
  for (const CheckStep* check : data_checks(proposal.plan)) {
    const bool filled = check->kind == CheckStep::Kind::Filled;
    if (filled && !nulls_are_known(check->table, check->column)) {
      all.push_back(fmt::format("The check filled({}.{}) is taken to hold: no step of the plan fills the column.", check->table, check->column));
    }
    const bool led = std::any_of(pairs.begin(), pairs.end(), [&](const TrackedPair& p) {
      return p.table == check->table && ((p.from == check->column && p.to == check->other_column) ||
                                         (p.to == check->column && p.from == check->other_column));
    });
    if (filled || led) continue;
    all.push_back(fmt::format("The check equal({0}.{1}, {0}.{2}) is taken to hold where neither is known to be empty: "
                              "no step of the plan copies one to the other.", check->table, check->column, check->other_column));
  }
  add_job_assumptions(all);
  return all;
}

std::int64_t Program::rows_written(const Statement& statement, const Schema& schema, const Dialect& dialect) {
  for (const Phase& phase : rules::locks_and_work(statement, schema, dialect).phases) {
    for (const Work& work : phase.work) {
      if (work.kind == WorkKind::Update) return work.rows;
    }
  }
  return statement.accesses.empty() || !statement.accesses.front().key.empty() ? 1 : kAllRows;
}

void Program::add_job_assumptions(std::vector<std::string>& all) const {
  for (const BackgroundJob& job : scenario.background) {
    const StatementKind kind = job.statement.kind;
    if (kind != StatementKind::Update && kind != StatementKind::Delete) continue;
    if (rows_written(job.statement, scenario.schema, scenario.database.dialect) != kAllRows) continue;
    const std::string& written = job.statement.accesses.front().relation;
    all.push_back(kind == StatementKind::Update
                      ? fmt::format("The background job {} writes every row of {}.", job.name, written)
                      : fmt::format("The background job {} locks every row of {}; how many it deletes is not known, and {} keeps its size.",
                                    job.name, written, written));
  }
}

}  // namespace midflight
