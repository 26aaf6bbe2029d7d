#pragma once

#include <string_view>
#include <vector>

#include "sim/io/yaml_section.h"

namespace midflight::io {

/// Every kind of mapping in a scenario with its keys.  The definitions of
/// scenario.schema.json have the same names and the same keys.
const std::vector<KeyTable>& scenario_keys();

/// The keys of one kind.  Requires: `name` is one of scenario_keys().
const KeyTable& keys_of(std::string_view name);

}  // namespace midflight::io
