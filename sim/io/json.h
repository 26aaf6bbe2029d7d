#pragma once

#include <string>

#include "sim/io/result.h"
#include "sim/io/result_replay.h"

namespace midflight::io {

/// The version of the JSON contract; changes when a key changes its meaning.
inline constexpr int kJsonSchemaVersion = 1;

/// A comparison or a simulation as JSON, two spaces of indent, one line end at
/// the end.  Numbers are the shortest that read back the same; seconds are
/// exact to the nanosecond.
/// Units: keys that end in _s are seconds, all others counts.
std::string to_json(const Result& result);

/// A replay beside its prediction as JSON.
std::string to_json(const ReplayResult& replay);

}  // namespace midflight::io
