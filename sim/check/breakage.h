#pragma once

#include <string>
#include <vector>

#include "sim/model/scenario.h"
#include "sim/model/schema.h"

namespace midflight::check {

/// A statement of the application that a migration breaks or mends.
struct TouchedStatement {
  std::string version, endpoint;
  std::string why;     ///< of a broken one: "column \"name\" does not exist (42703)"
};

/// "v1 (sign-up, profile)" for each version, in their order.
std::vector<std::string> by_version(const std::vector<TouchedStatement>& statements);

/// What one statement of a migration does to the application's.
struct VersionChange {
  std::vector<TouchedStatement> broken;  ///< worked before and fail from here on
  std::vector<TouchedStatement> mended;  ///< failed until here
};

/// The statements of the application's versions that a schema broke already.
class Breakage {
 public:
  explicit Breakage(const Scenario& scenario, const Schema& schema);

  /// What the new schema does that the one before did not.  Remembers it.
  VersionChange of(const Schema& schema);

 private:
  const Scenario& scenario_;
  std::vector<bool> broken_;  ///< version by version, statement by statement
};

}  // namespace midflight::check
