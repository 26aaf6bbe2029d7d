#include "sim/run/world.h"

#include <algorithm>

#include <fmt/format.h>

// What the run knows of the data, where a step asks.

namespace midflight {

void World::ask_check(std::size_t step) {
  schedule(now_ + check_length(step), Kind::CheckEnds, static_cast<std::uint32_t>(step));
}

/// A check of the data reads the table; it asks for nothing that requests want.
Duration World::check_length(std::size_t step) const {
  const auto& check = std::get<CheckStep>(step_at(step).action);
  const Table* table = epoch_->schema().base_table(check.table);
  if (table == nullptr || check.kind == CheckStep::Kind::Valid) return {};
  const Distribution scan = cost::duration({WorkKind::Scan, table->name}, epoch_->schema(), program_.profile);
  Random random(environment_.key("check/" + step_at(step).id));
  return scan.sample(random);
}

bool World::check_holds(const CheckStep& check) const {
  if (check.kind == CheckStep::Kind::Sql) return check.assume;
  if (check.kind == CheckStep::Kind::Valid) {
    for (const Table& table : epoch_->schema().tables) {
      for (const Constraint& c : table.constraints) {
        if (c.name == check.constraint) return c.valid;
      }
    }
    const Index* index = epoch_->schema().index(check.constraint);
    return index != nullptr && index->valid;
  }
  if (const Table* table = epoch_->schema().base_table(check.table); table != nullptr) {
    const bool there = table->column(check.column) != nullptr &&
                       (check.kind == CheckStep::Kind::Filled || table->column(check.other_column) != nullptr);
    if (!there) return false;  // the question itself is an error
  }
  if (check.kind == CheckStep::Kind::Filled) return !some_null(epoch_->schema(), check.table, check.column).value_or(false);
  return columns_agree(check);
}

/// Does any row have a null in a column?  Unknown: nothing the run follows tells.
std::optional<bool> World::some_null(const Schema& schema, const std::string& relation, const std::string& column) const {
  const Table* table = schema.base_table(relation);
  const Column* known = table != nullptr ? table->column(column) : nullptr;
  if (known == nullptr) return std::nullopt;
  const bool proved = std::any_of(table->constraints.begin(), table->constraints.end(), [&](const Constraint& c) {
    return c.valid && c.proves_not_null == column;
  });
  if (known->not_null || proved) return false;
  for (std::size_t p = 0; p < rows_.size(); ++p) {
    const TrackedPair& pair = program_.pairs[p];
    if (pair.to != column || pair.set_otherwise || !epoch_->is_pair_table(program_, p, table->name)) continue;
    // Added by the transaction that asks: empty, whatever rows there are.
    return rows_[p].expanded() ? rows_[p].unset() > 0 : rows_[p].rows() > 0;
  }
  return std::nullopt;
}

/// Are two columns the same in all rows?  What is not known is taken to hold,
/// and said in the assumptions.
bool World::columns_agree(const CheckStep& check) const {
  const auto is = [&](std::size_t p, const std::string& from, const std::string& to) {
    const TrackedPair& pair = program_.pairs[p];
    return pair.from == from && pair.to == to && epoch_->is_pair_table(program_, p, check.table);
  };
  int empty = 0;
  for (std::size_t p = 0; p < rows_.size(); ++p) {
    if (is(p, check.column, check.other_column) || is(p, check.other_column, check.column)) return rows_[p].differing() == 0;
    empty += (is(p, "", check.column) || is(p, "", check.other_column)) && rows_[p].unset() > 0;
  }
  return empty != 1;
}

/// ADD COLUMN ... NOT NULL with nothing to put into the rows there are.
bool World::leaves_nulls(const AddColumn& add) {
  const Column& c = add.column;
  return c.not_null && !c.default_sql && !c.identity && !c.generated;
}

/// What the server answers when it has read the rows a statement makes demands
/// on; nothing when they meet them, or when the run does not follow the column.
std::optional<ErrorKind> World::data_failure(std::size_t step) const {
  const StepRun& run = steps_[step];
  if (run.batch) return std::nullopt;
  for (const Operation& operation : program_.step_statement(step, run.statement).operations) {
    const auto* add = std::get_if<AddColumn>(&operation);
    if (add != nullptr && !sqlite_ && leaves_nulls(*add) && table_rows(add->table) > 0) return refusal({add->table, add->column.name, ""});
    for (const Demand& demand : demands_of(operation, run.now->schema())) {
      if (written_before(step, demand) || !some_null(run.now->schema(), demand.table, demand.column).value_or(false)) continue;
      return refusal(demand);
    }
  }
  return std::nullopt;
}

/// Did an earlier statement of the open transaction write the column?
bool World::written_before(std::size_t step, const Demand& demand) const {
  const std::vector<std::size_t>& done = steps_[step].done;
  return std::any_of(done.begin(), done.end(), [&](std::size_t number) {
    const std::vector<Access>& accesses = program_.step_statement(step, number).accesses;
    return std::any_of(accesses.begin(), accesses.end(), [&](const Access& a) {
      return a.relation == demand.table && std::find(a.writes.begin(), a.writes.end(), demand.column) != a.writes.end();
    });
  });
}

std::vector<World::Demand> World::demands_of(const Operation& operation, const Schema& schema) {
  if (const auto* set = std::get_if<SetNotNull>(&operation)) return {{set->table, set->column, ""}};
  std::vector<Demand> demands;
  const auto add = [&](const std::string& table, const Constraint& c) {
    if (!c.proves_not_null.empty()) demands.push_back({table, c.proves_not_null, c.name});
    if (c.kind != ConstraintKind::PrimaryKey) return;
    for (const std::string& column : c.columns) demands.push_back({table, column, ""});
  };
  if (const auto* constraint = std::get_if<AddConstraint>(&operation); constraint != nullptr && constraint->constraint.valid) {
    add(constraint->table, constraint->constraint);
  }
  const auto* validate = std::get_if<ValidateConstraint>(&operation);
  const Table* table = validate != nullptr ? schema.table(validate->table) : nullptr;
  if (table == nullptr) return demands;
  for (const Constraint& c : table->constraints) {
    if (c.name == validate->constraint) add(table->name, c);
  }
  return demands;
}

ErrorKind World::refusal(const Demand& demand) const {
  const bool check = !demand.check.empty();
  if (sqlite_) {
    return {ErrorClass::Constraint, "", check ? fmt::format("CHECK constraint failed: {}", demand.check)
                                              : fmt::format("NOT NULL constraint failed: {}.{}", demand.table, demand.column)};
  }
  if (check) {
    return {ErrorClass::Constraint, "23514",
            fmt::format("check constraint \"{}\" of relation \"{}\" is violated by some row", demand.check, demand.table)};
  }
  return {ErrorClass::Constraint, "23502",
          fmt::format("column \"{}\" of relation \"{}\" contains null values", demand.column, demand.table)};
}

}  // namespace midflight
