#pragma once

#include <string>

#include "backends/backend.h"

namespace midflight::backends {

/// What to say where a scenario is for another engine than the one it is
/// replayed on, or for another major version of PostgreSQL; empty where neither.
std::string other_server(const Dialect& scenario, const Backend& backend);

}  // namespace midflight::backends
