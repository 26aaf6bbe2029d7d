#include "sim/strategy/all.h"
#include "sim/strategy/plan_builder.h"
#include "sim/strategy/recreate.h"
#include "sim/strategy/refusal.h"

// NOT NULL by way of a CHECK that is validated while readers and writers go on.
// Scope:  filling the nulls is not part of it; VALIDATE fails on the first one.

namespace midflight::strategy {

Proposal safe_not_null(const Scenario& scenario) {
  const Change change = classify(scenario);
  const Dialect& dialect = scenario.database.dialect;
  if (dialect.engine == Engine::Sqlite) refuse("SQLite has no NOT VALID: it rebuilds the table for each of the steps");
  if (dialect.version < 12) refuse("before version 12 PostgreSQL does not take a CHECK as proof and reads every row anyway");
  PlanBuilder plan(scenario);
  set_not_null_by_check(plan, scenario.schema, change.table, change.column);
  Proposal proposal;
  proposal.name = "safe_not_null";
  deploy_listed_v2(plan, proposal, scenario, "The release that relies on the constraint.");
  proposal.assumptions.push_back("No row has a null in " + change.table + "." + change.column + " when the plan begins.");
  proposal.plan = plan.take();
  return proposal;
}

}  // namespace midflight::strategy
