#pragma once

#include <string>

#include "sim/io/result.h"

namespace midflight::io {

/// What happens in the first run, sentence by sentence in order of time: each
/// step with its reason, the locks it asks for and gets, the fleet as it moves,
/// the requests that fail.
///
///     0 s       rename begins: ALTER TABLE users RENAME COLUMN name TO full_name
///               locks users: waits for AccessExclusiveLock behind nightly report
std::string story_text(const StrategyResult& strategy);

}  // namespace midflight::io
