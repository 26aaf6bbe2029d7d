#pragma once

#include <map>
#include <string>
#include <string_view>

#include "sim/model/scenario.h"

namespace midflight::io {

/// Values that replace those of the file, by path, as YAML text:
/// {"tables.users.rows": "30000000", "migration.lock_timeout": "1s"}.  Members
/// of lists go by name: "app.versions.v1.profile.rate", "plan.copy.batch".
using ScenarioOverrides = std::map<std::string, std::string, std::less<>>;

/// Reads and checks a scenario file completely.
///
/// Paths inside it are relative to the file.  What it does not say and a
/// prediction depends on is taken by default and listed in `assumptions`.
/// Errors: Error(BadInput) with every problem found, each with file, line and
///         column; Error(NotSupported) when only keys reserved for later are wrong.
Scenario read_scenario(const std::string& path, const ScenarioOverrides& overrides = {});

/// As read_scenario(), for a file that need not say what changes: the database
/// and the application that migrations are checked against.
Scenario read_application(const std::string& path);

/// As read_scenario(), from text.  `file_name` names it in messages;
/// `base_directory` is where its paths begin.
Scenario parse_scenario(std::string_view yaml, const std::string& file_name, const std::string& base_directory,
                        const ScenarioOverrides& overrides = {});

/// The scenario of the same file with values replaced, checked as a whole again.
/// Requires: the scenario was read from a file that still exists.
Scenario with_overrides(const Scenario& scenario, const ScenarioOverrides& overrides);

}  // namespace midflight::io
