#pragma once

#include <functional>
#include <vector>

#include "sim/model/measurement.h"

namespace midflight::metrics {

/// A distribution over runs.  Percentiles are nearest rank.
struct Summary {
  double mean = 0, p5 = 0, p50 = 0, p95 = 0;
  bool operator==(const Summary&) const = default;
};

/// Requires: at least one value.
Summary summarize(std::vector<double> values);

/// One of a run's quantities under its name in reports and `--fail-if`.
/// Units: seconds for names that end in _s, else counts.
struct Quantity {
  std::string_view name;
  double (*of)(const Measurement&);
};

/// Every reported quantity of a run, in report order: downtime_s,
/// failed_requests, delayed_requests, requests, stall_s, ...
const std::vector<Quantity>& quantities();

Summary summarize(const std::vector<Measurement>& runs, const Quantity& quantity);

/// Downtime over runs, infinite in those in which it does not end by itself:
/// what verdicts and limits go by.  downtime_s has what was counted of it.
Summary lasting_downtime(const std::vector<Measurement>& runs);

}  // namespace midflight::metrics
