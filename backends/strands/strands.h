#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include "backends/strands/fibres.h"

namespace midflight::backends {

/// Pieces of work that go on side by side: a thread for each, or all in two.
/// Requires: see Fibres, where they share threads.
class Strands {
 public:
  explicit Strands(bool share_threads);
  /// Returns: what is ready when the work has ended.  It is waited for, at the
  ///          latest by the future's destructor or by that of the strands.
  std::future<void> start(std::function<void()> work);

 private:
  std::vector<std::unique_ptr<Fibres>> fibres_;
  std::atomic<std::size_t> started_ = 0;
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
