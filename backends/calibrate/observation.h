#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/cost/profile.h"
#include "sim/model/schema.h"
#include "sim/model/work.h"

namespace midflight::backends {

/// One kind of work on one table, measured several times.
struct Observation {
  std::string family;                ///< "rewrite, 3 indexes"
  std::string table;                 ///< "200,000 rows of 61 bytes"
  std::vector<Work> works;           ///< as the rules name them for the statement
  Schema schema;                     ///< before the statement, with sizes
  std::int64_t batch_rows = 0;       ///< above 0: a batch of a backfill instead ...
  std::int64_t row_bytes = 0;        ///< ... of such rows
  std::vector<double> seconds;       ///< each try

  double measured_s() const;         ///< the median
};

/// What the cost model says about it.
double predicted_s(const Observation& observation, const cost::Profile& profile);

/// ln(predicted / measured).
double log_residual(const Observation& observation, const cost::Profile& profile);

}  // namespace midflight::backends
