#include "backends/quick_profile.h"

#include "backends/profile_measurement.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr std::int64_t kBatchRows = 2'000;
constexpr std::int64_t kBatches = 15;

/// The largest table tells how wide rows are.
const Table* largest_table(const Schema& schema) {
  const Table* largest = nullptr;
  for (const Table& table : schema.tables) {
    if (largest == nullptr || table.rows > largest->rows) largest = &table;
  }
  return largest;
}

}  // namespace

Answer ProfileMeasurement::execute(const std::string& sql, const Row& parameters) {
  Answer answer = session_.run(sql, parameters, {});
  if (!answer.ok()) throw Error(ErrorCode::Database, "cannot calibrate: " + answer.error.message + " (in `" + sql + "`)");
  return answer;
}

double ProfileMeasurement::timed(const std::string& sql, const Row& parameters) {
  Answer answer;
  const double length = seconds_of([&] { answer = execute(sql, parameters); });
  return length - answer.after_release.seconds();
}

double ProfileMeasurement::median_of(const std::string& sql, const std::string& undo) {
  std::vector<double> seconds;
  for (int i = 0; i < 3; ++i) {
    execute(undo);
    seconds.push_back(timed(sql));
  }
  return median(seconds);
}

void ProfileMeasurement::measure_batches(const std::string& sql, std::int64_t rows) {
  const std::int64_t large = std::min(kBatchRows, rows), small = std::max<std::int64_t>(1, large / 10);
  const std::vector<double> large_s = batches(sql, large, rows), small_s = batches(sql, small, rows);
  const double per_row = (median(large_s) - median(small_s)) / static_cast<double>(std::max<std::int64_t>(1, large - small));
  if (per_row > 0) profile_.batch_rows_per_s = 1 / per_row;
  const double fixed = median(small_s) - static_cast<double>(small) / profile_.batch_rows_per_s - profile_.commit_s;
  profile_.batch_s = std::max(0.0, fixed);
  profile_.spread = std::clamp(lognormal_of(large_s).b, kSpreadMin, kSpreadMax);
}

std::vector<double> ProfileMeasurement::batches(const std::string& sql, std::int64_t size, std::int64_t rows) {
  std::vector<double> seconds;
  for (std::int64_t i = 0; i < kBatches; ++i) {
    const std::int64_t from = i * size % std::max<std::int64_t>(1, rows - size + 1);
    seconds.push_back(timed(sql, {from, from + size}));
  }
  return seconds;
}

cost::Profile quick_profile(Session& session, const Catalogue& catalogue, const Dialect& dialect) {
  const Table* table = largest_table(catalogue.initial());
  if (table == nullptr || table->rows == 0) return cost::default_profile(dialect);
  return dialect.engine == Engine::Sqlite ? measure_sqlite(session, *table, dialect) : measure_postgres(session, *table, dialect);
}

}  // namespace midflight::backends
