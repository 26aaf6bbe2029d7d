#pragma once

#include <string>

#include "backends/inspect/inspection.h"

namespace midflight::verbs {

/// A scenario with everything the inspection found, and a place for the change.
/// What could not be seen or was guessed stands in it as comments.
///
/// `schema_path`: where the DDL is, as seen from the scenario; empty: inside it.
std::string scenario_skeleton(const backends::Inspection& inspection, const std::string& schema_path);

}  // namespace midflight::verbs
