#include <algorithm>

#include "backends/profile_measurement.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

constexpr std::int64_t kScratchRows = 200'000;
constexpr double kNotToldApart = 1e12;

class PostgresMeasurement final : public ProfileMeasurement {
 public:
  using ProfileMeasurement::ProfileMeasurement;

  cost::Profile run() {
    execute("CREATE TABLE midflight_scratch AS SELECT row_number() OVER () AS midflight_key, * FROM " +
            sql::identifier(table_.name) + " LIMIT " + std::to_string(kScratchRows));
    execute("VACUUM (ANALYZE) midflight_scratch");
    const std::vector<Row> counted = session_.query("SELECT count(*) FROM midflight_scratch");
    const auto rows = std::max<std::int64_t>(1, std::get<std::int64_t>(counted[0][0]));
    measure_small_changes();
    measure_large_changes(static_cast<double>(rows));
    execute("VACUUM midflight_scratch");
    measure_batches("UPDATE midflight_scratch SET midflight_2 = 'x' || midflight_key WHERE midflight_key > $1 AND midflight_key <= $2", rows);
    execute("DROP TABLE midflight_scratch");
    return profile_;
  }

 private:
  /// Adding a column, and what its commit takes.
  void measure_small_changes() {
    std::vector<double> metadata, commits;
    for (int i = 1; i <= 9; ++i) {
      execute("BEGIN");
      metadata.push_back(timed("ALTER TABLE midflight_scratch ADD COLUMN midflight_" + std::to_string(i) + " text"));
      commits.push_back(timed("COMMIT"));
    }
    profile_.metadata_s = median(metadata);
    profile_.commit_s = median(commits);
  }

  void measure_large_changes(double rows) {
    const double row_bytes = static_cast<double>(table_.row_bytes);
    const auto work = [&](double seconds) { return std::max(1e-6, seconds - profile_.metadata_s - profile_.commit_s); };
    const std::string check = "ALTER TABLE midflight_scratch DROP CONSTRAINT IF EXISTS midflight_check; "
                              "ALTER TABLE midflight_scratch ADD CONSTRAINT midflight_check CHECK (midflight_key IS NOT NULL) NOT VALID";
    profile_.scan_rows_per_s = rows / work(median_of("ALTER TABLE midflight_scratch VALIDATE CONSTRAINT midflight_check", check));
    profile_.scan_bytes_per_s = profile_.scan_rows_per_s * row_bytes;
    // A volatile default writes every row anew.
    profile_.rewrite_rows_per_s =
        rows / work(median_of("ALTER TABLE midflight_scratch ADD COLUMN midflight_new real DEFAULT random()",
                              "ALTER TABLE midflight_scratch DROP COLUMN IF EXISTS midflight_new"));
    profile_.rewrite_bytes_per_s = profile_.rewrite_rows_per_s * row_bytes;
    const auto build = [&](const char* key) {
      return work(median_of(std::string("CREATE INDEX midflight_scratch_key ON midflight_scratch (") + key + ")",
                            "DROP INDEX IF EXISTS midflight_scratch_key"));
    };
    profile_.index_key_rows_per_s = sorted_per_s(rows, build("midflight_key"));
    const double build_s = build("(midflight_key * 7919 % 1000003)");  // not in the order of the rows
    profile_.index_rows_per_s = sorted_per_s(rows, build_s);
    execute("DROP INDEX IF EXISTS midflight_scratch_key");  // or the updates would fill it
    profile_.update_bytes_per_s = kNotToldApart;  // all rows are alike
    profile_.update_rows_per_s = rows / work(timed("UPDATE midflight_scratch SET midflight_1 = 'x'"));
    // Not measured here, so in proportion to what is.
    const cost::Profile usual;
    const double speed = rows * (1 / usual.scan_rows_per_s + 1 / usual.index_rows_per_s) / build_s;
    profile_.index_text_rows_per_s = usual.index_text_rows_per_s * speed;
    profile_.foreign_key_rows_per_s = usual.foreign_key_rows_per_s * speed;
    profile_.foreign_key_far_rows_per_s = usual.foreign_key_far_rows_per_s * speed;
    profile_.index_check_rows_per_s = usual.index_check_rows_per_s * speed;
    profile_.uuid_rows_per_s = usual.uuid_rows_per_s * speed;
  }
};

}  // namespace

cost::Profile measure_postgres(Session& session, const Table& table, const Dialect& dialect) {
  return PostgresMeasurement(session, table, dialect).run();
}

}  // namespace midflight::backends
