#pragma once

#include <string_view>

#include "sim/check/check.h"
#include "sim/check/rule.h"

namespace midflight::check {

/// The small shop that the rules' examples change: what exists before each of
/// them, as SQL that every server from version 12 runs.
std::string_view example_schema();

/// What an example finds: its rules' ids, in order of place, each once.
/// The session has its timeouts set unless the rule is about them.
std::vector<std::string> rules_found(const Rule& rule, std::string_view example);

}  // namespace midflight::check
