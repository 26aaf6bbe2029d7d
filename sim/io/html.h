#pragma once

#include <string>

#include "sim/io/result.h"
#include "sim/io/result_replay.h"

namespace midflight::io {

/// One self-contained page without script or outside references: the tables,
/// each strategy's timeline as inline SVG, its plan's SQL, the assumptions.

/// A comparison, or a simulation when there is just one strategy.
std::string to_html(const Result& result);
std::string to_html(const ReplayResult& replay);

}  // namespace midflight::io
