#pragma once

#include <string>

#include "sim/kernel/distribution.h"
#include "sim/kernel/time.h"
#include "sim/model/engine.h"
#include "sim/model/schema.h"
#include "sim/model/work.h"

namespace midflight::cost {

/// The parameters of the cost model of one server.
///
/// Units: seconds, rows per second, bytes per second.  `spread` is the sigma
/// of a lognormal factor on every duration of DDL, scans and batches.
struct Profile {
  std::string name = "default";
  std::string server, machine, measured;  ///< of a measured one: version, fingerprint, date
  double metadata_s = 0.002;              ///< one catalog change, lock already held
  double commit_s = 0.001;
  double scan_rows_per_s = 20e6;
  double scan_bytes_per_s = 1.5e9;
  double rewrite_bytes_per_s = 160e6;
  double rewrite_rows_per_s = 1.5e6;
  double removal_bytes_per_s = 0;         ///< of files that a rewrite has replaced, once its locks are free; 0: nobody measured it
  double index_check_rows_per_s = 7e6;    ///< the second pass of an index built concurrently, beside the scan
  // Of a foreign key's validation, beside the scan: rows looked up in a hash table of the other table's.
  double foreign_key_rows_per_s = 25e6;         ///< where the processor's caches have the other row ...
  double foreign_key_far_rows_per_s = 2.5e6;    ///< ... where memory alone has it
  double foreign_key_near_rows = 200e3;         ///< of a table of so many rows the caches have every other one
  double uuid_rows_per_s = 0.8e6;         ///< random UUIDs drawn as a default
  double index_rows_per_s = 2.9e6;        ///< sorted and written, once they are read: keys of numbers, dates and the like
  double index_text_rows_per_s = 0.62e6;  ///< keys with text
  double index_key_rows_per_s = 3.6e6;    ///< keys that number the rows: nothing is left to sort
  double update_rows_per_s = 200e3;       ///< one big UPDATE
  double update_bytes_per_s = 60e6;       ///< of these rows, in an UPDATE and in a batch: new versions and their log
  double update_index_share = 0.3;        ///< what each index adds to it
  double update_key_share = 0.3;          ///< what one adds whose keys number the rows, met nearly in order
  double batch_s = 0.002;                 ///< fixed cost of one batch
  double batch_rows_per_s = 150e3;        ///< of a batch, beside their bytes
  double herd_s = 30e-6;                  ///< what a statement costs more in the crowd right after a stall
  double spread = 0.1;
  // Of requests, where the scenario gives no time; 0: nobody measured it.
  double read_s = 0;                      ///< median of reading a row by its key
  double update_s = 0;                    ///< of updating or deleting one, commit included
  double insert_s = 0;
  double request_sigma = 0.5;             ///< of a lognormal around these
  bool knows_requests() const { return read_s > 0 && update_s > 0 && insert_s > 0; }
};

/// The documented default of an engine.
Profile default_profile(const Dialect& dialect);

/// How long the work takes on an otherwise idle server.
/// Requires: the work's relation has its `rows` and `row_bytes` in the schema.
Distribution duration(const Work& work, const Schema& schema, const Profile& profile);

/// How long it then takes to remove the files that the work has replaced, once the
/// transaction has given its locks back: the statement is not over, but nobody waits for it.
/// Returns: nothing where nobody measured it.
/// Source: the order of a commit in PostgreSQL's access/transam/README and xact.c.
Duration removal(const Work& work, const Schema& schema, const Profile& profile);

/// One batch of a backfill over `rows` rows of `row_bytes` each, commit included.
Distribution batch_duration(std::int64_t rows, std::int64_t row_bytes, const Profile& profile);

}  // namespace midflight::cost
