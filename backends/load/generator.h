#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <queue>
#include <vector>

#include "backends/load/application.h"
#include "backends/load/records.h"
#include "backends/load/run_clock.h"
#include "backends/strands/strands.h"
#include "sim/traffic/environment.h"

namespace midflight::backends {

/// A request on its way.
struct Request {
  Instant arrival{};
  std::uint64_t bits = 0;
  std::int64_t row = 1, serial = 0;
  std::uint32_t version = 0, endpoint = 0;
  int tries = 0;
};

class Instance;

/// The application under open-loop load: requests arrive at their intended
/// times whether or not earlier ones have finished.
///
/// Each instance has a pool of real connections, opened when none is idle.
/// Where the backend can wait for many at once two threads drive them all;
/// otherwise each has its own.  Arrivals, and the instance and row of each, are those of the
/// simulated run with the same environment.
///
/// Threads: the public functions from one thread; `drained` of retire() is
///          called from any.
/// Errors:  what a thread threw is noted in the Failure, never lost.
class LoadGenerator {
 public:
  LoadGenerator(Backend& backend, const ClientApplication& application, const Application& settings,
                const traffic::Environment& environment, const RunClock& clock, Failure& failure);
  ~LoadGenerator();

  /// Puts an instance into service, or takes it out; `drained` is called once,
  /// when it has nothing left to do.
  void serve(std::uint32_t instance, std::uint32_t version);
  void retire(std::uint32_t instance, std::function<void()> drained);

  /// Arrivals from `from` on, until end_arrivals().
  void start(Instant from);
  /// No arrivals any more; retries go on.
  void end_arrivals();
  /// Ends the threads, once in_system() is 0.  What is still in the system then
  /// goes without an answer.
  void finish();
  /// Ends everything at once.  Where requests may be running, the backend has
  /// been cancelled first.
  void abort();

  /// All requests by arrival.  Requires: finish() was called.
  std::vector<RequestRecord> records() const;
  const ErrorNumbers& errors() const { return errors_; }
  Lateness lateness() const;
  std::int64_t in_system() const { return in_system_.load(); }

 private:
  friend class Instance;
  /// A request that pauses before its next try until it is due, or waits for a
  /// connection until then.
  struct Later {
    Instant due;
    Request request;
    Instance* waits_in = nullptr;
    std::uint64_t place = 0;  ///< in its queue
    bool operator>(const Later& o) const { return due > o.due; }
  };
  void stop_dispatcher();
  void dispatch_all(Instant from);
  bool sleep_until(Instant due);
  void arrive(std::uint32_t endpoint, Instant at, std::uint64_t bits);
  void serve_due(const Later& later);
  void hand_over(Request request);
  ErrorKind waited_too_long(const Request& request, Instant until) const;
  void not_connected(const Request& request, Instant at, const ErrorKind& error);
  void refuse(const Request& request, Instant end, const ErrorKind& error);
  bool pause(Request request, Instant failed);
  Instant client_limit(const Request& request) const { return request.arrival + settings_.request_timeout; }
  static RequestRecord record_of(const Request& request);

  // For instances, from their strands.
  /// False: there is no further try.
  bool try_again(const Request& request, Instant failed);
  /// It found no connection until then.
  void waited_for_nothing(const Request& request, Instant until);

  Backend& backend_;
  const ClientApplication& application_;
  const Application& settings_;
  traffic::Environment environment_;
  const RunClock& clock_;
  Failure& failure_;
  ErrorNumbers errors_;
  std::atomic<std::int64_t> in_system_{0};
  std::atomic<bool> over_{false};

  Strands strands_;
  std::mutex mutex_;                       ///< guards what follows
  Parking wake_;
  std::list<std::unique_ptr<Instance>> instances_;
  std::vector<Instance*> serving_;
  std::priority_queue<Later, std::vector<Later>, std::greater<>> later_;
  bool arriving_ = false;

  std::mutex refused_mutex_;
  std::vector<RequestRecord> refused_;     ///< answered without a connection
  std::vector<Duration> lateness_;
  Duration latest_{};
  std::int64_t serial_ = 0;
  std::future<void> dispatcher_;
};

}  // namespace midflight::backends
