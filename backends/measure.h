#pragma once

#include "backends/data_check.h"
#include "backends/plan_run.h"

namespace midflight::backends {

/// A plan carried out as the Measurement a simulation would give.
Measurement measure(const Scenario& scenario, const ClientApplication& application, const PlanRunResult& run,
                    const DataCheck& data);

/// What a replay cannot measure, by name of the quantity.
const std::vector<std::string>& unmeasured_quantities();

}  // namespace midflight::backends
