#include <algorithm>
#include <variant>

#include "sim/model/free_name.h"
#include "sim/model/sql_text.h"
#include "sim/sql/render.h"
#include "sim/strategy/all.h"
#include "sim/strategy/names.h"
#include "sim/strategy/plan_builder.h"
#include "sim/strategy/recreate.h"
#include "sim/strategy/refusal.h"

// UNIQUE or PRIMARY KEY on an index that was built while writers went on: what is
// left to do under the exclusive lock reads no row.
// Source: PostgreSQL manual, ALTER TABLE, "ADD table_constraint_using_index".
// Scope:  removing what is there twice is not part of it; the build fails on the first pair.

namespace midflight::strategy {
namespace {

/// What a key is written with beside its name and columns, clause by clause.
struct Clauses {
  std::string nulls;       ///< NULLS NOT DISTINCT
  std::string include;     ///< INCLUDE (...): refused
  std::string storage;     ///< WITH (...)
  std::string using_index; ///< before the tablespace of a constraint, not before that of an index
  std::string tablespace;  ///< TABLESPACE x
  std::string deferring;   ///< DEFERRABLE INITIALLY DEFERRED: of the constraint, the others are of its index
};

using Clause = std::string Clauses::*;

/// The clause that a word begins behind the columns; null for other words.
Clause begun_by(const SqlToken& token) {
  if (is_word(token, "include")) return &Clauses::include;
  if (is_word(token, "with")) return &Clauses::storage;
  if (is_word(token, "using")) return &Clauses::using_index;
  if (is_word(token, "tablespace")) return &Clauses::tablespace;
  const bool defers = is_word(token, "not") || is_word(token, "deferrable") || is_word(token, "initially");
  return defers ? &Clauses::deferring : nullptr;
}

bool is_bracket(const SqlToken& token, std::string_view bracket) { return token.kind == SqlTokenKind::Symbol && token.text == bracket; }

void add(std::string& clause, const SqlToken& token) {
  const bool close = clause.empty() || clause.back() == '(' || is_bracket(token, ")") || is_bracket(token, ",");
  clause += (close ? "" : " ") + std::string(token.text);
}

/// Of ADD UNIQUE NULLS NOT DISTINCT (columns) WITH (...) ..., and of PRIMARY KEY likewise.
Clauses clauses_of(std::string_view sql) {
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  auto at = std::find_if(tokens.begin(), tokens.end(), [](const SqlToken& t) { return is_word(t, "unique") || is_word(t, "primary"); });
  Clauses clauses;
  for (; at != tokens.end() && !is_bracket(*at, "("); ++at) {
    if (is_word(*at, "nulls") || !clauses.nulls.empty()) add(clauses.nulls, *at);
  }
  Clause clause = nullptr;
  int depth = 0;
  for (; at != tokens.end(); ++at) {
    if (const Clause begun = begun_by(*at); depth == 0 && begun != nullptr) clause = begun;
    depth += is_bracket(*at, "(") ? 1 : is_bracket(*at, ")") ? -1 : 0;
    if (clause != nullptr) add(clauses.*clause, *at);
  }
  return clauses;
}

std::string index_sql(const AddConstraint& key, const Clauses& clauses) {
  std::string text = "CREATE UNIQUE INDEX CONCURRENTLY " + sql::identifier(key.constraint.name) + " ON " + sql::relation(key.table) + " (" +
                     columns_sql(key.constraint.columns) + ")";
  for (const std::string& clause : {clauses.nulls, clauses.storage, clauses.tablespace}) {
    text += (clause.empty() ? "" : " ") + clause;
  }
  return text;
}

std::string constraint_sql(const AddConstraint& key, const Clauses& clauses) {
  const std::string name = sql::identifier(key.constraint.name);
  const std::string kind = key.constraint.kind == ConstraintKind::PrimaryKey ? "PRIMARY KEY" : "UNIQUE";
  return "ALTER TABLE " + sql::relation(key.table) + " ADD CONSTRAINT " + name + " " + kind + " USING INDEX " + name +
         (clauses.deferring.empty() ? "" : " ") + clauses.deferring;
}

// A CHECK that heirs do not have proves nothing of their rows.
bool is_proven(const Table& table, const std::string& column) {
  return table.column(column)->not_null || std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) {
           return c.valid && !c.no_inherit && c.proves_not_null == column;
         });
}

std::vector<std::string> columns_to_prove(const AddConstraint& key, const Table& table, const Scenario& scenario) {
  std::vector<std::string> columns;
  if (key.constraint.kind != ConstraintKind::PrimaryKey) return columns;
  const bool proofs_count = scenario.database.dialect.version >= 12;
  std::copy_if(key.constraint.columns.begin(), key.constraint.columns.end(), std::back_inserter(columns),
               [&](const std::string& column) { return !(proofs_count ? is_proven(table, column) : table.column(column)->not_null); });
  return columns;
}

// An index is known by all columns that it holds, so that a key made of it would have those of INCLUDE too.
void require_takes_index(const AddConstraint& key, const Table& table, const Clauses& clauses, const std::string& sql) {
  if (key.constraint.kind == ConstraintKind::Exclude)
    refuse("an exclusion constraint takes no index that is there already, and its own cannot be built CONCURRENTLY");
  if (table.kind == TableKind::Partitioned)
    refuse(table.name + " is partitioned: the server refuses CONCURRENTLY and USING INDEX there, and the way partition by partition is not built");
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  if (std::any_of(tokens.begin(), tokens.end(), [](const SqlToken& t) { return is_word(t, "overlaps"); }))
    refuse("WITHOUT OVERLAPS takes no index that is there already");
  if (!clauses.include.empty()) refuse("a key with INCLUDE on an index that is there already is not followed here: its columns are not told from the others");
}

void require_provable(const AddConstraint& key, const Scenario& scenario) {
  if (scenario.database.dialect.version < 12)
    refuse("before version 12 PostgreSQL does not take a CHECK as proof of NOT NULL and reads every row anyway");
  if (key.reach.only && !scenario.schema.children(key.table).empty())
    refuse("ONLY leaves out what inherits from " + key.table + ", where the proof of NOT NULL would hold too");
}

void assume(std::vector<std::string>& assumptions, const AddConstraint& key, const std::vector<std::string>& to_prove, const Clauses& clauses) {
  assumptions.push_back("No two rows of " + key.table + " are equal in (" + columns_sql(key.constraint.columns) + ") when the plan begins.");
  for (const std::string& column : to_prove) assumptions.push_back("No row has a null in " + key.table + "." + column + " when the plan begins.");
  if (clauses.deferring.empty() || clauses.deferring.starts_with("NOT")) return;
  assumptions.push_back("Nobody needs the constraint to be DEFERRABLE before it is there: until then its index refuses equal rows at once.");
}

}  // namespace

Proposal key_from_index(const Scenario& scenario) {
  if (scenario.database.dialect.engine == Engine::Sqlite) refuse("SQLite has one writer at a time and knows neither CONCURRENTLY nor USING INDEX");
  const AddConstraint key = std::get<AddConstraint>(with_names(scenario.change->operations.front(), scenario.schema));
  const Table* table = scenario.schema.table(key.table);
  if (table == nullptr) refuse("there is no table " + key.table);
  const Clauses clauses = clauses_of(scenario.change->sql);
  require_takes_index(key, *table, clauses, scenario.change->sql);
  const std::vector<std::string> to_prove = columns_to_prove(key, *table, scenario);
  if (!to_prove.empty()) require_provable(key, scenario);
  PlanBuilder plan(scenario);
  for (const std::string& column : to_prove) set_not_null_by_check(plan, scenario.schema, key.table, column);
  plan.online_sql("index", index_sql(key, clauses), "Writers go on; the build waits for transactions that are older than it is.");
  plan.sql("constraint", {constraint_sql(key, clauses)}, "Makes the finished index the constraint's own, a change of the catalog only.");
  Proposal proposal;
  proposal.name = "key_from_index";
  deploy_listed_v2(plan, proposal, scenario, "The release that relies on the constraint.");
  assume(proposal.assumptions, key, to_prove, clauses);
  proposal.plan = plan.take();
  require_plan_fits(proposal.plan, scenario.schema);
  return proposal;
}

}  // namespace midflight::strategy
