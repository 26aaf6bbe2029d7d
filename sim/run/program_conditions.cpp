#include <algorithm>

#include <fmt/format.h>

#include "sim/model/free_name.h"
#include "sim/run/program.h"
#include "sim/strategy/names.h"

// What rows must be like for the constraints and keys of a plan, where no run can know it.

namespace midflight {

namespace {

using Names = std::vector<std::string>;

bool within(const Names& some, const Names& all) {
  return std::all_of(some.begin(), some.end(), [&](const std::string& name) { return std::find(all.begin(), all.end(), name) != all.end(); });
}

/// Equal rows are refused already.
bool has_key(const Table& table, const Names& columns) {
  const auto in_constraint = [&](const Constraint& c) {
    return (c.kind == ConstraintKind::Unique || c.kind == ConstraintKind::PrimaryKey) && within(c.columns, columns);
  };
  const auto in_index = [&](const Index& i) { return i.unique && i.valid && !i.computed && within(i.columns, columns); };
  return std::any_of(table.constraints.begin(), table.constraints.end(), in_constraint) ||
         std::any_of(table.indexes.begin(), table.indexes.end(), in_index);
}

/// Walks a plan and notes what its statements ask of rows that were there before.
class Conditions {
 public:
  explicit Conditions(const Schema& schema) : schema_(schema) {}

  template <class T>
  void operator()(const T&) {}
  void operator()(const AddColumn& add) { added_.push_back(add.table + "." + add.column.name); }
  void operator()(const AddConstraint& add) {
    if (add.constraint.valid) return demand(add.table, add.constraint, add.using_index);
    later_.push_back(std::get<AddConstraint>(with_names(add, schema_)));
  }
  void operator()(const ValidateConstraint& validate) {
    for (const AddConstraint& add : later_) {
      if (add.table == validate.table && add.constraint.name == validate.constraint) return demand(add.table, add.constraint, "");
    }
    const Table* table = schema_.table(validate.table);
    if (table == nullptr) return;
    for (const Constraint& c : table->constraints) {
      if (c.name == validate.constraint && !c.valid) demand(table->name, c, "");
    }
  }
  void operator()(const CreateIndex& create) {
    const Table* table = with_rows(create.index.table);
    if (!create.index.unique || table == nullptr || is_new(create.index.table, create.index.columns)) return;
    if (create.index.computed) return note(fmt::format("no two rows of {} are equal in {}", table->name, create.index.name));
    unique(*table, create.index.columns);
  }

  std::vector<std::string> take() { return std::move(all_); }

 private:
  const Table* with_rows(const std::string& name) const {
    const Table* table = schema_.table(name);
    return table != nullptr && table->rows > 0 ? table : nullptr;
  }
  /// The plan itself puts the values there.
  bool is_new(const std::string& table, const Names& columns) const {
    return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
      return std::find(added_.begin(), added_.end(), table + "." + column) != added_.end();
    });
  }
  void note(std::string condition) {
    if (std::find(all_.begin(), all_.end(), condition) == all_.end()) all_.push_back(std::move(condition));
  }
  void unique(const Table& table, const Names& columns) {
    if (!has_key(table, columns)) note(fmt::format("no two rows of {} are equal in ({})", table.name, strategy::columns_sql(columns)));
  }
  void demand(const std::string& name, const Constraint& constraint, const std::string& using_index) {
    const Table* table = with_rows(name);
    if (table == nullptr || is_new(name, constraint.columns)) return;
    switch (constraint.kind) {
      case ConstraintKind::ForeignKey:
        return note(fmt::format("every row of {} that names a row of {} finds it", name, constraint.referenced_table));
      case ConstraintKind::Check:
        if (constraint.proves_not_null.empty()) note(fmt::format("every row of {} fulfils CHECK ({})", name, constraint.expression));
        return;
      case ConstraintKind::Unique: case ConstraintKind::PrimaryKey:
        if (using_index.empty()) unique(*table, constraint.columns);
        return;
      case ConstraintKind::Exclude: return note(fmt::format("no two rows of {} exclude each other", name));
      case ConstraintKind::NotNull: return;
    }
  }

  const Schema& schema_;
  Names added_;
  std::vector<AddConstraint> later_;
  std::vector<std::string> all_;
};

}  // namespace

std::vector<std::string> Program::conditions() const {
  std::vector<std::string> all = null_conditions();
  Conditions others(scenario.schema);
  for (const Step& step : proposal.plan.steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql == nullptr) continue;
    for (const Statement& statement : sql->statements) {
      for (const Operation& operation : statement.operations) std::visit(others, operation);
    }
  }
  for (std::string& condition : others.take()) all.push_back(std::move(condition));
  return all;
}

}  // namespace midflight
