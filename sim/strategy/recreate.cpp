#include "sim/strategy/recreate.h"

#include <algorithm>
#include <set>
#include <variant>

#include "sim/sql/parse.h"
#include "sim/sql/render.h"
#include "sim/strategy/names.h"
#include "sim/strategy/refusal.h"

namespace midflight::strategy {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> with_successor(std::vector<std::string> columns, const Successor& s) {
  std::replace(columns.begin(), columns.end(), s.from, s.to);
  return columns;
}

/// Adds the steps for one successor; knows what all of them need.
class Recreate {
 public:
  Recreate(PlanBuilder& plan, const Successor& s, const Scenario& scenario)
      : plan_(plan), s_(s), schema_(scenario.schema), table_(*schema_.table(s.table)),
        sqlite_(scenario.database.dialect.engine == Engine::Sqlite) {}

  void indexes() {
    for (const Index& index : table_.indexes) {
      if (!index.constraint && contains(index.columns, s_.from)) this->index(index);
    }
  }

  void constraints() {
    for (const Constraint& c : table_.constraints) {
      if (!contains(c.columns, s_.from)) continue;
      if (c.kind == ConstraintKind::Unique) unique(c);
      if (c.kind == ConstraintKind::ForeignKey) foreign_key(c);
      if (c.kind == ConstraintKind::Check) check(c);
    }
  }

 private:
  std::string name_for(const std::string& old) const { return successor_name(schema_, old, s_.from, s_.to); }
  std::string alter_table() const { return "ALTER TABLE " + sql::relation(s_.table); }

  void index(const Index& old) {
    const std::string name = name_for(old.name);
    plan_.online_sql("index-" + name, concurrent_index_sql(old, name),
                     "The index " + old.name + " does not cover " + s_.to + "; CONCURRENTLY lets writers go on.");
  }

  // The definition's own text keeps its method, order and condition.
  std::string concurrent_index_sql(const Index& old, const std::string& name) const {
    if (old.sql.empty()) return plain_index_sql(old, name);
    std::string text = replace_identifier(old.sql, old.name, sql::identifier(name));
    text = replace_identifier(text, s_.from, sql::identifier(s_.to));
    if (!asks_concurrently(text)) text = replace_identifier(text, "INDEX", "INDEX CONCURRENTLY");
    require_follows(text, old, name);
    return text;
  }

  std::string plain_index_sql(const Index& old, const std::string& name) const {
    return std::string("CREATE ") + (old.unique ? "UNIQUE " : "") + "INDEX CONCURRENTLY " + sql::identifier(name) +
           " ON " + sql::relation(s_.table) + " (" + columns_sql(with_successor(old.columns, s_)) + ")";
  }

  static bool asks_concurrently(const std::string& text) {
    const Statement statement = sql::parse_one(text);
    const auto* create = statement.operations.empty() ? nullptr : std::get_if<CreateIndex>(&statement.operations.front());
    return create && create->concurrently;
  }

  // Replacing words can hit a table or function of the column's name.
  void require_follows(const std::string& text, const Index& old, const std::string& name) const {
    const Statement statement = sql::parse_one(text);
    const auto* create = statement.operations.size() == 1 ? std::get_if<CreateIndex>(&statement.operations.front()) : nullptr;
    const bool same = create && create->concurrently && create->index.name == name && create->index.table == old.table &&
                      create->index.columns == with_successor(old.columns, s_);
    if (!same) refuse("the index " + old.name + " cannot be repeated on " + s_.to + " from its definition: " + old.sql);
  }

  void unique(const Constraint& old) {
    const std::string name = name_for(old.name);
    const std::string columns = columns_sql(with_successor(old.columns, s_));
    plan_.online_sql("index-" + name,
                     "CREATE UNIQUE INDEX CONCURRENTLY " + sql::identifier(name) + " ON " + sql::relation(s_.table) + " (" + columns + ")",
                     "Builds the index of the unique constraint while writers go on.");
    if (sqlite_) return;  // there a unique index is the constraint
    plan_.sql("unique-" + name, {alter_table() + " ADD CONSTRAINT " + sql::identifier(name) + " UNIQUE USING INDEX " + sql::identifier(name)},
              "Attaches the finished index as the constraint, a change of the catalog only.");
  }

  void foreign_key(const Constraint& old) {
    const std::string columns = columns_sql(with_successor(old.columns, s_));
    std::string rule = "FOREIGN KEY (" + columns + ") REFERENCES " + sql::relation(old.referenced_table);
    if (!old.referenced_columns.empty()) rule += " (" + columns_sql(old.referenced_columns) + ")";
    constraint("foreign-key", name_for(old.name), rule);
  }

  void check(const Constraint& old) {
    if (!old.proves_not_null.empty() && table_.column(s_.from)->not_null) return;  // set_not_null_by_check adds its own
    constraint("check", name_for(old.name), "CHECK (" + replace_identifier(old.expression, s_.from, sql::identifier(s_.to)) + ")");
  }

  void constraint(const std::string& kind, const std::string& name, const std::string& rule) {
    const std::string add = alter_table() + " ADD CONSTRAINT " + sql::identifier(name) + " " + rule;
    if (sqlite_) {
      plan_.sql(kind + "-" + name, {add}, "Repeats a constraint of " + s_.from + "; SQLite rebuilds the table for it.");
      return;
    }
    plan_.sql(kind + "-" + name, {add + " NOT VALID"}, "Holds for new rows at once and reads no old ones.");
    plan_.online_sql("validate-" + name, alter_table() + " VALIDATE CONSTRAINT " + sql::identifier(name),
                     "Reads the old rows under a lock that lets readers and writers go on.");
  }

  PlanBuilder& plan_;
  const Successor& s_;
  const Schema& schema_;
  const Table& table_;
  bool sqlite_;
};

// With a default, a row of the new version would repeat one value; with a
// proof of NOT NULL but no default, it would be refused.
std::vector<std::string> obstacles(const Successor& s, const Table& table) {
  const Column& column = *table.column(s.from);
  const std::string alter = "ALTER TABLE " + sql::relation(s.table);
  const std::string alter_column = alter + " ALTER COLUMN " + sql::identifier(s.from);
  std::vector<std::string> statements;
  const bool keyed = std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) {
    return c.kind != ConstraintKind::Check && contains(c.columns, s.from);
  }) || std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& i) { return i.unique && contains(i.columns, s.from); });
  if (column.default_sql && !keyed) return statements;
  if (column.default_sql) statements.push_back(alter_column + " DROP DEFAULT");
  if (column.not_null) statements.push_back(alter_column + " DROP NOT NULL");
  for (const Constraint& c : table.constraints) {
    if (c.kind == ConstraintKind::Check && c.proves_not_null == s.from) {
      statements.push_back(alter + " DROP CONSTRAINT " + sql::identifier(c.name));
    }
  }
  return statements;
}

}  // namespace

void recreate_on_successor(PlanBuilder& plan, const Successor& s, const Scenario& scenario) {
  const Schema& schema = scenario.schema;
  Recreate recreate(plan, s, scenario);
  recreate.indexes();
  recreate.constraints();
  if (!schema.table(s.table)->column(s.from)->not_null) return;
  if (scenario.database.dialect.engine == Engine::Postgresql) {
    set_not_null_by_check(plan, schema, s.table, s.to);
    return;
  }
  plan.sql("set-not-null", {"ALTER TABLE " + sql::relation(s.table) + " ALTER COLUMN " + sql::identifier(s.to) + " SET NOT NULL"},
           "Every row has a value now; SQLite rebuilds the table to say so.");
}

void set_not_null_by_check(PlanBuilder& plan, const Schema& schema, const std::string& table, const std::string& column) {
  const std::string alter = "ALTER TABLE " + sql::relation(table);
  const std::string name = sql::identifier(unused_name(schema, table.substr(table.find('.') + 1) + "_" + column + "_not_null"));
  const std::string quoted = sql::identifier(column);
  plan.sql("not-null-check", {alter + " ADD CONSTRAINT " + name + " CHECK (" + quoted + " IS NOT NULL) NOT VALID"},
           "Refuses nulls in new rows at once and reads no old ones.");
  plan.online_sql("validate", alter + " VALIDATE CONSTRAINT " + name,
                  "Reads every row under a lock that lets readers and writers go on.");
  plan.sql("set-not-null", {alter + " ALTER COLUMN " + quoted + " SET NOT NULL"},
           "The validated CHECK proves it, so no row is read under the exclusive lock.");
  plan.sql("drop-check", {alter + " DROP CONSTRAINT " + name}, "NOT NULL says the same.");
}

void let_old_column_be_absent(PlanBuilder& plan, const Successor& s, const Scenario& scenario) {
  const std::vector<std::string> statements = obstacles(s, *scenario.schema.table(s.table));
  if (statements.empty()) return;
  plan.sql("allow-null", statements, "v2 leaves " + s.from + " out of its INSERTs, which must not fail.");
}

}  // namespace midflight::strategy
