#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "backends/strands/signal.h"

namespace midflight::backends {

/// What one session is doing, as its own thread and the lock sampler see it.
struct PostgresActivity {
  std::string session;
  Role role = Role::Tool;
  std::atomic<int> work{kNoWork};          ///< see Session::doing
  std::atomic<int> process{0};             ///< of the server; 0: not connected
  std::atomic<std::int64_t> began_ns{0};   ///< of the running call, on Clock; 0: none
  std::atomic<std::int64_t> waited_ns{0};  ///< of the running call, as far as samples saw it
  std::atomic<bool> waiting{false};        ///< when the last sample was taken ...
  std::atomic<std::int64_t> looked_ns{0};  ///< ... which was then
  std::atomic<bool> behind_step{false};    ///< a step's session was in its way

  void note_lock(const RelationLock& lock);
  /// The strongest on each relation that samples saw since the last time.
  std::vector<RelationLock> take_locks();

 private:
  std::mutex mutex_;
  std::vector<RelationLock> locks_;
};

/// Adds a lock, or makes the one on its relation stronger.
void merge_lock(std::vector<RelationLock>& locks, const RelationLock& lock);

inline std::int64_t clock_ns(Clock::time_point t) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(t.time_since_epoch()).count();
}

/// All sessions of a backend.
/// Threads: any.
class PostgresActivities {
 public:
  std::shared_ptr<PostgresActivity> add(const std::string& session, Role role);
  std::vector<std::shared_ptr<PostgresActivity>> all() const;
  /// A session has a process of the server now.
  void connected(PostgresActivity& activity, int process);
  /// Every one there has ever been.
  std::vector<int> processes() const;

 private:
  mutable std::mutex mutex_;
  std::vector<int> processes_;
  std::vector<std::weak_ptr<PostgresActivity>> sessions_;
};

/// How every session of a backend learns that all is over.
class PostgresStop {
 public:
  explicit PostgresStop(const std::atomic<bool>* asked) : asked_(asked) {}
  PostgresStop(const PostgresStop&) = delete;
  PostgresStop& operator=(const PostgresStop&) = delete;

  void set() noexcept;
  bool over() const { return set_.load() || (asked_ != nullptr && asked_->load(std::memory_order_relaxed)); }
  /// Errors: Error(Interrupted) when all is over.
  void check() const;
  /// Waits for input on a socket (or room to write), but no longer than `until`;
  /// looks at the flag of the signal handler ten times a second.
  /// Returns: false when the time has come.  Errors: as check().
  bool await(int socket, Ready what, Clock::time_point until, const std::atomic<bool>* enough = nullptr) const;

 private:
  const std::atomic<bool>* asked_;
  std::atomic<bool> set_{false};
  Signal signal_;
};

}  // namespace midflight::backends
