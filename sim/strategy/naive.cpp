#include "sim/strategy/all.h"
#include "sim/strategy/plan_builder.h"
#include "sim/strategy/successor.h"

// Typed into psql: the change as it stands, without lock timeout or retry, then
// the deployment of the release that was built for it.

namespace midflight::strategy {
namespace {

std::optional<Version> next_version(const Change& change, const Scenario& scenario) {
  if (change.kind == ChangeKind::RenameColumn) return version_of(Stage::NewOnly, successor_of(change, scenario.schema), scenario);
  if (change.kind == ChangeKind::AlterColumnType || listed_version(scenario, "v2")) return unchanged_v2(scenario);
  return std::nullopt;
}

}  // namespace

Proposal naive(const Scenario& scenario) {
  PlanBuilder plan(scenario);
  Proposal proposal;
  proposal.name = "naive";
  proposal.versions = {first_version(scenario)};
  plan.bare("change", *scenario.change, "The change as it stands: it waits for its lock as long as it takes.");
  if (std::optional<Version> next = next_version(classify(scenario), scenario)) {
    plan.deploy("deploy", next->name, "Until this is done the old release meets the changed schema.");
    proposal.versions.push_back(std::move(*next));
  } else {
    proposal.assumptions.push_back("The change needs no new release: " + proposal.versions.front().name + " keeps running.");
  }
  proposal.plan = plan.take();
  return proposal;
}

}  // namespace midflight::strategy
