#pragma once

#include "python/bindings/columns.h"
#include "sim/metrics/request_log.h"
#include "sim/run/comparison.h"

namespace midflight::python {

/// What every run of every strategy that was not refused came to, as data
/// frames: one row for each run; for each step, endpoint or error of a run.
/// Units: columns that end in _s are seconds; a step that was not reached has
///        start_s and end_s NaN.
Table runs_table(const std::vector<Prediction>& predictions);
Table steps_table(const std::vector<Prediction>& predictions);
Table endpoints_table(const std::vector<Prediction>& predictions);
Table errors_table(const std::vector<Prediction>& predictions);

/// The request log without a copy of its numbers.
Table requests_table(metrics::RequestLog&& log);

}  // namespace midflight::python
