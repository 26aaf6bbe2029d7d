#pragma once

#include <string>
#include <vector>

#include "sim/model/scenario.h"
#include "sim/model/schema.h"

namespace midflight::check {

/// The statements of the application's versions that a schema broke already.
class Breakage {
 public:
  explicit Breakage(const Scenario& scenario, const Schema& schema);

  /// What the new schema breaks that worked under the one before:
  /// "v1, profile: column \"name\" does not exist (42703)".  Remembers it.
  std::vector<std::string> of(const Schema& schema);

 private:
  const Scenario& scenario_;
  std::vector<bool> broken_;  ///< version by version, statement by statement
};

}  // namespace midflight::check
