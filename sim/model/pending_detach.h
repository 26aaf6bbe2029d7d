#pragma once

#include "sim/model/schema.h"

namespace midflight {

/// A partition whose DETACH CONCURRENTLY was broken off: no query of the parent
/// sees it, and only DETACH ... FINALIZE makes it a table of its own.
/// Source: PostgreSQL manual, ALTER TABLE, "DETACH PARTITION".
bool detach_pending(const Table& partition);

/// Requires: it is a partition.
void set_detach_pending(Table& partition);

}  // namespace midflight
