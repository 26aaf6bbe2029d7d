#pragma once

#include <map>
#include <string>
#include <vector>

#include "backends/data/value_bounds.h"
#include "sim/model/schema.h"

namespace midflight::backends {

/// Rows of a partitioned table that lie in one partition: numbers first + 1 to
/// first + rows of the whole table's.
struct PartitionSlice {
  std::string table;        ///< the one to fill: a leaf, or a table whose partitions go by hash
  std::int64_t first = 0, rows = 0;
  std::map<std::string, ValueBounds> bounds = {};  ///< by column
  std::string refused = {}; ///< why no row can be made for it
};

/// Which rows of a partitioned table belong to which table below it.
struct PartitionShare {
  std::string root;
  std::int64_t first = 0, rows = 0;
};

/// The rows of every partitioned table, shared out over its partitions: as many
/// as each is said to have, or, where only the whole table is, the same number each.
class PartitionRows {
 public:
  explicit PartitionRows(const Schema& schema);

  /// Of a table that takes part in partitioning, the topmost one included; else null.
  const PartitionShare* share(const std::string& table) const;
  /// Requires: `root` is the topmost of its partitions.
  const std::vector<PartitionSlice>& slices(const std::string& root) const { return slices_.at(root); }

 private:
  std::map<std::string, PartitionShare> shares_;
  std::map<std::string, std::vector<PartitionSlice>> slices_;
};

/// The rows that a table gets: for a partitioned one those of its partitions.
std::int64_t filled_rows(const Table& table, const PartitionRows& partitions);

}  // namespace midflight::backends
