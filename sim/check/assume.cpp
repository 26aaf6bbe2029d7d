#include "sim/check/assume.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "sim/model/place.h"

namespace midflight::check {
namespace {

class Assumer {
 public:
  Assumer(Schema& schema, std::set<std::string, std::less<>>& assumed) : schema_(schema), assumed_(assumed) {}

  void operator()(const AddColumn& op) { table(op.table); }
  void operator()(const DropColumn& op) { column(op.table, op.column); }
  void operator()(const RenameColumn& op) { column(op.table, op.from); }
  void operator()(const RenameTable& op) { if (schema_.view(op.from) == nullptr) table(op.from); }
  void operator()(const AlterColumnType& op) { column(op.table, op.column); }
  void operator()(const SetNotNull& op) { column(op.table, op.column); }
  void operator()(const DropNotNull& op) { column(op.table, op.column); }
  void operator()(const SetDefault& op) { column(op.table, op.column); }
  void operator()(const AddConstraint& op) {
    for (const std::string& name : op.constraint.columns) column(op.table, name);
    if (table(op.table) != nullptr && !op.using_index.empty() && schema_.index(op.using_index) == nullptr) {
      index(op.using_index, op.table, true);
    }
    for (const std::string& name : op.constraint.referenced_columns) column(op.constraint.referenced_table, name);
    if (!op.constraint.referenced_table.empty()) table(op.constraint.referenced_table);
  }
  void operator()(const ValidateConstraint& op) { constraint(op.table, op.constraint); }
  void operator()(const DropConstraint& op) { constraint(op.table, op.constraint); }
  void operator()(const CreateIndex& op) {
    for (const std::string& name : op.index.columns) column(op.index.table, name);
    table(op.index.table);
  }
  void operator()(const CreateTable& op) {
    for (const Constraint& c : op.table.constraints) {
      if (c.referenced_table.empty() || c.referenced_table == op.table.name) continue;
      table(c.referenced_table);
      for (const std::string& name : c.referenced_columns) column(c.referenced_table, name);
    }
  }
  void operator()(const DropTable& op) { if (!op.if_exists) table(op.table); }
  void operator()(const ChangeIdentity& op) {
    column(op.table, op.column);
    Table* found = table(op.table);
    Column* numbered = found != nullptr && assumed_.contains(op.table) ? found->column(op.column) : nullptr;
    if (numbered != nullptr && op.kind == IdentityChange::Add) numbered->not_null = true;
  }
  void operator()(const CreateView& op) { if (op.replace) forget(op.view.name); }
  void operator()(const DropView& op) { forget(op.view); }
  void operator()(const DropMaterializedView& op) { forget(op.view); }
  void operator()(const CreateTrigger& op) { if (schema_.view(op.trigger.table) == nullptr) table(op.trigger.table); }
  template <class Other>
  void operator()(const Other&) {}

  /// Tables that a statement handles rows of; one of them may turn out to be a view.
  void rows(const Statement& statement) {
    for (const Access& access : statement.accesses) {
      const std::string_view name = access.relation;
      const bool of_server = name.starts_with("pg_") || name.starts_with("information_schema.");
      if (!of_server && schema_.sequence(name) == nullptr) table(access.relation);
    }
  }

  void place(std::string_view name) {
    if (!name.empty() && !schema_.has_schema(name)) schema_.schemas.emplace_back(name);
  }

 private:
  /// What was taken for a table is a view.
  void forget(const std::string& name) {
    if (assumed_.erase(name) == 0) return;
    std::erase_if(schema_.tables, [&](const Table& table) { return table.name == name; });
  }

  Table* table(const std::string& name) {
    if (Table* known = schema_.table(name)) return known;
    if (name.empty() || schema_.view(name) != nullptr) return nullptr;
    place(schema_of(name));
    assumed_.insert(name);
    Table made;
    made.name = name;
    schema_.tables.push_back(std::move(made));
    return &schema_.tables.back();
  }

  /// Only tables that are made up may have columns nobody has seen.
  void column(const std::string& of, const std::string& name) {
    Table* found = table(of);
    if (found == nullptr || !assumed_.contains(of) || found->column(name) != nullptr) return;
    Column made;
    made.name = name;
    found->columns.push_back(std::move(made));
  }

  void constraint(const std::string& of, const std::string& name) {
    Table* found = table(of);
    if (found == nullptr || !assumed_.contains(of)) return;
    const auto known = [&](const Constraint& c) { return c.name == name; };
    if (std::any_of(found->constraints.begin(), found->constraints.end(), known)) return;
    Constraint made;
    made.name = name;
    made.valid = false;
    found->constraints.push_back(std::move(made));
  }

  void index(const std::string& name, const std::string& of, bool unique) {
    Index made;
    made.name = name;
    made.table = of;
    made.unique = unique;
    schema_.table(of)->indexes.push_back(std::move(made));
  }

  Schema& schema_;
  std::set<std::string, std::less<>>& assumed_;
};

bool handles_rows(const Statement& statement) {
  return std::all_of(statement.operations.begin(), statement.operations.end(), [](const Operation& operation) {
    const auto* create = std::get_if<CreateTable>(&operation);
    return std::holds_alternative<DataStatement>(operation) || (create != nullptr && create->as_query);
  });
}

}  // namespace

void assume_what_it_needs(const Statement& statement, Schema& schema, std::set<std::string, std::less<>>& assumed) {
  Assumer assumer(schema, assumed);
  if (handles_rows(statement)) assumer.rows(statement);
  for (const Operation& operation : statement.operations) {
    if (std::holds_alternative<CreateSchema>(operation)) return;  // with all that it holds
    assumer.place(schema_needed(operation));
    std::visit(assumer, operation);
  }
}

}  // namespace midflight::check
