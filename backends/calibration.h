#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "backends/load/application.h"
#include "sim/cost/profile.h"

namespace midflight::backends {

/// What a database needs for the statements at hand, measured before the load.
struct Calibration {
  std::map<std::string, Distribution> service;  ///< by endpoint of the first version: whole request
  std::vector<std::string> unmeasured;          ///< endpoints the first version has not, or that failed
  cost::Profile profile;
  bool costs_measured = false;                  ///< else the profile was known
};

/// What was measured, for the assumptions of a scenario.
std::string measured_sentence(const Calibration& calibration);

/// Measures each endpoint's service time on one session and, unless it is
/// `known`, the cost of DDL and batches on a scratch table.
///
/// Requests that write are rolled back.
/// Scope: an idle database with warm caches; one thread.
/// Cost:  a few seconds.
Calibration calibrate(Backend& backend, const ClientApplication& application, const Catalogue& catalogue,
                      const Database& database, const std::optional<cost::Profile>& known = {});

}  // namespace midflight::backends
