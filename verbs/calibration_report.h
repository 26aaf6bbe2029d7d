#pragma once

#include <string>

#include "backends/calibrate/server_calibration.h"

namespace midflight::verbs {

/// The profile as a file, with settings and residuals as comments.
std::string profile_file(const backends::ServerCalibration& calibration);

/// The residuals and what was measured beside the profile, as tables.
std::string calibration_text(const backends::ServerCalibration& calibration);

}  // namespace midflight::verbs
