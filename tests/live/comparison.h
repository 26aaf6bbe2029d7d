#pragma once

#include <string>
#include <vector>

#include "tests/live/corpus.h"
#include "tests/live/observation.h"
#include "tests/live/prediction.h"

namespace midflight::live {

/// Where the rules and the server disagree, a sentence each; empty if they agree.
std::vector<std::string> differences(const Case& one, Prediction said, Observation seen);

}  // namespace midflight::live
