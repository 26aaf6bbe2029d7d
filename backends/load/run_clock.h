#pragma once

#include <exception>
#include <mutex>

#include "backends/backend.h"

namespace midflight::backends {

/// The real clock as a run counts it: time 0 is when the plan begins.
struct RunClock {
  Clock::time_point zero{};

  Instant at(Clock::time_point t) const {
    return {std::chrono::duration_cast<std::chrono::nanoseconds>(t - zero).count()};
  }
  Instant now() const { return at(Clock::now()); }
  Clock::time_point when(Instant t) const { return zero + std::chrono::nanoseconds(t.ns); }
};

/// The first thing that went wrong in any thread, for the caller to throw.
class Failure {
 public:
  void note(std::exception_ptr what) noexcept {
    const std::lock_guard guard(mutex_);
    if (!what_) what_ = std::move(what);
    failed_.store(true, std::memory_order_release);
  }
  bool failed() const { return failed_.load(std::memory_order_acquire); }
  void rethrow() const {
    const std::lock_guard guard(mutex_);
    if (what_) std::rethrow_exception(what_);
  }

 private:
  mutable std::mutex mutex_;
  std::exception_ptr what_;
  std::atomic<bool> failed_{false};
};

}  // namespace midflight::backends
