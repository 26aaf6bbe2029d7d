#pragma once

#include <string>
#include <vector>

#include "sim/model/scenario.h"
#include "sim/strategy/strategy.h"

namespace midflight::verbs {

/// A file of a plan's folder.
struct PlanFile {
  std::string name, text;
};

/// The plan as files to review and to run by hand: one SQL file per step that
/// speaks to the database, numbered as the steps are, and a README.md with all
/// steps in order and the statements of every version.
///
/// Scope:  the backfill loop is written for psql and needs a primary key;
///         otherwise the file holds the whole UPDATE and says so.
/// Errors: Error(NotSupported) when the engine has no words for a statement.
std::vector<PlanFile> plan_files(const Scenario& scenario, const strategy::Proposal& proposal);

}  // namespace midflight::verbs
