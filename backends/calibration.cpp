#include "backends/calibration.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "sim/kernel/error.h"
#include "sim/sql/render.h"

namespace midflight::backends {
namespace {

constexpr auto kServiceBudget = std::chrono::milliseconds(700);  // all endpoints
constexpr int kExecutions = 300;
constexpr std::int64_t kScratchRows = 60'000;
constexpr std::int64_t kBatchRows = 2'000;
constexpr std::int64_t kBatches = 15;
constexpr double kSpreadMin = 0.05, kSpreadMax = 0.3;  // fifteen batches say no more

double seconds_of(const std::function<void()>& what) {
  const Clock::time_point begin = Clock::now();
  what();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Median and spread as a lognormal; the spread from the middle half, so that
/// one hiccup does not count.
Distribution fitted(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  const double low = seconds[seconds.size() / 4], high = seconds[seconds.size() * 3 / 4];
  const double sigma = low > 0 ? std::log(high / low) / 1.349 : 0;  // quartiles of a normal lie 1.349 sigma apart
  return {Distribution::Kind::Lognormal, median(seconds), std::clamp(sigma, 0.05, 1.5)};
}

void must(const Answer& answer) {
  if (!answer.ok()) throw Error(ErrorCode::Database, "cannot calibrate: " + answer.error.message);
}

class Calibrator {
 public:
  Calibrator(Backend& backend, const ClientApplication& application, const Catalogue& catalogue, const Database& database)
      : session_(backend.open("calibration")),
        application_(application),
        catalogue_(catalogue),
        profile_(cost::default_profile(database.dialect)) {}

  Calibration run() {
    Calibration result;
    const auto count = static_cast<int>(std::max<std::size_t>(1, application_.endpoints().size()));
    for (std::size_t e = 0; e < application_.endpoints().size(); ++e) {
      const ClientEndpoint& endpoint = application_.endpoint(0, e);
      if (!endpoint.served) continue;
      const std::vector<double> seconds = execute(endpoint, kServiceBudget / count);
      if (!seconds.empty()) result.service[application_.endpoints()[e]] = fitted(seconds);
    }
    measure_profile();
    result.profile = profile_;
    return result;
  }

 private:
  std::vector<double> execute(const ClientEndpoint& endpoint, Clock::duration budget) {
    const Clock::time_point until = Clock::now() + budget;
    std::vector<double> seconds;
    Random random({1, 0, stream_id("calibration")});
    for (int i = 0; i < kExecutions && (i < 5 || Clock::now() < until); ++i) {
      const auto row = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(application_.rows()))) + 1;
      bool failed = false;
      const double length = seconds_of([&] { failed = !execute_once(endpoint, row, -1 - i); });
      if (failed) return {};  // the version does not fit the schema: nothing to measure
      if (i > 0) seconds.push_back(length);  // the first one prepares
    }
    return seconds;
  }

  bool execute_once(const ClientEndpoint& endpoint, std::int64_t row, std::int64_t serial) {
    const bool writes = std::any_of(endpoint.statements.begin(), endpoint.statements.end(), [](const auto& s) { return s.writes; });
    if (!writes && endpoint.statements.size() == 1) return run_statements(endpoint, row, serial);
    must(session_->begin(writes, {}));
    const bool good = run_statements(endpoint, row, serial);
    session_->rollback();
    return good;
  }

  bool run_statements(const ClientEndpoint& endpoint, std::int64_t row, std::int64_t serial) {
    return std::all_of(endpoint.statements.begin(), endpoint.statements.end(), [&](const auto& s) {
      return session_->run(s.sql, ClientApplication::bind(s, row, serial), {}).ok();
    });
  }

  Answer execute(const std::string& sql, const Row& parameters = {}) {
    Answer answer = session_->run(sql, parameters, {});
    must(answer);
    return answer;
  }

  /// Until its locks are free: what a commit does afterwards holds nobody up.
  double timed(const std::string& sql, const Row& parameters = {}) {
    Answer answer;
    const double length = seconds_of([&] { answer = execute(sql, parameters); });
    return length - answer.after_release.seconds();
  }

  /// Of three times; `undo` comes before each.
  double median_of(const std::string& sql, const std::string& undo) {
    std::vector<double> seconds;
    for (int i = 0; i < 3; ++i) {
      execute(undo);
      seconds.push_back(timed(sql));
    }
    return median(seconds);
  }

  /// The largest table tells how wide rows are.
  const Table* largest_table() const {
    const Table* largest = nullptr;
    for (const Table& table : catalogue_.initial().tables) {
      if (largest == nullptr || table.rows > largest->rows) largest = &table;
    }
    return largest;
  }

  void measure_profile() {
    const Table* table = largest_table();
    if (table == nullptr || table->rows == 0) return;
    profile_.name = "measured";
    execute("CREATE TABLE midflight_scratch AS SELECT * FROM " + sql::identifier(table->name) + " WHERE rowid <= " +
            std::to_string(kScratchRows));
    const double copy = median({rebuild(*table), rebuild(*table), rebuild(*table)});
    const std::vector<Row> counted = session_->query("SELECT count(*) FROM midflight_scratch");
    const double rows = static_cast<double>(std::max<std::int64_t>(1, std::get<std::int64_t>(counted[0][0])));
    const double row_bytes = static_cast<double>(table->row_bytes);
    measure_small_changes();
    profile_.rewrite_rows_per_s = rows / copy;
    profile_.rewrite_bytes_per_s = profile_.rewrite_rows_per_s * row_bytes;
    profile_.scan_rows_per_s = rows / timed("SELECT count(*) FROM midflight_scratch WHERE midflight_1 IS NOT NULL");
    profile_.scan_bytes_per_s = profile_.scan_rows_per_s * row_bytes;
    profile_.update_rows_per_s = rows / timed("UPDATE midflight_scratch SET midflight_1 = 'x' || rowid");
    profile_.index_rows_per_s = rows / median_of("CREATE INDEX midflight_scratch_index ON midflight_scratch (midflight_1)",
                                                 "DROP INDEX IF EXISTS midflight_scratch_index");
    execute("DROP INDEX midflight_scratch_index");
    measure_batches(static_cast<std::int64_t>(rows));
    execute("DROP TABLE midflight_scratch");
  }

  /// The statements of a rebuild without indexes, in one transaction.  Naming
  /// the columns matters: `SELECT *` between equal tables copies whole pages.
  double rebuild(const Table& table) {
    std::string columns;
    for (const Column& column : table.columns) columns += (columns.empty() ? "" : ", ") + sql::identifier(column.name);
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

  /// Two sizes of batch give the fixed cost and the rate.
  void measure_batches(std::int64_t rows) {
    const std::int64_t large = std::min(kBatchRows, rows), small = std::max<std::int64_t>(1, large / 10);
    const std::vector<double> large_s = batches(large, rows), small_s = batches(small, rows);
    const double per_row = (median(large_s) - median(small_s)) / static_cast<double>(std::max<std::int64_t>(1, large - small));
    if (per_row > 0) profile_.batch_rows_per_s = 1 / per_row;
    const double fixed = median(small_s) - static_cast<double>(small) / profile_.batch_rows_per_s - profile_.commit_s;
    profile_.batch_s = std::max(0.0, fixed);
    profile_.spread = std::clamp(fitted(large_s).b, kSpreadMin, kSpreadMax);
  }

  std::vector<double> batches(std::int64_t size, std::int64_t rows) {
    std::vector<double> seconds;
    for (std::int64_t i = 0; i < kBatches; ++i) {
      const std::int64_t from = i * size % std::max<std::int64_t>(1, rows - size + 1);
      seconds.push_back(timed("UPDATE midflight_scratch SET midflight_2 = 'x' || rowid WHERE rowid > ?1 AND rowid <= ?2",
                              {from, from + size}));
    }
    return seconds;
  }

  std::unique_ptr<Session> session_;
  const ClientApplication& application_;
  const Catalogue& catalogue_;
  cost::Profile profile_;
};

}  // namespace

Calibration calibrate(Backend& backend, const ClientApplication& application, const Catalogue& catalogue,
                      const Database& database) {
  return Calibrator(backend, application, catalogue, database).run();
}

}  // namespace midflight::backends
