#pragma once

#include <functional>
#include <vector>

#include "backends/calibrate/scratch_table.h"

namespace midflight::backends {

/// How large one scratch table is.
struct TableShape {
  std::int64_t rows = 0;
  int pad = 0;
  bool passes_only = false;  ///< a large one, for what observe_passes() measures
};

/// Everything that is measured of work on one table: metadata, scans, foreign
/// keys, index builds, rewrites, updates and batches, in an order in which one
/// leaves the table as the next one expects it.  `tell` is called before each.
std::vector<Observation> observe_work(PostgresConnection& session, const TableShape& shape, int tries,
                                      const std::atomic<bool>* stop, const std::function<void(const std::string&)>& tell);

/// How often observe_work() tells.
inline int work_parts(const TableShape& shape) { return shape.passes_only ? 5 : 19; }

/// The passes over a table that are measured again behind all tables, and beside
/// traffic: a check, a foreign key, an index and a rewrite.
std::vector<Observation> observe_passes(ScratchTable& table, int tries, const std::function<void(const std::string&)>& tell = {});

/// How many bytes a second of a table's files go when nobody needs them any more: the median of some tries.
/// Requires: no table is called `gone`.
double removal_bytes_per_s(PostgresConnection& session, int tries);

/// Seconds of a commit of one changed row: the median of many.
double commit_seconds(PostgresConnection& session, int tries);

}  // namespace midflight::backends
