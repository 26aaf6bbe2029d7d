#include "sim/model/demand.h"

#include <fmt/core.h>

#include <algorithm>

namespace midflight {

namespace {

/// On average, all instances together.
struct Demand {
  double processors = 0, writers = 0, connections = 0;
};

Demand demand_of(const Version& version) {
  Demand all;
  for (const Endpoint& e : version.endpoints) {
    const double busy = e.rate_per_second * e.time.mean_seconds();
    const double thinks = e.rate_per_second * e.think.mean_seconds() * static_cast<double>(e.statements.size() - 1);
    const bool writes = std::any_of(e.statements.begin(), e.statements.end(), [](const Statement& s) { return s.kind != StatementKind::Select; });
    all.processors += busy;
    all.connections += busy + thinks;
    if (writes) all.writers += busy;
  }
  return all;
}

/// Of the first thing that does not suffice; the others hardly matter then.
std::string shortage(const Scenario& scenario, const Demand& demand) {
  const Database& database = scenario.database;
  const int pooled = scenario.app.instances * scenario.app.pool;
  if (!database.cores_unlimited && demand.processors >= database.cores) {
    return fmt::format("needs {:.3g} processors and the database has {}", demand.processors, database.cores);
  }
  if (database.dialect.engine == Engine::Sqlite && demand.writers >= 1) {
    return fmt::format("keeps {:.3g} writers busy and SQLite lets one write at a time", demand.writers);
  }
  if (demand.connections >= pooled) return fmt::format("needs {:.3g} connections and its pools have {}", demand.connections, pooled);
  return {};
}

}  // namespace

std::vector<std::string> overloads(const Scenario& scenario) {
  std::vector<std::string> all;
  for (const Version& version : scenario.app.versions) {
    const std::string what = shortage(scenario, demand_of(version));
    if (!what.empty()) all.push_back(fmt::format("By its rates and times {} {}: it is overloaded, whatever is changed.", version.name, what));
  }
  return all;
}

}  // namespace midflight
