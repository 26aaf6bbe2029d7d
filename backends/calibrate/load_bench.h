#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "backends/postgres/connection.h"
#include "sim/kernel/distribution.h"

namespace midflight::backends {

/// Times of one statement on one session, as the scenario's `time` means them.
struct ServiceTime {
  std::string what;       ///< "read by primary key"
  Distribution time;
};
std::vector<ServiceTime> service_times(PostgresConnection& session, std::int64_t rows, int tries);

/// Requests a second that the server serves: at its best, and by a crowd that a
/// lock has held up.
struct Capacity {
  double per_second = 0;
  int sessions = 0;            ///< with so many at work
  double after_stall = 0;      ///< per second, right after a lock was released
  int crowd = 0;               ///< so many sessions were behind it
  /// What a statement of `alone_s` costs more in that crowd.
  double herd_s(double alone_s) const;
};

/// Sessions that read rows of `work` by primary key, one request after the
/// other, as fast as they are answered.
///
/// Owns:    a thread and a connection for each session; all end with it.
/// Errors:  Error(Database) from the constructor.
class ReadingCrowd {
 public:
  ReadingCrowd(const std::string& connection, int sessions, std::int64_t rows);
  ~ReadingCrowd();
  ReadingCrowd(const ReadingCrowd&) = delete;
  ReadingCrowd& operator=(const ReadingCrowd&) = delete;
  /// Requests answered so far.
  std::int64_t answered() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// `seconds`: how long each number of sessions is watched.
Capacity measure_capacity(const std::string& connection, std::int64_t rows, double seconds, int sessions_most,
                          const std::atomic<bool>* stop);

}  // namespace midflight::backends
