#include "sim/check/dependents.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "sim/model/dependents.h"
#include "sim/model/type_users.h"

namespace midflight::check {
namespace {

using Names = std::vector<std::string>;

struct Finder {
  const Schema& schema;

  Names operator()(const DropTable& op) const {
    Names out = views(views_on(schema, {op.table}));
    const Table* table = schema.table(op.table);
    const bool own_parts = table != nullptr && table->kind == TableKind::Partitioned;  // they go without being asked
    for (const std::string& heir : own_parts ? Names{} : schema.heirs(op.table)) {
      if (std::find(op.together.begin(), op.together.end(), heir) == op.together.end()) out.push_back("the table " + heir);
    }
    add_keys(op.table, op.together, [](const Constraint&) { return true; }, out);
    return out;
  }
  Names operator()(const DropColumn& op) const {
    Names out = views(views_on_column(schema, op.table, op.column));
    add_keys(op.table, {}, [&](const Constraint& c) { return rests_on(c, op.table, {op.column}); }, out);
    return out;
  }
  Names operator()(const AlterColumnType& op) const { return views(views_on_column(schema, op.table, op.column)); }
  Names operator()(const DropConstraint& op) const {
    Names out;
    const Table* table = schema.table(op.table);
    if (table == nullptr) return out;
    const auto key = std::find_if(table->constraints.begin(), table->constraints.end(), [&](const Constraint& c) { return c.name == op.constraint; });
    const bool is_key = key != table->constraints.end() && (key->kind == ConstraintKind::PrimaryKey || key->kind == ConstraintKind::Unique);
    if (is_key) add_keys(op.table, {}, [&](const Constraint& c) { return rests_on(c, op.table, key->columns); }, out);
    return out;
  }
  Names operator()(const DropType& op) const {
    Names out;
    for (const Table& table : schema.tables) {
      for (const Column& column : table.columns) {
        if (same_type(column.type, op.type)) out.push_back(fmt::format("the column {} of {}", column.name, table.name));
      }
    }
    return out;
  }
  Names operator()(const DropView& op) const { return views(views_on(schema, {op.view})); }
  Names operator()(const DropMaterializedView& op) const { return views(views_on(schema, {op.view})); }
  template <class Other>
  Names operator()(const Other&) const { return {}; }

 private:
  static Names views(Names names) {
    for (std::string& name : names) name = "the view " + name;
    return names;
  }

  /// Its columns are among those that it refers to; without columns, it refers to the primary key.
  bool rests_on(const Constraint& key, const std::string& table, const Names& columns) const {
    const Names to = key.referenced_columns.empty() ? schema.table(table)->primary_key() : key.referenced_columns;
    return std::all_of(columns.begin(), columns.end(), [&](const std::string& one) { return std::find(to.begin(), to.end(), one) != to.end(); });
  }

  /// Foreign keys of other tables.
  template <class Wanted>
  void add_keys(const std::string& table, const Names& left_out, const Wanted& wanted, Names& out) const {
    for (const Table& other : schema.tables) {
      if (other.name == table || std::find(left_out.begin(), left_out.end(), other.name) != left_out.end()) continue;
      for (const Constraint& c : other.constraints) {
        if (c.kind == ConstraintKind::ForeignKey && c.referenced_table == table && wanted(c))
          out.push_back(fmt::format("the foreign key {} of {}", c.name, other.name));
      }
    }
  }
};

}  // namespace

std::vector<std::string> dependents(const Operation& operation, const Schema& schema) { return std::visit(Finder{schema}, operation); }

}  // namespace midflight::check
