#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/time.h"
#include "sim/model/outcome.h"
#include "sim/model/queue_moment.h"
#include "sim/model/work.h"

namespace midflight {

struct EndpointMeasurement {
  std::string version, endpoint;
  Duration downtime{};           ///< of the endpoint in any version
  std::int64_t requests = 0, failed = 0, delayed = 0;
};

struct ErrorCount {
  ErrorKind kind;
  std::string version, endpoint;
  std::int64_t count = 0;
};

struct StepMeasurement {
  bool reached = false;
  Instant start{}, end{};
  Duration lock_wait{};                  ///< summed over tries
  Duration held{};                       ///< longest time the step's strongest lock was held
  std::int64_t tries = 0;
  std::int64_t blocked_requests = 0;     ///< requests that waited behind this step's locks, held or asked for
  std::vector<RelationLock> locks;       ///< strongest mode per relation
};

/// One line of the told story.
struct TimelineEntry {
  Instant at{}, until{};
  std::string lane;                      ///< "version v1", "step expand", "lock users", "errors", "background ..."
  std::string what;
};

/// The numbers of one run, simulated or measured.  The same type for both, so
/// that prediction error is a subtraction.
struct Measurement {
  bool completed = false;
  bool overloaded = false;
  bool endless = false;                  ///< so many requests fail when it ends that it is down, and would for ever; never set by a replay
  std::string why_incomplete;
  Duration downtime{}, stall{}, total_time{}, overlap{};
  std::int64_t requests = 0, failed_requests = 0, delayed_requests = 0;
  std::int64_t diverged_rows_peak = 0, diverged_rows = 0, stale_reads = 0, lost_writes = 0;
  int deployments = 0;
  std::vector<EndpointMeasurement> endpoints;
  std::vector<ErrorCount> errors;
  std::vector<StepMeasurement> steps;    ///< one per plan step, same order
  std::vector<TimelineEntry> timeline;   ///< only of the run that is told, ...
  std::vector<QueueMoment> queue;        ///< ... with its lock queues in order of time ...
  std::vector<FailedSpan> failures;      ///< ... and its failed requests
  std::uint64_t fingerprint = 0;         ///< hash over everything above but what is told
};

}  // namespace midflight
