#pragma once

#include <string>

#include "sim/io/result.h"
#include "sim/io/result_replay.h"

namespace midflight::io {

/// The reports of text.h as GitHub Markdown, for a comment on a pull request.

std::string compare_markdown(const Result& result);
/// Requires: exactly one strategy, not refused.
std::string simulate_markdown(const Result& result);
std::string replay_markdown(const ReplayResult& replay);

}  // namespace midflight::io
