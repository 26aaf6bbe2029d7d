#pragma once

#include <string>
#include <vector>

#include "sim/io/result_replay.h"

namespace midflight::io {

/// Where prediction and measurement of a replay lie furthest apart, worst
/// first, each in one sentence with the likely reason; at most three, and none
/// below a tenth.
///
/// Scope: the reason is read off the other numbers (which step took how long,
///        which errors came); it is likely, not proven.
std::vector<std::string> largest_differences(const ReplayResult& replay);

}  // namespace midflight::io
