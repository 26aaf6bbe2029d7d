#include "backends/calibrate/scratch_table.h"

#include <fmt/core.h>

#include <chrono>

#include "sim/kernel/error.h"
#include "sim/model/operation.h"
#include "sim/rules/rules.h"
#include "sim/sql/parse.h"

namespace midflight::backends {
namespace {

constexpr const char* kTables =
    "CREATE TABLE parents (id bigint PRIMARY KEY);"
    "CREATE TABLE ancestors (id integer PRIMARY KEY);"
    "CREATE TABLE work (id bigint NOT NULL, number integer, other integer, words text, pad text)";

std::vector<Work> works_of(const Statement& statement, const Schema& schema, int major) {
  std::vector<Work> works;
  for (const Phase& phase : rules::locks_and_work(statement, schema, {Engine::Postgresql, major}).phases) {
    works.insert(works.end(), phase.work.begin(), phase.work.end());
  }
  return works;
}

/// "1,600,000"
std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

}  // namespace

ScratchTable::ScratchTable(PostgresConnection& session, std::int64_t rows, int pad, const std::atomic<bool>* stop)
    : session_(session), rows_(rows), stop_(stop), schema_(sql::schema_from_sql(kTables)) {
  execute("DROP TABLE IF EXISTS work, parents, ancestors");
  execute(kTables);
  // Its visits would be measured as ours.
  execute("ALTER TABLE work SET (autovacuum_enabled = false)");
  fill(pad);
  describe();
}

// Neither numbers nor words come in order, or sorting them would be a walk.
void ScratchTable::fill(int pad) {
  execute(fmt::format("INSERT INTO parents SELECT n FROM generate_series(1, {}) AS n", std::max<std::int64_t>(1, rows_ / 10)));
  execute(fmt::format("INSERT INTO ancestors SELECT n - 1 FROM generate_series(1, {}) AS n", rows_));
  execute(fmt::format("INSERT INTO work SELECT n, n * 7919 % {0}, n * 104729 % {1} + 1, md5(n::text), repeat('x', {2}) "
                      "FROM generate_series(1::bigint, {0}) AS n", rows_, std::max<std::int64_t>(1, rows_ / 10), pad));
  execute("VACUUM ANALYZE work");
  execute("ANALYZE parents, ancestors");
}

void ScratchTable::describe() {
  const std::int64_t bytes = std::stoll(session_.value("SELECT pg_table_size('work')"));
  Table& work = *schema_.table("work");
  work.rows = rows_;
  work.row_bytes = std::max<std::int64_t>(1, bytes / rows_);
  schema_.table("parents")->rows = rows_ / 10;
  schema_.table("ancestors")->rows = rows_;
  told_ = fmt::format("{} rows of {} bytes", grouped(rows_), work.row_bytes);
}

void ScratchTable::execute(const std::string& sql) {
  const PostgresReply reply = session_.run(sql);
  if (stop_ != nullptr && *stop_) throw Error(ErrorCode::Interrupted, "interrupted; the scratch database is removed");
  if (!reply.ok()) throw Error(ErrorCode::Database, fmt::format("cannot calibrate: {} (in `{}`)", reply.message, sql.substr(0, 200)));
}

double ScratchTable::timed(const std::string& sql) {
  const auto begin = std::chrono::steady_clock::now();
  execute(sql);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Observation ScratchTable::measure(const std::string& family, const std::string& sql, const std::string& undo, int tries) {
  Observation observation;
  observation.family = family;
  observation.table = told_;
  observation.schema = schema_;
  observation.works = works_of(sql::parse_one(sql), schema_, session_.major_version());
  for (int i = 0; i < tries; ++i) {
    observation.seconds.push_back(timed(sql));
    if (!undo.empty()) execute(undo);
  }
  return observation;
}

Observation ScratchTable::measure_batches(std::int64_t batch, int tries) {
  Observation observation;
  observation.family = "batch of a backfill";
  observation.table = fmt::format("{} rows a batch", grouped(batch));
  observation.batch_rows = batch;
  for (int i = 0; i < tries; ++i) {
    if (next_batch_ + batch > rows_) next_batch_ = 0;
    observation.seconds.push_back(
        timed(fmt::format("UPDATE work SET other = other + 1 WHERE id > {} AND id <= {}", next_batch_, next_batch_ + batch)));
    next_batch_ += batch;
  }
  return observation;
}

void ScratchTable::run(const std::string& sql) {
  execute(sql);
  for (const Operation& operation : sql::parse_one(sql).operations) MIDFLIGHT_CHECK(apply(operation, schema_).empty());
}

}  // namespace midflight::backends
