#pragma once

#include "sim/model/plan.h"
#include "sim/model/schema.h"

namespace midflight::backends {

/// The schema as if it had the foreign keys already that the plan adds between
/// columns that are there: generated rows keep to them, or no plan could add one.
Schema with_keys_to_come(Schema schema, const Plan& plan);

}  // namespace midflight::backends
