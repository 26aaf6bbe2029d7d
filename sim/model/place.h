#pragma once

#include <string>

#include "sim/model/operation.h"

namespace midflight {

/// The schema an operation makes something in, moves it to, or changes itself;
/// empty for an operation that needs none.
std::string schema_needed(const Operation& operation);

/// What the server answers where that schema is missing (3F000), or "".
///
/// Scope:  names without a schema lie in `public`, whatever search_path says.
std::string refused_by_place(const Operation& operation, const Schema& schema);

}  // namespace midflight
