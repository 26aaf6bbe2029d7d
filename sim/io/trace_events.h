#pragma once

#include <string>

#include "sim/io/result.h"
#include "sim/io/result_replay.h"

namespace midflight::io {

/// The run that is told, as trace events that Perfetto and chrome://tracing
/// open: one process a strategy, one track for each version, step, lock and job,
/// counters for serving instances, queues and failed requests.
///
/// Units: microseconds from the first event, which may be before the plan begins;
///        a mark says where the plan does.
/// Source: "Trace Event Format" of the Chromium project: phases M, X, i and C.
std::string to_trace(const Result& result);

/// Measured beside predicted.
std::string to_trace(const ReplayResult& replay);

}  // namespace midflight::io
