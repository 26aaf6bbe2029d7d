#include <algorithm>
#include <cctype>

#include "sim/sql/render.h"
#include "sim/strategy/all.h"
#include "sim/strategy/names.h"
#include "sim/strategy/plan_builder.h"
#include "sim/strategy/refusal.h"
#include "sim/strategy/successor.h"

// The table steps aside under another name and a view takes its place that
// shows the column under both names, so both releases run.
// Source: PostgreSQL manual, CREATE VIEW, "Updatable Views".
// Scope:  TRUNCATE and COPY on the table's name fail while the view stands.

namespace midflight::strategy {
namespace {

std::string view_columns(const Table& table, const Successor& s) {
  std::string text;
  for (const Column& column : table.columns) {
    text += text.empty() ? "" : ", ";
    text += column.name == s.from ? sql::identifier(s.to) + ", " + sql::identifier(s.to) + " AS " + sql::identifier(s.from)
                                  : sql::identifier(column.name);
  }
  return text;
}

std::string schema_prefix(const std::string& table) {
  const std::size_t dot = table.find('.');
  return dot == table.npos ? "" : table.substr(0, dot + 1);
}

std::string without_schema(const std::string& table) { return table.substr(table.find('.') + 1); }

bool has_words(std::string sql, const std::string& words) {
  std::transform(sql.begin(), sql.end(), sql.begin(), [](unsigned char c) { return std::toupper(c); });
  return sql.find(words) != sql.npos;
}

bool writes_to(const Statement& statement, const std::string& table) {
  return std::any_of(statement.accesses.begin(), statement.accesses.end(), [&](const Access& a) {
    return a.relation == table && a.mode >= LockMode::RowExclusiveLock;
  });
}

// An INSTEAD OF trigger, which is what makes SQLite's views writable, knows no conflicts.
void refuse_upserts(const Scenario& scenario, const std::string& table) {
  if (scenario.database.dialect.engine != Engine::Sqlite) return;
  for (const Endpoint& endpoint : first_version(scenario).endpoints) {
    for (const Statement& statement : endpoint.statements) {
      if (writes_to(statement, table) && has_words(statement.sql, "ON CONFLICT")) {
        refuse("SQLite takes no ON CONFLICT through a view: " + statement.sql);
      }
    }
  }
}

void refuse_renaming_views(const Scenario& scenario, const std::string& table) {
  if (scenario.schema.view(table)) refuse(table + " is a view already");
}

void add_cleanup(PlanBuilder& plan, const std::string& table, const std::string& base) {
  plan.sql("drop-view",
           {"DROP VIEW " + sql::relation(table),
            "ALTER TABLE " + sql::relation(base) + " RENAME TO " + sql::identifier(without_schema(table))},
           "Nobody uses the old name any more, so the table takes its own name back.");
}

}  // namespace

Proposal rename_with_view(const Scenario& scenario) {
  const Successor s = successor_of(classify(scenario), scenario.schema);
  refuse_renaming_views(scenario, s.table);
  refuse_upserts(scenario, s.table);
  Version next = version_of(Stage::NewOnly, s, scenario);
  const std::string base_name = unused_name(scenario.schema, without_schema(s.table) + "_base");
  const std::string base = schema_prefix(s.table) + base_name;
  const Table& table = *scenario.schema.table(s.table);
  PlanBuilder plan(scenario);
  plan.sql("rename-behind-view",
           {"ALTER TABLE " + sql::relation(s.table) + " RENAME TO " + sql::identifier(base_name),
            "ALTER TABLE " + sql::relation(base) + " RENAME COLUMN " + sql::identifier(s.from) + " TO " + sql::identifier(s.to),
            "CREATE VIEW " + sql::relation(s.table) + " AS SELECT " + view_columns(table, s) + " FROM " + sql::relation(base)},
           "In one transaction, so no request ever finds the old name missing.");
  plan.deploy("read-new", next.name, "Both releases fit the view, whatever the order of instances.");
  plan.soak("soak-read-new", "Time to go back while both names work.");
  add_cleanup(plan, s.table, base);
  Proposal proposal;
  proposal.name = "rename_with_view";
  proposal.versions = {first_version(scenario), std::move(next)};
  proposal.assumptions.push_back("Requests through the view " + s.table + " take as long as on the table.");
  proposal.plan = plan.take();
  return proposal;
}

}  // namespace midflight::strategy
