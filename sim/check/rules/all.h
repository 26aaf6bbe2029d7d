#pragma once

#include <vector>

#include "sim/check/rule.h"

namespace midflight::check {

// One family of rules each, in the file of that name.

std::vector<Rule> index_rules();

}  // namespace midflight::check
