#include "backends/sqlite/sqlite_backend.h"

#include <algorithm>
#include <mutex>

#include "backends/sqlite/connection.h"
#include "backends/sqlite/fill.h"
#include "backends/sqlite/scratch_file.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

// Threads of their own would queue for SQLite's memory statistics.
void configure_once() {
  static std::once_flag done;
  std::call_once(done, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

class SqliteSession final : public Session {
 public:
  SqliteSession(const std::string& path, const SqliteShared& shared, std::shared_ptr<SqliteActivity> activity)
      : activity_(std::move(activity)), connection_(path, shared, *activity_) {}
  ~SqliteSession() override { connection_.rollback(); }

  Answer begin(bool write, const Limits& limits) override {
    return connection_.run(write ? "BEGIN IMMEDIATE" : "BEGIN", {}, limits);
  }
  Answer run(const std::string& sql, const Row& parameters, const Limits& limits) override {
    return connection_.run(sql, parameters, limits);
  }
  Answer commit(const Limits& limits) override { return connection_.run("COMMIT", {}, limits); }
  void rollback() noexcept override { connection_.rollback(); }
  std::vector<Row> query(const std::string& sql, const Row& parameters) override {
    return connection_.query(sql, parameters);
  }

 private:
  std::shared_ptr<SqliteActivity> activity_;
  Connection connection_;
};

class SqliteBackend final : public Backend {
 public:
  SqliteBackend(const std::string& path, const BackendOptions& options)
      : options_(options), file_(path, options.in_place, options.keep) {
    shared_.busy_timeout = options.busy_timeout;
    shared_.stop = options.stop;
    connect("probe")->query("PRAGMA schema_version", {});
  }

  std::string name() const override { return "sqlite"; }
  std::string server_version() const override { return sqlite3_libversion(); }
  Dialect dialect() const override { return {Engine::Sqlite, sqlite3_libversion_number() / 1000 % 1000 + 300}; }

  void prepare(const Schema& schema, const Schema& values) override {
    const auto activity = register_session("prepare");
    Connection connection(file_.path(), shared_, *activity);
    if (options_.in_place) {
      check_tables(connection, schema);
    } else {
      create_and_fill(connection, schema, values, dialect());
      connection.execute(options_.journal == Journal::Wal ? "PRAGMA journal_mode=WAL" : "PRAGMA journal_mode=DELETE");
    }
  }

  std::unique_ptr<Session> open(const std::string& name, Role) override { return connect(name); }

  std::vector<LockSample> locks() const override {
    const std::lock_guard guard(mutex_);
    std::vector<LockSample> samples;
    for (const auto& weak : activities_) {
      const auto activity = weak.lock();
      if (!activity) continue;
      const int state = activity->state.load(std::memory_order_relaxed);
      const bool waiting = activity->waiting.load(std::memory_order_relaxed);
      if (state == SqliteActivity::Reading) samples.push_back({activity->session, "database", LockMode::AccessShareLock, true});
      if (state == SqliteActivity::Writing) samples.push_back({activity->session, "database", LockMode::ExclusiveLock, true});
      if (waiting) samples.push_back({activity->session, "database", LockMode::ExclusiveLock, false});
    }
    return samples;
  }

  void cancel() noexcept override { shared_.cancelled.store(true, std::memory_order_relaxed); }

 private:
  std::unique_ptr<SqliteSession> connect(const std::string& name) {
    return std::make_unique<SqliteSession>(file_.path(), shared_, register_session(name));
  }

  std::shared_ptr<SqliteActivity> register_session(const std::string& name) {
    auto activity = std::make_shared<SqliteActivity>();
    activity->session = name;
    const std::lock_guard guard(mutex_);
    std::erase_if(activities_, [](const auto& weak) { return weak.expired(); });
    activities_.push_back(activity);
    return activity;
  }

  static void check_tables(Connection& connection, const Schema& schema) {
    for (const Table& table : schema.tables) {
      const auto found = connection.query("SELECT 1 FROM sqlite_schema WHERE name = ?1", {table.name});
      if (found.empty()) throw Error(ErrorCode::BadInput, "the database has no table " + table.name);
    }
  }

  BackendOptions options_;
  ScratchFile file_;
  SqliteShared shared_;
  mutable std::mutex mutex_;
  std::vector<std::weak_ptr<SqliteActivity>> activities_;
};

}  // namespace

std::unique_ptr<Backend> open_sqlite(const std::string& path, const BackendOptions& options) {
  configure_once();
  return std::make_unique<SqliteBackend>(path, options);
}

}  // namespace midflight::backends
