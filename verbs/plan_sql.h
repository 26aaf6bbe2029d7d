#pragma once

#include <optional>
#include <string>

#include "sim/model/scenario.h"

namespace midflight::verbs {

/// The SQL file of a step, or nothing for a step that is no SQL (deploy, wait).
/// Statements change `schema` as they would change the database.
std::optional<std::string> step_sql(const Step& step, Schema& schema, const Dialect& dialect);

}  // namespace midflight::verbs
