#pragma once

#include <optional>

#include "backends/data_check.h"
#include "backends/plan_run.h"

namespace midflight::backends {

/// A plan carried out as the Measurement a simulation would give.
/// `stale_reads`: nothing where they could not be counted.
Measurement measure(const Scenario& scenario, const ClientApplication& application, const PlanRunResult& run,
                    const DataCheck& data, std::optional<std::int64_t> stale_reads);

/// What this replay could not measure, by name of the quantity.  How many rows
/// diverge at a moment nobody knows without reading them all at that moment.
/// Without samples of locks nobody knows how long a step waited and from when
/// it held its lock, nor who stood behind it.
std::vector<std::string> unmeasured_quantities(const PlanRunResult& run, std::optional<std::int64_t> stale_reads);

}  // namespace midflight::backends
