#pragma once

#include <sqlite3.h>

#include <atomic>
#include <list>
#include <string>
#include <unordered_map>

#include "backends/backend.h"

namespace midflight::backends {

/// What one connection is doing, for lock samples taken from other threads.
struct SqliteActivity {
  enum State : int { Idle, Reading, Writing };
  std::string session;
  std::atomic<int> state{Idle};
  std::atomic<bool> waiting{false};
};

/// What all connections of a backend share.
struct SqliteShared {
  Duration busy_timeout{};
  const std::atomic<bool>* stop = nullptr;
  std::atomic<bool> cancelled{false};
  bool over() const {
    return cancelled.load(std::memory_order_relaxed) || (stop != nullptr && stop->load(std::memory_order_relaxed));
  }
};

/// One sqlite3 handle with its statements, waits and interrupts.
///
/// Busy waits poll at SQLite's own intervals; the handler is ours so that waits
/// can be measured and end with the deadline.  Statements stay prepared and
/// SQLite prepares them again by itself when the schema has changed.
/// Threads: one at a time.
class Connection {
 public:
  Connection(const std::string& path, const SqliteShared& shared, SqliteActivity& activity);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Answer run(const std::string& sql, const Row& parameters, const Limits& limits);
  std::vector<Row> query(const std::string& sql, const Row& parameters);
  /// Runs statements without parameters that must work: PRAGMA, CREATE, ...
  void execute(const std::string& sql);
  void rollback() noexcept;
  sqlite3* handle() const { return db_; }

 private:
  struct Prepared {
    std::string sql;
    sqlite3_stmt* statement;
  };
  static int on_busy(void* self, int count);
  static int on_progress(void* self);
  static int on_commit(void* self, sqlite3* db, const char* schema, int frames);
  bool wait_for_lock(int count);
  bool out_of_time() const { return Clock::now() >= limits_.deadline || (limits_.enough != nullptr && limits_.enough->load()); }

  bool configure();
  sqlite3_stmt* prepare(const std::string& sql);
  void bind(sqlite3_stmt* statement, const Row& parameters);
  void step_all(sqlite3_stmt* statement, Answer& answer);
  ErrorKind current_error(const std::string& sql) const;
  void note_state();

  const SqliteShared& shared_;
  SqliteActivity& activity_;
  sqlite3* db_ = nullptr;
  std::list<Prepared> statements_;  ///< most recently used first
  std::unordered_map<std::string_view, std::list<Prepared>::iterator> by_sql_;
  bool configured_ = false;
  Limits limits_;
  Clock::time_point wait_began_{}, released_{};
  Duration waited_{};
};

}  // namespace midflight::backends
