#pragma once

#include <vector>

#include "backends/load/application.h"
#include "backends/load/records.h"
#include "backends/load/run_clock.h"
#include "sim/model/queue_moment.h"

namespace midflight::backends {

/// What samples saw of lock queues, told as a simulated run tells of its own;
/// from time 0 on.
///
/// Scope: what happened between two samples is known from their difference
///        alone, so a step that had its lock for a moment was never seen with it.
std::vector<QueueMoment> told_queues(const std::vector<LockSighting>& sightings, const ClientApplication& application,
                                     const std::vector<RequestRecord>& requests, const RunClock& clock);

}  // namespace midflight::backends
