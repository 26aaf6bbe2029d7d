#pragma once

#include <atomic>
#include <memory>
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

/// Requests a second of one crowd: at work, and right after a lock that held it up.
struct Stall {
  double before = 0, after = 0;
};

/// What a statement costs more right after a stall than in the same crowd before
/// it: the difference of what it takes of all processors, in the median of the
/// stalls.  What client and crowd cost at any time is in both, and so in neither.
double herd_seconds(const std::vector<Stall>& stalls, double processors);

/// Requests a second that the server serves: at its best, and by a crowd.
struct Capacity {
  double per_second = 0;
  int sessions = 0;            ///< with so many at work
  int crowd = 0;               ///< sessions of the crowd ...
  std::vector<Stall> stalls;   ///< ... and what became of it
};

/// Sessions that read rows of `work` by primary key, one request after the
/// other, as fast as they are answered.
///
/// Owns:    a connection for each session and one thread for all, so that what is
///          watched is the server; all end with it.
/// A connection that the server refuses for want of one is asked for again for
/// two seconds: another crowd may just have ended.
/// Errors:  Error(Database), Error(Interrupted) from the constructor.
class ReadingCrowd {
 public:
  ReadingCrowd(const std::string& connection, int sessions, std::int64_t rows, const std::atomic<bool>* stop);
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
/// `sessions_most`: that there are connections for, beside one that holds a lock.
Capacity measure_capacity(const std::string& connection, std::int64_t rows, double seconds, int sessions_most,
                          const std::atomic<bool>* stop);

}  // namespace midflight::backends
