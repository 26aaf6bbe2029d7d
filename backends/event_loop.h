#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <vector>

#include "backends/backend.h"

namespace midflight::backends {

/// The one thread that decides during a replay: timers and news from other
/// threads, in order of time.
///
/// Threads: post() and at() from any; run() from one.
class EventLoop {
 public:
  using Task = std::function<void()>;

  void post(Task task) { at(Clock::time_point::min(), std::move(task)); }
  void at(Clock::time_point due, Task task);

  /// Runs what is due until `done`; calls `tick` at least every 20 ms.
  /// Errors: whatever a task or the tick throws.
  void run(const std::function<bool()>& done, const std::function<void()>& tick);

 private:
  struct Entry {
    Clock::time_point due;
    std::uint64_t sequence;
    Task task;
    bool operator>(const Entry& o) const { return due != o.due ? due > o.due : sequence > o.sequence; }
  };
  bool take(Task& task);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> entries_;
  std::uint64_t sequence_ = 0;
};

}  // namespace midflight::backends
