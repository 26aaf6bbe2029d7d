#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "backends/strands/fibre_stack.h"
#include "backends/strands/signal.h"

namespace midflight::backends {

/// Pieces of work that take turns in one thread: each runs until it waits, and
/// goes on when its socket has something, somebody wakes it, or its time has come.
///
/// So hundreds of connections cost one thread, and a reply costs no switch
/// between threads.  Work that computes for long or blocks otherwise holds up
/// all of them.
/// Requires: work throws nothing, and holds no mutex while it waits.
/// Threads:  start() and wake() from any; what waits, from within the work.
class Fibres {
 public:
  using Clock = std::chrono::steady_clock;
  struct Fibre;
  /// One wait of one fibre.
  struct Wait {
    Fibre* fibre = nullptr;
    std::uint64_t number = 0;
    bool operator==(const Wait&) const = default;
  };

  Fibres();
  /// Waits for all work to end.
  ~Fibres();
  Fibres(const Fibres&) = delete;
  Fibres& operator=(const Fibres&) = delete;

  /// Those of this thread; nothing where no fibre runs.
  static Fibres* here();

  /// Returns: what is ready when the work has ended.
  std::future<void> start(std::function<void()> work);

  /// Waits until the socket can be read (or written), at most until then.
  /// Returns: false when the time has come.
  bool await(int socket, Ready what, Clock::time_point until);
  /// The wait that pause() will begin: for the one who is to wake it.
  Wait next_wait() const;
  /// Returns: false when the time has come and nobody woke it.
  bool pause(Clock::time_point until);
  /// Ends a wait; does nothing when it is over.
  void wake(const Wait& wait);

 private:
  using Timers = std::multimap<Clock::time_point, Fibre*>;
  void work();
  void take_in();
  void ready(Fibre& fibre, bool woken);
  void set_timer(Fibre& fibre, Clock::time_point due);
  void wake_due();
  void resume(Fibre& fibre);
  void await_events();
  bool rarely_sleeps();  ///< notes that there is nothing to do; whether there was nothing eight times of late
  bool take_events();
  void take_event(int socket);
  void watch(int socket, Ready what);
  void unwatch(int socket);
  static void run(void* fibre);

  int epoll_;
  Signal news_;                             ///< something came in from another thread
  std::mutex mutex_;                        ///< guards what came in
  std::vector<std::unique_ptr<Fibre>> started_;
  std::vector<Wait> woken_;
  bool over_ = false;

  std::vector<std::unique_ptr<Fibre>> fibres_;  ///< they stay, so that a late wake() finds them
  std::vector<Fibre*> ready_, turn_;
  std::vector<Fibre*> watchers_;                ///< by socket: whom it wakes
  Timers timers_;                               ///< at most one of each fibre, due no later than its wait is
  std::array<Clock::time_point, 8> wanted_sleep_{};  ///< when it last had nothing to do
  std::size_t sleeps_ = 0;
  Fibre* current_ = nullptr;
  std::size_t living_ = 0;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace midflight::backends
