#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace midflight::backends {

/// One row as the server prints it; a null has no text.
using TextRow = std::vector<std::optional<std::string>>;

/// How one call ended.  An error is a value here: the statements of a replay
/// and of a test are expected to fail at times.
struct PostgresReply {
  std::vector<TextRow> rows;
  std::int64_t affected = 0;  ///< rows inserted, updated, deleted or selected
  std::string sqlstate;       ///< empty: it worked
  std::string message;        ///< of the error, first line, without "ERROR:"
  bool ok() const { return sqlstate.empty(); }
};

/// One session on a PostgreSQL server.
///
/// SQL is sent as it is, in autocommit unless it says BEGIN itself; several
/// statements in one text are one transaction.  A lost connection is never
/// opened again behind the caller's back.
/// Errors:  Error(Database) when the server cannot be reached or goes away;
///          Error(Interrupted), see end_with().
///          No message ever holds the password of the URI.
/// Threads: one at a time; cancel() from any.
class PostgresConnection {
 public:
  /// `uri`: postgresql://... or the keywords libpq knows ("host=... dbname=...").
  explicit PostgresConnection(const std::string& uri);
  ~PostgresConnection();
  PostgresConnection(PostgresConnection&&) noexcept;

  /// A new session on the same database, which ends when this one is asked to.
  PostgresConnection another() const;

  /// Returns: the rows, or what the server refused.
  PostgresReply run(const std::string& sql);
  /// For statements that must work.  Errors: Error(Database) with the
  /// server's message and the statement.
  std::vector<TextRow> query(const std::string& sql);
  /// The first column of the first row.  Requires: there is one, and no null.
  std::string value(const std::string& sql);
  /// What the server said beside its answers since the last call ("NOTICE: ...").
  std::vector<std::string> take_notices();

  /// From now on the statement that runs is cancelled once `stop` is set, and
  /// this call and every later one end with Error(Interrupted).
  /// Requires: the flag outlives the connection.
  void end_with(const std::atomic<bool>& stop);

  int process_id() const;
  /// As the server counts: 150018 is 15.18.
  int server_version() const;
  int major_version() const { return server_version() / 10'000; }
  /// Asks the server to stop what the session is doing; its call ends with 57014.
  void cancel() noexcept;

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

/// Text as a literal of SQL, in quotes.
std::string quoted_literal(const std::string& text);
/// A name as an identifier of SQL, in double quotes.
std::string quoted_identifier(const std::string& name);

}  // namespace midflight::backends
