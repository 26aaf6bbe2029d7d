#pragma once

#include <string>
#include <vector>

#include "sim/model/schema.h"

namespace midflight {

/// Indexes of a partitioned table and their parts on the partitions.

/// All parts of an index, parents before children.
std::vector<std::string> indexes_below(const Schema& schema, const std::string& index);

/// An index of the partition that can be the part of `index` as it is; null if a new one must be built.
/// Scope: methods, operator classes and conditions are compared by their text.
const Index* matching_index(const Table& partition, const Index& index);

}  // namespace midflight
