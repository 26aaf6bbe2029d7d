#pragma once

#include <string>
#include <vector>

#include "sim/model/work.h"
#include "tests/live/corpus.h"
#include "tests/live/observation.h"

namespace midflight::live {

/// What midflight says of a case, in the terms of an observation.
struct Prediction {
  std::string setup_error;   ///< the schema of the setup cannot be read
  std::string syntax_error;  ///< the statement cannot be parsed
  std::string misfit;        ///< it does not fit the schema
  bool understood = true;
  std::string why_not;
  bool transaction_forbidden = false;
  Effects effects;
  std::vector<Wait> waits;
};

Prediction predict(const Family& family, const Case& one, int major);

/// One answer of the rules, in these terms.
Prediction in_terms_of_observation(const LocksAndWork& rules);

}  // namespace midflight::live
