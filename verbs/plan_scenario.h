#pragma once

#include <string>

#include "sim/model/scenario.h"
#include "sim/strategy/strategy.h"

namespace midflight::verbs {

/// The scenario's own file with the proposal's plan written out under `plan:`,
/// so that it can be edited and simulated.  Paths in it are made to hold from
/// `folder`.
/// Returns: an empty string when the scenario did not come from a file.
std::string scenario_with_plan(const Scenario& scenario, const strategy::Proposal& proposal, const std::string& folder);

/// The same for a scenario's text, whose paths stay as they are.
std::string text_with_plan(const std::string& yaml, const strategy::Proposal& proposal);

}  // namespace midflight::verbs
