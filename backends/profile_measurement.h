#pragma once

#include <algorithm>

#include "backends/quick_profile.h"
#include "backends/timing.h"

namespace midflight::backends {

/// What both engines' quick profiles share: statements that must work, timed.
class ProfileMeasurement {
 public:
  ProfileMeasurement(Session& session, const Table& table, const Dialect& dialect)
      : session_(session), table_(table), profile_(cost::default_profile(dialect)) {
    profile_.name = "measured";
  }

 protected:
  static constexpr double kSpreadMin = 0.05, kSpreadMax = 0.3;  // fifteen batches say no more

  Answer execute(const std::string& sql, const Row& parameters = {});
  /// Seconds until its locks are free: what a commit does afterwards holds nobody up.
  double timed(const std::string& sql, const Row& parameters = {});
  /// Of three times; `undo` comes before each.
  double median_of(const std::string& sql, const std::string& undo);
  /// Rows that are sorted in a second, of a build that reads them all first.
  double sorted_per_s(double rows, double build_s) const { return rows / std::max(build_s / 10, build_s - rows / profile_.scan_rows_per_s); }
  /// Two sizes of batch give the fixed cost and the rate.  `sql` has two bounds of a range of rows.
  void measure_batches(const std::string& sql, std::int64_t rows);

  Session& session_;
  const Table& table_;
  cost::Profile profile_;

 private:
  std::vector<double> batches(const std::string& sql, std::int64_t size, std::int64_t rows);
};

/// Errors: Error(Database) when a statement fails.
cost::Profile measure_sqlite(Session& session, const Table& table, const Dialect& dialect);
cost::Profile measure_postgres(Session& session, const Table& table, const Dialect& dialect);

}  // namespace midflight::backends
