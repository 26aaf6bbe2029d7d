#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>

#include "backends/strands/fibres.h"

namespace midflight::backends {

/// Pieces of work that go on side by side: a thread for each, or all in one.
/// Requires: see Fibres, where they share a thread.
class Strands {
 public:
  explicit Strands(bool share_a_thread) {
    if (share_a_thread) fibres_.emplace();
  }
  /// Returns: what is ready when the work has ended.  It is waited for, at the
  ///          latest by the future's destructor or by that of the strands.
  std::future<void> start(std::function<void()> work);

 private:
  std::optional<Fibres> fibres_;
};

/// A condition variable for threads and fibres.
///
/// Requires: everybody who waits or notifies holds the same mutex.
class Parking {
 public:
  using Clock = std::chrono::steady_clock;
  /// May return earlier than anything happened, as condition variables do.
  void wait_until(std::unique_lock<std::mutex>& lock, Clock::time_point until);
  template <typename Condition>
  void wait(std::unique_lock<std::mutex>& lock, Condition holds) {
    while (!holds()) wait_until(lock, Clock::time_point::max());
  }
  void notify_one();
  void notify_all();

 private:
  struct Parked {
    Fibres* fibres;
    Fibres::Wait wait;
  };
  std::deque<Parked> parked_;
  std::condition_variable threads_;
};

}  // namespace midflight::backends
