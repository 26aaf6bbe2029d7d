#pragma once

#include <vector>

#include "backends/replay.h"
#include "sim/io/result_replay.h"

namespace midflight::verbs {

/// The first of several replays of a plan as reports show it, with what the
/// others came to: every quantity in report order, with a line for what the
/// backend cannot measure.
/// Requires: at least one replay.
io::ReplayResult replay_result(const std::vector<backends::ReplayResult>& replays, const backends::ReplayOptions& options);

}  // namespace midflight::verbs
