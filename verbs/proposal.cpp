#include "verbs/proposal.h"

#include <fmt/core.h>

#include "sim/kernel/error.h"

namespace midflight::verbs {

namespace {

constexpr const char* kExplicit = "plan";

std::string names_of_applicable(const Scenario& scenario) {
  std::string names;
  for (const strategy::Proposal& p : strategy::propose_all(scenario)) {
    if (!p.refused) names += (names.empty() ? "" : ", ") + p.name;
  }
  return names;
}

strategy::Proposal own_plan(const Scenario& scenario, const std::string& name) {
  if (!name.empty() && name != kExplicit) {
    throw Error(ErrorCode::BadInput,
                fmt::format("the scenario has a plan of its own, so --strategy {} means nothing; leave it out", name));
  }
  return strategy::explicit_plan(scenario);
}

}  // namespace

strategy::Proposal proposal_of(const Scenario& scenario, const std::string& strategy_name) {
  if (!scenario.plan && strategy_name.empty()) {
    throw Error(ErrorCode::BadInput,
                fmt::format("name a strategy; for this change there are {}", names_of_applicable(scenario)));
  }
  strategy::Proposal proposal =
      scenario.plan ? own_plan(scenario, strategy_name) : strategy::propose(scenario, strategy_name);
  if (proposal.refused) {
    throw Error(ErrorCode::NotSupported, fmt::format("{} cannot carry out this change: {}", proposal.name, proposal.why));
  }
  return proposal;
}

}  // namespace midflight::verbs
