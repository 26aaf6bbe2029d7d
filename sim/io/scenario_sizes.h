#pragma once

#include <cstdint>
#include <string_view>

#include "sim/model/schema.h"

namespace midflight::io {

/// A guess at the bytes one row takes on disk, from the types of its columns.
///
/// Scope:  half of a varchar's limit, at most 32 bytes, and 32 for text; no
///         alignment, compression or TOAST.
/// Source: PostgreSQL manual, "Database Page Layout": 23 bytes of header, 4 of
///         item pointer; "Data Types" for the sizes.
std::int64_t guessed_row_bytes(const Table& table);

}  // namespace midflight::io
