#pragma once

#include <cstddef>
#include <vector>

#include "sim/run/comparison.h"

namespace midflight {

/// The steps that make a plan with branches as long as it is, in order: making
/// any other step shorter does not end the plan earlier.
///
/// Returns: nothing for a plan whose steps all follow each other, where every
///          step counts, and where a run did not reach the end.
/// Scope:   steps weigh their mean length over the runs; the path of a single run
///          may be another one.
std::vector<std::size_t> critical_steps(const Prediction& prediction);

}  // namespace midflight
