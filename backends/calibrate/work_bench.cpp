#include "backends/calibrate/work_bench.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "backends/timing.h"

namespace midflight::backends {
namespace {

using Tell = std::function<void(const std::string&)>;

constexpr int kSmallTries = 15;  // of what takes milliseconds
constexpr int kRandomUuid = 13;  // the first version with gen_random_uuid()

/// One kind of work that is measured more than once: alone, later again, and beside traffic.
struct Pass {
  const char *family, *sql, *undo;
};
constexpr Pass kCheck = {"CHECK", "ALTER TABLE work ADD CONSTRAINT positive CHECK (number >= 0)", "ALTER TABLE work DROP CONSTRAINT positive"};
constexpr Pass kLargeForeignKey = {"foreign key to half as many rows",
                                   "ALTER TABLE work ADD CONSTRAINT ancestor FOREIGN KEY (number) REFERENCES ancestors (id)",
                                   "ALTER TABLE work DROP CONSTRAINT ancestor"};
constexpr Pass kIndex = {"index on an integer", "CREATE INDEX work_number ON work (number)", "DROP INDEX work_number"};
constexpr Pass kRewrite = {"rewrite, no index", "ALTER TABLE work ALTER COLUMN other TYPE bigint",
                           "ALTER TABLE work ALTER COLUMN other TYPE integer"};

class WorkBench {
 public:
  WorkBench(ScratchTable& table, int tries, const Tell& tell) : table_(table), tries_(tries), tell_(tell) {}

  std::vector<Observation> run() {
    validations();
    index_builds();
    rewrites();
    updates();
    batches();
    return std::move(all_);
  }

 private:
  void measure(const Pass& pass, int tries) { measure(pass.family, pass.sql, pass.undo, tries); }

  void measure(const std::string& family, const std::string& sql, const std::string& undo, int tries) {
    tell_(fmt::format("{}, {}", family, table_.told()));
    all_.push_back(table_.measure(family, sql, undo, tries));
  }

  void validations() {
    measure("metadata", "ALTER TABLE work ADD COLUMN extra text", "ALTER TABLE work DROP COLUMN extra", kSmallTries);
    measure(kCheck, tries_);
    measure("NOT NULL", "ALTER TABLE work ALTER COLUMN number SET NOT NULL", "ALTER TABLE work ALTER COLUMN number DROP NOT NULL", tries_);
    measure("foreign key", "ALTER TABLE work ADD CONSTRAINT parent FOREIGN KEY (other) REFERENCES parents (id)",
            "ALTER TABLE work DROP CONSTRAINT parent", tries_);
    measure(kLargeForeignKey, tries_);
  }

  void index_builds() {
    measure(kIndex, tries_);
    measure("index on a key", "CREATE UNIQUE INDEX work_key ON work (id)", "DROP INDEX work_key", tries_);
    measure("index on text", "CREATE INDEX work_words ON work (words)", "DROP INDEX work_words", tries_);
    measure("index on an integer, concurrently", "CREATE INDEX CONCURRENTLY work_number ON work (number)", "DROP INDEX work_number", tries_);
  }

  void rewrites() {
    measure(kRewrite, tries_);
    if (table_.major_version() >= kRandomUuid) {
      measure("rewrite with random UUIDs", "ALTER TABLE work ADD COLUMN token uuid DEFAULT gen_random_uuid()", "ALTER TABLE work DROP COLUMN token", tries_);
    }
    table_.run("CREATE INDEX work_number ON work (number)");
    rewrite("rewrite, 1 index");
    table_.run("CREATE INDEX work_words ON work (words)");
    table_.run("CREATE INDEX work_id ON work (id)");
    rewrite("rewrite, 3 indexes");
  }

  void rewrite(const std::string& family) { measure(family, kRewrite.sql, kRewrite.undo, tries_); }

  // Once each: an UPDATE leaves a row version behind for each row.
  void update(const std::string& family) {
    measure(family, "UPDATE work SET other = other + 1", "VACUUM FULL work", 1);
  }

  void updates() {
    update("UPDATE of all rows, 3 indexes");
    for (const char* index : {"work_number", "work_words", "work_id"}) table_.run(std::string("DROP INDEX ") + index);
    update("UPDATE of all rows, no index");
    table_.run("ALTER TABLE work ADD CONSTRAINT work_pkey PRIMARY KEY (id)");
    update("UPDATE of all rows, key");
  }

  void batches() {
    tell_("batches, " + table_.told());
    table_.settle();
    for (const std::int64_t batch : {table_.rows() / 500, table_.rows() / 100, table_.rows() / 20}) {
      all_.push_back(table_.measure_batches(std::max<std::int64_t>(1, batch), kSmallTries));
    }
  }

  ScratchTable& table_;
  int tries_;
  const Tell& tell_;
  std::vector<Observation> all_;
};

}  // namespace

std::vector<Observation> observe_work(PostgresConnection& session, const TableShape& shape, int tries,
                                      const std::atomic<bool>* stop, const Tell& tell) {
  tell("filling a table");
  ScratchTable table(session, shape.rows, shape.pad, stop);
  return shape.passes_only ? observe_passes(table, tries, tell) : WorkBench(table, tries, tell).run();
}

std::vector<Observation> observe_passes(ScratchTable& table, int tries, const Tell& tell) {
  std::vector<Observation> all;
  for (const Pass& pass : {kCheck, kLargeForeignKey, kIndex, kRewrite}) {
    if (tell) tell(fmt::format("{}, {}", pass.family, table.told()));
    all.push_back(table.measure(pass.family, pass.sql, pass.undo, tries));
  }
  return all;
}

double removal_bytes_per_s(PostgresConnection& session, int tries) {
  const auto dropped_s = [&](const char* rows) {
    session.query(fmt::format("CREATE TABLE gone AS SELECT * FROM work {}", rows));
    session.run("CHECKPOINT");
    const auto begin = std::chrono::steady_clock::now();
    session.query("DROP TABLE gone");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  std::vector<double> seconds;
  for (int i = 0; i < tries; ++i) seconds.push_back(dropped_s("") - dropped_s("LIMIT 0"));
  const double bytes = std::stod(session.value("SELECT pg_table_size('work')"));
  return bytes / std::max(median(seconds), 1e-6);
}

double commit_seconds(PostgresConnection& session, int tries) {
  std::vector<double> seconds;
  for (int i = 0; i < tries; ++i) {
    session.query("BEGIN");
    session.query(fmt::format("UPDATE work SET other = {} WHERE id = {}", i, i + 1));
    const auto begin = std::chrono::steady_clock::now();
    session.query("COMMIT");
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return median(seconds);
}

}  // namespace midflight::backends
