#pragma once

#include <future>
#include <optional>
#include <string>

#include "backends/postgres/connection.h"
#include "tests/live/relations.h"

namespace midflight::live {

/// What the statement waits for at one moment.
struct Waiting {
  Locks asked;           ///< relations; empty when it waits for transactions to end
  Locks held;
  std::set<int> blockers;  ///< process ids
};

/// A statement on its way in a thread of its own, watched by another session.
///
/// Owns: both sessions; a statement that never ends is cancelled.
class Subject {
 public:
  Subject(backends::PostgresConnection session, backends::PostgresConnection watcher, const std::string& sql);
  ~Subject();

  /// Returns: what it waits for, or nothing when it has ended.
  /// Errors:  Error(Database) if neither happens in time.
  std::optional<Waiting> next_wait();
  /// Requires: it has ended.
  const backends::PostgresReply& reply() const { return reply_; }
  const Relations& before() const { return before_; }
  Relations after();

 private:
  std::optional<Waiting> look();

  backends::PostgresConnection session_, watcher_;
  Relations before_;
  std::future<backends::PostgresReply> running_;
  backends::PostgresReply reply_;
};

}  // namespace midflight::live
