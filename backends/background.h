#pragma once

#include <vector>

#include "backends/run_context.h"

namespace midflight::backends {

/// The background jobs of a replay: transactions that begin and last as the
/// environment says, each in a session of its own.
///
/// A job runs its statement and then keeps its transaction open until its
/// length has passed.  On PostgreSQL one that is `while: running` sleeps in a
/// statement, with a snapshot; SQLite knows no difference.
/// Threads: the loop's; jobs run on the crew.
class BackgroundJobs {
 public:
  explicit BackgroundJobs(const RunContext& context);

  /// Jobs that run at `from` or begin later.
  void start(Instant from);
  /// Begins no more.
  void stop() { stopped_ = true; }
  /// Ends the ones that run.
  void cancel() { over_ = true; }

 private:
  void schedule(std::size_t job, std::uint64_t k, Instant from);
  void run(std::size_t job, Instant start, Instant end);
  Answer transaction(Session& session, std::size_t job, Instant end);

  const RunContext& context_;
  std::vector<ClientEndpoint::ClientStatement> statements_;
  bool stopped_ = false;
  std::atomic<bool> over_{false};
};

}  // namespace midflight::backends
