#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "backends/load/run_clock.h"

namespace midflight::backends {

/// Threads for what blocks: the statements of steps, background jobs.  One
/// more whenever none is idle.
/// Errors: what a task throws is noted in the Failure.
class Crew {
 public:
  explicit Crew(Failure& failure) : failure_(failure) {}
  ~Crew() { stop(); }

  void submit(std::function<void()> task);
  /// Called by a task.  False when the crew stops first.
  bool sleep_until(Clock::time_point until);
  /// Ends every sleep, drops what has not begun and joins.
  void stop();

 private:
  void work();

  Failure& failure_;
  std::mutex mutex_;
  std::condition_variable wake_, stopping_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stopped_ = false;
};

}  // namespace midflight::backends
