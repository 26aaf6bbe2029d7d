#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/error.h"
#include "sim/kernel/time.h"
#include "sim/model/outcome.h"

namespace midflight::metrics {

/// Every request of one run that was simulated singly, in the order in which
/// they ended, a column for each fact.
///
/// Units: arrival_s and latency_s are seconds; arrivals count from the beginning
///        of the plan.  version, endpoint and error are places in the lists
///        below; error 0 is success.
/// Cost:  22 bytes a request.
/// Scope: requests of quiet spans are counted, never told; an exact run has none.
struct RequestLog {
  static constexpr std::size_t kMost = 50'000'000;

  std::vector<double> arrival_s, latency_s;
  std::vector<std::uint16_t> version, endpoint, error;
  std::vector<std::string> versions, endpoints;
  std::vector<ErrorKind> errors;

  /// Errors: Error(NotSupported) past kMost requests.
  void add(Instant arrival, Duration latency, std::uint32_t v, std::uint32_t e, std::uint16_t error_id) {
    if (arrival_s.size() >= kMost) {
      throw Error(ErrorCode::NotSupported, "more than 50 million requests in one run; shorten the soak or lower the rates");
    }
    arrival_s.push_back(arrival.seconds());
    latency_s.push_back(latency.seconds());
    version.push_back(static_cast<std::uint16_t>(v));
    endpoint.push_back(static_cast<std::uint16_t>(e));
    error.push_back(error_id);
  }
};

}  // namespace midflight::metrics
