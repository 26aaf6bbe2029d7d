#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/time.h"
#include "sim/metrics/slots.h"
#include "sim/model/queue_moment.h"

namespace midflight::metrics {

/// Failed requests over time and version, for drawing one run.
///
/// Begins with a slot a span; spans double whenever there are too many of them,
/// so that neither memory nor a drawing grows with the length of the run.
class FailureSeries {
 public:
  void add(Instant at, std::uint32_t version, std::int64_t count);

  /// Spans in which requests failed, in order of time and version.
  std::vector<FailedSpan> spans(const std::vector<std::string>& versions) const;

 private:
  static constexpr std::size_t kSpansMax = 1200;
  void widen();

  Duration width_ = kSlot;
  std::map<std::pair<std::int64_t, std::uint32_t>, std::int64_t> counts_;  ///< (span, version)
};

}  // namespace midflight::metrics
