#pragma once

#include <string>
#include <string_view>

#include "sim/io/scenario.h"

namespace midflight::io {

/// A scenario's text as it is read, for programs that build on it.
struct ScenarioText {
  std::string yaml, file_name, base_directory;
  ScenarioOverrides overrides;
  /// Files that it names are put in their place, so that it can be read elsewhere.
  bool self_contained = false;
};

/// The text as JSON with overrides in place.  Whole numbers, decimals, true,
/// false and null become such; "1s", "25%" and SQL stay text.
/// Errors: Error(BadInput) for text that is no YAML or a file that is missing.
std::string scenario_json(const ScenarioText& text);

/// The same as YAML that reads back as the same scenario.  Comments are lost
/// once there are overrides.
std::string scenario_yaml(const ScenarioText& text);

}  // namespace midflight::io
