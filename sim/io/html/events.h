#pragma once

#include <string>
#include <vector>

#include "sim/io/result.h"

namespace midflight::io {

/// One thing that happens in the run that is told, for stepping through it.
struct ReportEvent {
  Instant at{};
  std::string kind;                      ///< "version", "step", "lock", "background", "errors", "traffic", "data"
  std::string what;
  std::vector<std::string> versions;     ///< whom it concerns; empty: all
  std::vector<std::string> steps;
  const QueueMoment* queue = nullptr;    ///< of a lock; belongs to the strategy
  std::string serving;                   ///< "v1 6 of 8, v2 2 of 8"
  std::int64_t failed = 0;               ///< requests until now
};

/// Everything told of a strategy in order of time, a few hundred events at most.
std::vector<ReportEvent> report_events(const StrategyResult& strategy);

}  // namespace midflight::io
