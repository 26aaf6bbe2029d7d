#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "backends/load/generator.h"
#include "sim/conduct/pool.h"

namespace midflight::backends {

/// One process of the application: a queue and a pool of connections with a
/// strand each.
class Instance {
 public:
  Instance(LoadGenerator& generator, std::uint32_t id, std::uint32_t version);
  ~Instance();

  std::uint32_t id() const { return id_; }
  std::uint32_t version() const { return version_; }

  /// Takes a request; opens another connection when none is idle.
  /// Returns: 0, or where it waits for one, until then at the latest, its place in the queue: a number above 0 that only grows.
  std::uint64_t push(const Request& request, Instant until);
  /// True when it still waited for a connection; then it does no more.
  bool leave_queue(std::uint64_t place);
  /// Calls back once, when nothing is left to do (which may be now).
  void when_idle(std::function<void()> drained);
  /// Strands end when the queue is empty (or at once, dropping it).
  void close(bool at_once);
  void join();
  void append_records(std::vector<RequestRecord>& all) const;
  /// How late idle connections took what they were given.
  void append_lateness(std::vector<Duration>& all) const;

 private:
  struct Worker;
  struct Waiting { std::uint64_t place; Request request; Instant until; };
  struct Assigned { Request request; Instant since; };  ///< never(): its connection must be opened first
  void work(Worker& worker);
  bool take_assigned(Worker& worker, Request& request);
  bool take_waiting(Request& request);
  void serve(Worker& worker, const Request& request);
  Answer run(Worker& worker, const ClientEndpoint& endpoint, const Request& request, const Limits& limits);
  Answer run_transaction(Worker& worker, const ClientEndpoint& endpoint, const Request& request, const Limits& limits);
  void think(Worker& worker, const Distribution& length, const Limits& limits);
  bool idle() const { return pool_.busy() == 0 && waiting_.empty(); }

  LoadGenerator& generator_;
  const std::uint32_t id_, version_;
  mutable std::mutex mutex_;
  Parking wake_;
  std::deque<Assigned> assigned_;  ///< have a connection; its strand is about to take them
  std::deque<Waiting> waiting_;    ///< for a connection, by place
  std::uint64_t places_ = 0;       ///< given so far
  conduct::Pool pool_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::function<void()> drained_;
  bool closed_ = false;
};

}  // namespace midflight::backends
