#pragma once

#include <vector>

#include "backends/run_context.h"

namespace midflight::backends {

/// The background jobs of a replay: transactions that begin and last as the
/// environment says, each in a session of its own.
///
/// A job runs its statement and then keeps its transaction open until its
/// length has passed, running or idle alike: SQLite knows no difference.
/// Threads: the loop's; jobs run on the crew.
class BackgroundJobs {
 public:
  explicit BackgroundJobs(const RunContext& context);

  /// Jobs that run at `from` or begin later.
  void start(Instant from);
  /// Begins no more; running ones end with the crew.
  void stop() { stopped_ = true; }

 private:
  void schedule(std::size_t job, std::uint64_t k, Instant from);
  void run(std::size_t job, Instant start, Instant end);

  const RunContext& context_;
  std::vector<ClientEndpoint::ClientStatement> statements_;
  bool stopped_ = false;
};

}  // namespace midflight::backends
