#pragma once

#include <string>

#include "sim/model/schema.h"

namespace midflight {

/// True if both bounds, as text, surely take the same row: no server accepts
/// two such partitions beside each other.
///
/// Scope: plain literals that can be ordered (numbers, dates of one format);
///        ranges over one column.  Whatever else is not said to overlap.
bool bounds_overlap(const std::string& a, const std::string& b);

/// Returns: why the bound does not fit beside the parent's other partitions, or "".
std::string bad_bound(const Schema& schema, const std::string& parent, const std::string& partition, const std::string& bound);

}  // namespace midflight
