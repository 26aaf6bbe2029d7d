#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace midflight::python {

/// Asks work in another thread to end.  Python holds one to cancel a sweep.
struct Stop {
  std::atomic<bool> asked{false};
};

/// What the work tells while it goes on; the waiting thread reads it.
class Told {
 public:
  void done(std::int64_t done, std::int64_t all) { done_ = done, all_ = all; }
  std::int64_t done() const { return done_; }
  std::int64_t all() const { return all_; }

 private:
  std::atomic<std::int64_t> done_{0}, all_{0};
};

/// Runs `work` in a thread of its own without Python's lock, and listens for
/// Ctrl-C meanwhile.
///
/// `work` must end soon after `stop` is set.  `progress` is None or is called
/// with (done, all) ten times a second; what it raises ends the work as well.
/// Errors: what `work` throws; KeyboardInterrupt, or whatever a signal raised.
/// Threads: Python hears signals in its main thread only; others wait for `stop`.
/// Requires: Python's lock is held.
void wait_for(const std::function<void(Told&)>& work, Stop& stop, const pybind11::object& progress);

}  // namespace midflight::python
