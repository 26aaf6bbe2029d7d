#pragma once

#include <memory>

namespace midflight::backends {

/// A stack of its own for a piece of work, and the switch to it and back.
///
/// Owns:  256 KB of address space, of which the kernel gives what is touched,
///        above a page that nobody may touch.
/// Scope: the stack never moves to another thread, and nobody switches while
///        an exception is being handled: its runtime counts those by thread.
class FibreStack {
 public:
  /// `entry(argument)` runs from the first enter() on; none may follow once it has returned.
  FibreStack(void (*entry)(void*), void* argument);
  /// Requires: it has returned.
  ~FibreStack();
  FibreStack(const FibreStack&) = delete;
  FibreStack& operator=(const FibreStack&) = delete;

  /// From the thread: goes on where the work left.
  void enter();
  /// From the work: back to where enter() was called.
  void leave();

 private:
  struct Sides;
  std::unique_ptr<Sides> sides_;
};

}  // namespace midflight::backends
