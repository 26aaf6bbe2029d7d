#pragma once

#include "sim/strategy/change.h"
#include "sim/strategy/strategy.h"

namespace midflight::strategy {

// One function a strategy, one file a function.
// Errors: Error(NotSupported) is a refusal with its reason.

Proposal naive(const Scenario& scenario);
Proposal maintenance_window(const Scenario& scenario);
Proposal rename_with_view(const Scenario& scenario);
Proposal expand_contract(const Scenario& scenario);
Proposal safe_not_null(const Scenario& scenario);
Proposal batched(const Scenario& scenario);
Proposal concurrent_index(const Scenario& scenario);
Proposal validate_later(const Scenario& scenario);
Proposal key_from_index(const Scenario& scenario);

}  // namespace midflight::strategy
