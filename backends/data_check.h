#pragma once

#include <string>
#include <vector>

#include "backends/plan_run.h"

namespace midflight::backends {

/// What the rows look like after a replay, and what was looked at to say so.
/// Units: a row counts once for each of `values` that was looked at in it.
struct DataCheck {
  std::vector<std::string> values;     ///< that were checked: "users.name", "users.name or full_name"
  std::int64_t rows_as_filled = 0;     ///< looked at, of those nobody wrote ...
  std::int64_t rows_not_looked_at = 0; ///< ... and left out
  std::int64_t rows_written = 0;       ///< looked at, of those that requests wrote
  std::int64_t rows_inserted = 0;      ///< looked for
  std::int64_t rows_gone = 0;          ///< that nothing takes away; each is a lost write
  std::int64_t writes_unchecked = 0;   ///< acknowledged requests whose writes nobody could check
  std::int64_t lost_writes = 0;    ///< rows whose last acknowledged value is in no column that survives
  std::int64_t diverged_rows = 0;  ///< rows a serving version would misread
  std::int64_t disagreeing_rows = -1;  ///< just before the old column was dropped; -1: not asked
  bool ok() const { return lost_writes == 0 && diverged_rows == 0; }
  std::int64_t rows_checked() const { return rows_as_filled + rows_written + rows_inserted; }
  std::string text() const;
};

/// Compares rows with what clients were told: the last acknowledged write of
/// each row, and for rows of a moving column that nobody wrote the value they
/// were filled with.
///
/// `filled` false: the rows were there before, so nobody knows what those hold
/// that no request wrote, nor whether the row of a request was ever there.
/// Scope: columns of text and integers that requests set from a parameter, of
///        rows found by their whole primary key, and inserted rows.  Writes to
///        one row that overlapped in time may have ended either way.  Of rows
///        nobody wrote at most a million are looked at, evenly spread.
DataCheck check_data(Backend& backend, const Catalogue& catalogue, const ClientApplication& application,
                     const PlanRunResult& run, bool filled = true);

}  // namespace midflight::backends
