#pragma once

#include <string>
#include <vector>

#include "backends/plan_run.h"
#include "sim/sql/parse.h"
#include "tests/conformance/subject.h"

namespace midflight::backends {

inline Endpoint endpoint(const std::string& name, double rate, const std::vector<std::string>& sql) {
  Endpoint e;
  e.name = name;
  e.rate_per_second = rate;
  for (const std::string& text : sql) e.statements.push_back(sql::parse_one(text));
  return e;
}

inline Step sql_step(const std::string& id, const std::string& sql, std::vector<std::size_t> after = {}) {
  SqlStep step;
  step.statements = sql::parse(sql);
  return {id, std::move(after), step, "", {}};
}

inline Step deploy_step(const std::string& id, const std::string& version, std::vector<std::size_t> after = {}) {
  DeployStep deploy;
  deploy.version = version;
  return {id, std::move(after), deploy, "", {}};
}

/// A small application on users(id, name): 100 rows, two instances.
struct Small {
  Scenario scenario;
  strategy::Proposal proposal;
  ReplayOptions options;

  explicit Small(double rate = 100) {
    scenario.schema = users_schema();
    scenario.database.dialect = {Engine::Sqlite, 340};
    scenario.app.instances = 2;
    scenario.app.pool = 4;
    scenario.app.request_timeout = Duration::seconds(2);
    scenario.app.rollout.startup = Distribution::constant(Duration::milliseconds(300));
    scenario.app.rollout.drain = Distribution::constant(Duration::milliseconds(100));
    Version v1{"v1",
               {endpoint("profile", rate / 2, {"SELECT name FROM users WHERE id = $1"}),
                endpoint("rename", rate / 2, {"UPDATE users SET name = $1 WHERE id = $2"})},
               ""};
    scenario.app.versions = {v1};
    proposal.name = "plan";
    proposal.versions = {v1};
    options.lead_in = Duration::milliseconds(300);
    options.lead_out = Duration::milliseconds(300);
  }
  void add(Version version) { proposal.versions.push_back(std::move(version)); }
  void add(Step step) { proposal.plan.steps.push_back(std::move(step)); }
};

}  // namespace midflight::backends
