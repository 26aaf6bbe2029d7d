#include "sim/strategy/all.h"
#include "sim/strategy/plan_builder.h"
#include "sim/strategy/successor.h"

// Stop the application, change the schema, start the next release.  Nothing can
// go wrong between versions; everything is down meanwhile.

namespace midflight::strategy {

Proposal maintenance_window(const Scenario& scenario) {
  const Change change = classify(scenario);
  Version next = change.kind == ChangeKind::RenameColumn
                     ? version_of(Stage::NewOnly, successor_of(change, scenario.schema), scenario)
                     : unchanged_v2(scenario);
  PlanBuilder plan(scenario);
  plan.stop("stop", "No request can meet a schema its release does not know.");
  plan.careful("change", *scenario.change, "Only background jobs can hold a lock now.");
  plan.deploy("start", next.name, "The next release starts on the schema it was built for.");
  Proposal proposal;
  proposal.name = "maintenance_window";
  proposal.versions = {first_version(scenario), std::move(next)};
  proposal.assumptions.push_back("Requests that arrive in the window fail; background jobs go on.");
  proposal.plan = plan.take();
  return proposal;
}

}  // namespace midflight::strategy
