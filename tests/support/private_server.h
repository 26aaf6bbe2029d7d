#pragma once

#include <string>
#include <vector>

#include "backends/postgres/connection.h"

namespace midflight::testing {

/// A PostgreSQL server of one test program's own, in a temporary folder,
/// reachable through a socket in that folder and nowhere else.
///
/// A guard process owns it: when the test program ends, in whatever way, the
/// guard stops the server and removes the folder.  Started by root, the server
/// runs as `postgres` or `nobody`, for PostgreSQL refuses to be root.
/// Settings are those of a throw-away server: nothing is flushed to disk,
/// nothing runs in parallel, autovacuum is off.
///
/// Binaries: the folder named by MIDFLIGHT_POSTGRES_BIN, else the newest
///           /usr/lib/postgresql/*/bin.
/// Errors:   Error(Database) when there are none or the server does not start,
///           with the end of its log.
/// Requires: no other thread runs while it is made (it forks).
class PrivateServer {
 public:
  /// `settings` come last: {"shared_preload_libraries=pg_stat_statements"}.
  explicit PrivateServer(const std::vector<std::string>& settings = {});
  ~PrivateServer();
  PrivateServer(const PrivateServer&) = delete;
  PrivateServer& operator=(const PrivateServer&) = delete;

  /// Of a database on it.
  std::string uri(const std::string& database) const;
  backends::PostgresConnection connect(const std::string& database = "postgres") const;
  const std::string& folder() const { return folder_; }
  /// Orders a restart and does not wait for it: SIGINT is a fast one, SIGQUIT an
  /// immediate one, after which the server recovers.
  void restart(int signal) const;

 private:
  void await_start();
  [[noreturn]] void fail(std::string why);
  void let_go();

  std::string folder_;
  int leash_ = -1;  ///< the guard lets go of the server when this pipe closes
  int guard_ = -1;  ///< its process id
};

}  // namespace midflight::testing
