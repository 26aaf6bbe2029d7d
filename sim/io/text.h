#pragma once

#include <string>

#include "sim/io/result.h"
#include "sim/io/result_replay.h"

namespace midflight::io {

struct TextOptions {
  bool colour = false;  ///< ANSI colours, for a terminal
};

/// Reports for people, within 100 columns.

/// The advice, a table of strategies best first, why each is what it is, and
/// what was assumed.
std::string compare_text(const Result& result, const TextOptions& options = {});

/// The numbers of one strategy and the drawn timeline of its first run.
/// Requires: exactly one strategy, not refused.
std::string simulate_text(const Result& result, const TextOptions& options = {});

/// Predicted beside measured, whether the replay is valid, what the data looks like.
std::string replay_text(const ReplayResult& replay, const TextOptions& options = {});

}  // namespace midflight::io
