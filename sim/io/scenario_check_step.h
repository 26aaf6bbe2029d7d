#pragma once

#include "sim/io/yaml_section.h"
#include "sim/model/plan.h"

namespace midflight::io {

/// A `check` step: filled(t.c), equal(t.a, t.b), valid(constraint), or SQL with
/// `assume`.  Scope: internal to this room.
CheckStep read_check_step(const Section& section);

}  // namespace midflight::io
