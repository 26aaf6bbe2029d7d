#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace midflight::backends {

/// Asks for the end of what runs, again and again from the moment that a flag is set.
///
/// Owns:    a thread, which calls `cancel` and ends with it.
/// Requires: the flag outlives it; `cancel` throws nothing.
class Canceller {
 public:
  Canceller(const std::atomic<bool>& stop, std::function<void()> cancel);
  ~Canceller();
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

 private:
  void watch(const std::atomic<bool>& stop, const std::function<void()>& cancel) const;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace midflight::backends
