#pragma once

#include <ucontext.h>

#include <cstddef>

namespace midflight::backends {

/// A stack of its own for a piece of work, and the switch to it and back.
///
/// Owns:  256 KB of address space, of which the kernel gives what is touched,
///        above a page that nobody may touch.
/// Scope: the stack never moves to another thread, and nobody switches while
///        an exception is being handled: its runtime counts those by thread.
class FibreStack {
 public:
  /// `entry(argument)` runs at the first enter(); it must call leave(true) as its last act.
  FibreStack(void (*entry)(void*), void* argument);
  ~FibreStack();
  FibreStack(const FibreStack&) = delete;
  FibreStack& operator=(const FibreStack&) = delete;

  /// From the thread: goes on where the work left.
  void enter();
  /// From the work: back to where enter() was called.
  void leave(bool for_ever = false);

 private:
  static void begin(unsigned high, unsigned low);

  void (*entry_)(void*);
  void* argument_;
  void* memory_;
  ucontext_t inside_{}, outside_{};
  // What AddressSanitizer is told about the two stacks.
  void *fake_inside_ = nullptr, *fake_outside_ = nullptr;
  const void* outside_bottom_ = nullptr;
  std::size_t outside_bytes_ = 0;
};

}  // namespace midflight::backends
