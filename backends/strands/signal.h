#pragma once

#include <chrono>

namespace midflight::backends {

/// Something that happens once for whoever waits for it, as a file descriptor.
/// Threads: any.
class Signal {
 public:
  Signal();
  ~Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  void set() noexcept;
  /// Returns: whether it was set; it is not any more.
  bool take() noexcept;
  /// Readable once set.
  int descriptor() const { return event_; }

 private:
  int event_;
};

/// What a socket is waited for.
enum class Ready {
  Read,
  Write,
  Reply,  ///< to be read, and soon again: it stays on the list.  A new socket is waited for in another way first
};

/// Waits until a socket can be read (or written): a fibre lets others go on
/// meanwhile, a thread blocks and looks at `other` as well.
/// Returns: whether it can; false when the time has come, or `other` was set.
bool await_socket(int socket, Ready what, std::chrono::steady_clock::time_point until, const Signal* other = nullptr);

}  // namespace midflight::backends
