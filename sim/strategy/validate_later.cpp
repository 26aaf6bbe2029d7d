#include <variant>

#include "sim/model/free_name.h"
#include "sim/model/sql_text.h"
#include "sim/sql/render.h"
#include "sim/strategy/all.h"
#include "sim/strategy/names.h"
#include "sim/strategy/plan_builder.h"
#include "sim/strategy/refusal.h"

// A foreign key or a CHECK in two steps: NOT VALID, which reads no row, and a
// validation that lets readers and writers go on.
// Source: PostgreSQL manual, ALTER TABLE, "ADD table_constraint" and "Notes".

namespace midflight::strategy {
namespace {

/// The statement as it is written, NOT VALID behind its last word: a comment may follow.
std::string not_valid(std::string_view sql) {
  std::size_t end = 0;
  for (const SqlToken& token : sql_tokens(sql)) {
    if (token.text != ";") end = static_cast<std::size_t>(token.text.data() - sql.data()) + token.text.size();
  }
  return std::string(sql.substr(0, end)) + " NOT VALID" + std::string(sql.substr(end));
}

std::string assumed(const AddConstraint& change) {
  const std::string rule = change.constraint.kind == ConstraintKind::ForeignKey
                               ? "that names a row of " + change.constraint.referenced_table + " finds it"
                               : "fulfils CHECK (" + change.constraint.expression + ")";
  return "Every row of " + change.table + " " + rule + " when the plan begins.";
}

// Source: PostgreSQL 18, release notes: "Allow NOT VALID foreign key constraints on partitioned tables".
void require_not_valid_possible(const AddConstraint& change, const Scenario& scenario) {
  constexpr int kOnPartitioned = 18;
  const Table* table = scenario.schema.table(change.table);
  const bool partitioned = table != nullptr && table->kind == TableKind::Partitioned;
  if (partitioned && change.constraint.kind == ConstraintKind::ForeignKey && scenario.database.dialect.version < kOnPartitioned)
    refuse("before version 18 a foreign key of a partitioned table cannot be NOT VALID");
}

}  // namespace

Proposal validate_later(const Scenario& scenario) {
  if (scenario.database.dialect.engine == Engine::Sqlite) refuse("SQLite has no NOT VALID: it rebuilds the table for the constraint");
  const AddConstraint change = std::get<AddConstraint>(with_names(scenario.change->operations.front(), scenario.schema));
  require_not_valid_possible(change, scenario);
  PlanBuilder plan(scenario);
  plan.sql("add", {not_valid(scenario.change->sql)}, "Holds for new rows at once and reads no old ones.");
  plan.online_sql("validate", "ALTER TABLE " + sql::relation(change.table) + " VALIDATE CONSTRAINT " + sql::identifier(change.constraint.name),
                  "Reads every row under a lock that lets readers and writers go on.");
  Proposal proposal;
  proposal.name = "validate_later";
  deploy_listed_v2(plan, proposal, scenario, "The release that relies on the constraint.");
  proposal.assumptions.push_back(assumed(change));
  proposal.plan = plan.take();
  require_plan_fits(proposal.plan, scenario.schema);
  return proposal;
}

}  // namespace midflight::strategy
