#pragma once

#include <string>
#include <vector>

#include "sim/model/scenario.h"

namespace midflight {

/// What the versions of a scenario ask for, by rates and mean times alone.
///
/// Returns: a sentence on each version that asks for more than the processors,
/// the one writer of SQLite or the pools can give: its requests queue without
/// end, whatever is changed and however.
std::vector<std::string> overloads(const Scenario& scenario);

}  // namespace midflight
