#pragma once

#include <algorithm>
#include <atomic>
#include <string>

#include "backends/calibrate/observation.h"
#include "backends/postgres/connection.h"

namespace midflight::backends {

/// The table `work` that is measured on, beside the tables it
/// refers to, `parents` (a tenth of its rows) and `ancestors` (half as many), in the
/// database of a session.
///
/// What the cost model needs to know of a statement comes from `rules`, so the
/// profile is fitted to what a prediction will say of the same statement.
/// Errors: Error(Database) for what the server refuses; Error(Interrupted) once
///         `stop` is set, with the running statement cancelled by whoever set it.
class ScratchTable {
 public:
  /// Makes the tables anew, and fills them.  `pad`: further bytes of each row.
  ScratchTable(PostgresConnection& session, std::int64_t rows, int pad, const std::atomic<bool>* stop);

  /// Times the statement `tries` times, from rest; `undo` follows each, if there is one.
  Observation measure(const std::string& family, const std::string& sql, const std::string& undo, int tries);
  /// Times batches of a backfill by primary key, commit included.
  Observation measure_batches(std::int64_t batch, int tries);
  /// For what only prepares, and stays.
  void run(const std::string& sql);
  /// Brings the server to rest, where the role may: what was written before is
  /// no part of what is measured next, its log's files are there to be used
  /// again, and a page that changes is logged whole, as after any checkpoint.
  void settle();

  std::int64_t rows() const { return rows_; }
  int major_version() const { return session_.major_version(); }
  const std::string& told() const { return told_; }  ///< "200,000 rows of 61 bytes"

 private:
  std::int64_t parents() const { return std::max<std::int64_t>(1, rows_ / 10); }
  std::int64_t ancestors() const { return std::max<std::int64_t>(1, rows_ / 2); }
  void fill(int pad);
  void describe();
  double timed(PostgresConnection& session, const std::string& sql);
  /// In a session of its own, as a migration's: one that has seen nothing yet
  /// first looks up the catalog and maps the pages that are in memory.
  double timed_anew(const std::string& sql);
  void execute(const std::string& sql) { execute(session_, sql); }
  void execute(PostgresConnection& session, const std::string& sql) const;

  PostgresConnection& session_;
  std::int64_t rows_;
  const std::atomic<bool>* stop_;
  Schema schema_;
  std::string told_;
  std::int64_t next_batch_ = 0;
};

}  // namespace midflight::backends
