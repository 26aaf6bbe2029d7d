#pragma once

#include <string>

#include "sim/io/result.h"

namespace midflight::io {

/// The run that is told, event by event: the queue at its longest as a picture,
/// every event as a row with its queue; the script makes a stepper of the rows.
std::string stepper_html(const StrategyResult& strategy);

}  // namespace midflight::io
