#pragma once

#include "sim/model/schema.h"

namespace midflight::rules {

/// True if PostgreSQL keeps a TOAST table beside the table, because a row could
/// be longer than about 2 kB; it has an index, which is rebuilt with the table's.
///
/// Source: PostgreSQL manual, "TOAST"; catalog of PostgreSQL 15.
/// Scope:  UTF-8, of which a character takes up to 4 bytes; a type nobody knows
///         counts as one of any length.
bool has_toast_table(const Table& table);

}  // namespace midflight::rules
