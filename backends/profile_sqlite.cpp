#include <algorithm>

#include "backends/profile_measurement.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

constexpr std::int64_t kScratchRows = 60'000;

class SqliteMeasurement final : public ProfileMeasurement {
 public:
  using ProfileMeasurement::ProfileMeasurement;

  cost::Profile run() {
    execute("CREATE TABLE midflight_scratch AS SELECT * FROM " + sql::identifier(table_.name) + " WHERE rowid <= " +
            std::to_string(kScratchRows));
    const double copy = median({rebuild(), rebuild(), rebuild()});
    const std::vector<Row> counted = session_.query("SELECT count(*) FROM midflight_scratch");
    const double rows = static_cast<double>(std::max<std::int64_t>(1, std::get<std::int64_t>(counted[0][0])));
    const double row_bytes = static_cast<double>(table_.row_bytes);
    measure_small_changes();
    profile_.rewrite_rows_per_s = rows / copy;
    profile_.rewrite_bytes_per_s = profile_.rewrite_rows_per_s * row_bytes;
    profile_.scan_rows_per_s = rows / median_of("SELECT count(*) FROM midflight_scratch WHERE midflight_1 IS NOT NULL", "SELECT 1");
    profile_.scan_bytes_per_s = profile_.scan_rows_per_s * row_bytes;
    profile_.update_rows_per_s = rows / timed("UPDATE midflight_scratch SET midflight_1 = 'x' || rowid");
    profile_.index_rows_per_s = sorted_per_s(rows, median_of("CREATE INDEX midflight_scratch_index ON midflight_scratch (midflight_1)",
                                                             "DROP INDEX IF EXISTS midflight_scratch_index"));
    profile_.index_text_rows_per_s = profile_.index_key_rows_per_s = profile_.index_rows_per_s;
    execute("DROP INDEX midflight_scratch_index");
    measure_batches("UPDATE midflight_scratch SET midflight_2 = 'x' || rowid WHERE rowid > ?1 AND rowid <= ?2",
                    static_cast<std::int64_t>(rows));
    execute("DROP TABLE midflight_scratch");
    return profile_;
  }

 private:
  /// The statements of a rebuild without indexes, in one transaction.  Naming
  /// the columns matters: `SELECT *` between equal tables copies whole pages.
  double rebuild() {
    std::string columns;
    for (const Column& column : table_.columns) columns += (columns.empty() ? "" : ", ") + sql::identifier(column.name);
    execute("BEGIN IMMEDIATE");
    double seconds = 0;
    for (const std::string& sql : {std::string("CREATE TABLE midflight_rebuilt AS SELECT * FROM midflight_scratch WHERE 0"),
                                   "INSERT INTO midflight_rebuilt (" + columns + ") SELECT " + columns + " FROM midflight_scratch",
                                   std::string("DROP TABLE midflight_scratch"),
                                   std::string("ALTER TABLE midflight_rebuilt RENAME TO midflight_scratch"), std::string("COMMIT")}) {
      seconds += timed(sql);
    }
    return seconds;
  }

  void measure_small_changes() {
    std::vector<double> metadata, commits;
    for (int i = 1; i <= 5; ++i) {
      metadata.push_back(timed("ALTER TABLE midflight_scratch ADD COLUMN midflight_" + std::to_string(i) + " text"));
    }
    for (std::int64_t i = 1; i <= 20; ++i) {
      execute("BEGIN IMMEDIATE");
      execute("UPDATE midflight_scratch SET midflight_1 = 'y' WHERE rowid = ?1", {i});
      commits.push_back(timed("COMMIT"));
    }
    profile_.metadata_s = median(metadata);
    profile_.commit_s = median(commits);
  }
};

}  // namespace

cost::Profile measure_sqlite(Session& session, const Table& table, const Dialect& dialect) {
  return SqliteMeasurement(session, table, dialect).run();
}

}  // namespace midflight::backends
