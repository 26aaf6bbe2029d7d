#pragma once

#include <string>

#include "backends/plan_run.h"

namespace midflight::backends {

/// What the rows look like after a replay.
struct DataCheck {
  std::int64_t rows_checked = 0;
  std::int64_t lost_writes = 0;    ///< rows whose last acknowledged value is in no column that survives
  std::int64_t diverged_rows = 0;  ///< rows a serving version would misread
  std::int64_t disagreeing_rows = -1;  ///< just before the old column was dropped; -1: not asked
  bool ok() const { return lost_writes == 0 && diverged_rows == 0; }
  std::string text() const;
};

/// Compares rows with what clients were told: the last acknowledged write of
/// each row, and for rows of a moving column that nobody wrote the value they
/// were filled with.
///
/// Scope: columns of text and integers that requests set from a parameter, of
///        rows found by their whole primary key, and inserted rows.  Writes to
///        one row that overlapped in time may have ended either way.  Of rows
///        nobody wrote at most a million are looked at, evenly spread.
DataCheck check_data(Backend& backend, const Catalogue& catalogue, const ClientApplication& application,
                     const PlanRunResult& run);

}  // namespace midflight::backends
