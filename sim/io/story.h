#pragma once

#include <string>

#include "sim/io/result.h"

namespace midflight::io {

/// One run as a story for people who want to know why: the verdict first, then
/// what happened when, in order of time, each step with the plan's reason for it.
///
/// Times carry as much precision as it takes to tell neighbours apart; what a
/// background job does over and over is told once.
/// Requires: a result with one strategy.
std::string story_text(const Result& result);

}  // namespace midflight::io
