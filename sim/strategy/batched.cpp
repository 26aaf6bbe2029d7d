#include <algorithm>

#include "sim/rules/unique_key.h"
#include "sim/strategy/all.h"
#include "sim/strategy/plan_builder.h"
#include "sim/strategy/refusal.h"
#include "sim/strategy/successor.h"

// The same UPDATE over ranges of the primary key, each its own transaction, so
// that no row stays locked for longer than a batch.

namespace midflight::strategy {
namespace {

const Access& target_of(const Statement& update) {
  const auto written = std::find_if(update.accesses.begin(), update.accesses.end(),
                                    [](const Access& a) { return a.mode >= LockMode::RowExclusiveLock; });
  if (written == update.accesses.end()) refuse("the UPDATE writes to no table that the schema knows");
  return *written;
}

void require_batches_possible(const Statement& update, const Access& target, const Schema& schema) {
  const Table* table = schema.table(target.relation);
  if (!table) refuse(target.relation + " is not a table, so it has no ranges to go over");
  if (rules::finds_one_row(target, *table)) refuse("the UPDATE finds one row by " + target.key.front() + " and needs no batches");
  if (!target.outputs.empty() || target.reads_all) refuse("RETURNING has no meaning over several transactions");
  if (update.parameters > 0) refuse("the UPDATE has parameters, whose values a batch would not know");
}

}  // namespace

Proposal batched(const Scenario& scenario) {
  const Statement& update = *scenario.change;
  require_batches_possible(update, target_of(update), scenario.schema);
  PlanBuilder plan(scenario);
  plan.backfill("update", update, "Short transactions: a writer waits for a batch at most.");
  Proposal proposal;
  proposal.name = "batched";
  deploy_listed_v2(plan, proposal, scenario, "The release that relies on the new values.");
  proposal.assumptions.push_back("Readers may see some rows updated and others not yet, for the UPDATE is no longer one transaction.");
  proposal.plan = plan.take();
  return proposal;
}

}  // namespace midflight::strategy
