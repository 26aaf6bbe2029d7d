#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "backends/postgres/activity.h"
#include "backends/postgres/uri.h"

struct pg_conn;
struct pg_result;

namespace midflight::backends {

/// How one call over a wire ended, before anybody judged it.
struct WireReply {
  std::string sqlstate, message;  ///< of the first error; empty: it worked
  std::string source;             ///< the function of the server that raised it
  bool cancelled = false;         ///< we asked for it
  std::int64_t rows = 0;
  std::optional<Value> first;
  std::vector<Row> all;           ///< where asked for
  bool ok() const { return sqlstate.empty(); }
};

/// One connection whose calls end in time: it waits with await_socket(), so a deadline,
/// a signal and the end of the replay are seen while the server works.
///
/// A statement without parameters goes as simple text, as psql sends it; one
/// with parameters as an unnamed statement.
/// Errors:  Error(Interrupted); Error(Database) when the connection is lost.
/// Threads: one at a time.
class Wire {
 public:
  /// Returns: nothing when the server has no connection to spare; `refused`
  ///          then holds its words.
  /// Errors:  Error(Database) for any other reason, without the password.
  static std::unique_ptr<Wire> connect(const PostgresUri& uri, const PostgresStop& stop, const std::string& name,
                                       std::string& refused);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// At the deadline the server is asked to cancel; the reply tells how it ended.
  WireReply run(const std::string& sql, const Row& parameters, const Limits& limits, bool keep_all = false);
  WireReply prepare(const std::string& name, const std::string& sql, const Limits& limits);
  WireReply run_prepared(const std::string& name, const Row& parameters, const Limits& limits, bool keep_all = false);

  /// COPY ... FROM STDIN: begin, any number of whole lines, end.
  WireReply begin_copy(const std::string& sql);
  /// Returns: false when the server wants no more of them; end_copy() says why.
  bool copy(const std::string& lines);
  WireReply end_copy();

  bool in_transaction() const;
  int process() const;
  int server_version() const;

 private:
  Wire(pg_conn* connection, const PostgresUri& uri, const PostgresStop& stop);
  void sent(int done) const;
  WireReply collect(const Limits& limits, bool keep_all);
  pg_result* next_result(const Limits& limits);
  void look();
  void flush();
  void ask_to_cancel() const;
  void take(const pg_result* result, bool keep_all, WireReply& reply) const;
  [[noreturn]] void lost(const std::string& why) const;

  pg_conn* connection_;
  const PostgresUri& uri_;
  const PostgresStop& stop_;
  std::string copy_sql_;
  std::optional<WireReply> refusal_;       ///< how a COPY ended early
  bool spoken_ = false;                    ///< the server said something while it should listen
  bool cancelled_ = false;                 ///< the call at hand was asked to end ...
  Clock::time_point patience_{};           ///< ... and must have by then
};

}  // namespace midflight::backends
