#pragma once

#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "backends/backend.h"
#include "backends/postgres/session.h"

namespace midflight::backends {

/// Looks every 20 ms at who waits for a lock, and whether behind a step.
///
/// It asks the server only while some call has been running for a while, so a
/// quiet application pays nothing, and asks once per wait who is in its way.
/// Owns:    a connection and a thread.
/// Errors:  what its thread threw ends its looking, and is kept: what was not
///          seen is no wait of 0.
class LockSampler {
 public:
  LockSampler(const PostgresShared& shared, const PostgresActivities& activities);
  ~LockSampler();
  LockSampler(const LockSampler&) = delete;
  LockSampler& operator=(const LockSampler&) = delete;

  /// The locks that sessions of this backend hold or want right now.
  std::vector<LockSample> locks();
  /// What it saw of contended locks since the last time.
  std::vector<LockSighting> take_sightings();
  /// What kept it from looking, at least for a while; empty: nothing did.
  std::string why_blind() const;

 private:
  using Activities = std::vector<std::shared_ptr<PostgresActivity>>;
  void work();
  void note_blind(const std::string& why);
  void look(Clock::time_point previous);
  Activities busy(Clock::time_point now) const;
  void note(const Activities& asked, const std::vector<Row>& waiters, Clock::time_point previous);
  void note_step_locks(const std::string& steps);
  void note_queues(bool anybody_waits);
  /// `name` is that of the statement, prepared once: planning costs more than looking.
  std::vector<Row> query(const char* name, const char* sql, const Row& parameters);

  const PostgresShared& shared_;
  const PostgresActivities& activities_;
  mutable std::mutex mutex_;                  ///< guards the session and the sightings
  std::unique_ptr<Wire> wire_;
  std::vector<std::string> prepared_;
  std::uint64_t looks_ = 0, looks_at_queues_ = 0, looks_at_standing_ = 0;
  std::vector<LockSighting> sightings_;
  std::string why_blind_;
  std::vector<std::string> queues_;     ///< that stood when they were last seen
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace midflight::backends
