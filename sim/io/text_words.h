#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/io/result.h"

namespace midflight::io {

/// "rename users.name to users.full_name - 4 strategies, 200 runs, seed 1"
std::string title(const Result& result);

/// The answer in one sentence: which strategy to use, or that none will do.
std::string advice(const Result& result);

/// Why a strategy is what it is, in sentences, most harmful first: which version
/// asks for what, which step the others wait behind.  At least one.
std::vector<std::string> reasons(const StrategyResult& strategy);

/// Which steps decide the total time; empty where all follow each other.
std::string critical_path_text(const StrategyResult& strategy);

/// Which run is told and why: "The first run", or "Run 18 of 50, a typical one
/// of the 12 that show it (the first shows nothing)".
std::string told_run(const Result& result, const StrategyResult& strategy);

/// What every report counts as downtime.
inline constexpr std::string_view kDowntimeCounts =
    "Downtime is the sum of the slots of 100 ms in which more of the arriving requests than objective.errors allows fail or "
    "take longer than objective.latency: at least two of them, or all. A slot without requests is as the one before it.";

}  // namespace midflight::io
