#include <algorithm>

#include "sim/io/profile.h"
#include "sim/io/scenario_reader.h"
#include "sim/kernel/error.h"

namespace midflight::io {
namespace {

double seconds_of(const Statement& statement, const cost::Profile& profile) {
  switch (statement.kind) {
    case StatementKind::Select: return profile.read_s;
    case StatementKind::Insert: return profile.insert_s;
    default: return profile.update_s;
  }
}

Distribution time_of(const Endpoint& endpoint, const cost::Profile& profile) {
  double median_s = 0;
  for (const Statement& statement : endpoint.statements) median_s += seconds_of(statement, profile);
  return Distribution::lognormal(Duration::from_seconds(median_s), profile.request_sigma);
}

cost::Profile readable_profile(const Scenario& scenario) {
  try {
    return profile_of(scenario);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

bool give_profile_times(Reading& reading) {
  if (reading.untimed.empty() || reading.scenario.database.profile.empty()) return false;
  const cost::Profile profile = readable_profile(reading.scenario);
  if (!profile.knows_requests()) return false;
  for (Version& version : reading.scenario.app.versions) {
    for (Endpoint& endpoint : version.endpoints) {
      const bool untimed = std::find(reading.untimed.begin(), reading.untimed.end(), endpoint.name) != reading.untimed.end();
      if (untimed && endpoint.time == default_endpoint_time()) endpoint.time = time_of(endpoint, profile);
    }
  }
  return true;
}

}  // namespace midflight::io
