#pragma once

#include <string>

#include "sim/io/result.h"

namespace midflight::io {

/// Versions, steps, lock queues, failures and downtime of the run that is told
/// on one axis, as an SVG that reads without script.  The script zooms it by the
/// positions in `data-a` and `data-b`.
std::string chart_html(const StrategyResult& strategy);

}  // namespace midflight::io
