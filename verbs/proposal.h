#pragma once

#include <string>

#include "sim/model/scenario.h"
#include "sim/strategy/strategy.h"

namespace midflight::verbs {

/// The plan a command works with: the named strategy's, or the scenario's own
/// explicit plan, for which no strategy is named.
/// Errors: Error(BadInput) for a missing, unknown or needless name;
///         Error(NotSupported) with the reason when the strategy refuses.
strategy::Proposal proposal_of(const Scenario& scenario, const std::string& strategy_name);

}  // namespace midflight::verbs
