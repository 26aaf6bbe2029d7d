#pragma once

#include <string>

#include "sim/run/program.h"

namespace midflight {

/// Why rows of a moving column diverge, read off the plan and its versions: who
/// writes one column alone, who reads the other one meanwhile, what a copy misses.
///
/// `overlap` says whether two versions ever served at once.
/// Returns: a clause with the names of versions, columns and steps; empty where the
///          plan has nothing of the kind.
/// Scope:   the first cause found, in the order in which they do most harm; how much
///          damage it does is the run's to say.
std::string damage_cause(const Program& program, bool overlap);

}  // namespace midflight
