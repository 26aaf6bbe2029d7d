#pragma once

#include <string>
#include <vector>

#include "sim/model/scenario.h"

namespace midflight::io {

/// One thing a scenario says: "instances", "8, each with 10 connections".
struct Given {
  std::string about, what;
};

/// What a prediction was made from, for readers of a report who do not have the
/// scenario at hand: database, sizes, traffic, fleet, change, policy, objective.
std::vector<Given> given_of(const Scenario& scenario);

}  // namespace midflight::io
