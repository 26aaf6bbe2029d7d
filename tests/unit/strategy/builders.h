#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sim/sql/parse.h"
#include "sim/strategy/strategy.h"

namespace midflight::strategy::testing {

inline constexpr const char* kUsers =
    "CREATE TABLE users (id bigserial PRIMARY KEY, name varchar(50), email text);";

inline Endpoint endpoint(const std::string& name, const std::string& sql) {
  Endpoint e;
  e.name = name;
  e.rate_per_second = 10;
  e.statements = {sql::parse_one(sql)};
  return e;
}

inline Version version(const std::string& name, const std::vector<std::string>& statements) {
  Version v;
  v.name = name;
  for (const std::string& sql : statements) v.endpoints.push_back(endpoint("endpoint " + std::to_string(v.endpoints.size() + 1), sql));
  return v;
}

/// The rename example, or the same application under another schema and change.
inline Scenario scenario(const std::string& change = "ALTER TABLE users RENAME COLUMN name TO full_name",
                         const std::string& schema = kUsers) {
  Scenario s;
  s.schema = sql::schema_from_sql(schema);
  s.app.versions = {version("v1", {"INSERT INTO users (name) VALUES ($1)", "SELECT name FROM users WHERE id = $1"})};
  s.change = sql::parse_one(change);
  s.migration.lock_timeout = Duration::seconds(2);
  s.migration.retry = {10, Duration::seconds(1), 2, Duration::minutes(1)};
  s.migration.soak = Duration::hours(1);
  return s;
}

/// One line a step: "expand: ALTER TABLE ...".
inline std::string text(const Plan& plan) {
  std::string all;
  for (const Step& step : plan.steps) all += step.id + ": " + step_text(step) + "\n";
  return all;
}

inline std::string versions_text(const Proposal& proposal) {
  std::string all;
  for (const Version& v : proposal.versions) all += (all.empty() ? "" : " ") + v.name;
  return all;
}

/// The statements of one version, a line each.
inline std::string statements_text(const Proposal& proposal, const std::string& name) {
  std::string all;
  for (const Version& v : proposal.versions) {
    if (v.name != name) continue;
    for (const Endpoint& e : v.endpoints) {
      for (const Statement& s : e.statements) all += s.sql + "\n";
    }
  }
  return all;
}

inline std::string names_text(const std::vector<Proposal>& proposals) {
  std::string all;
  for (const Proposal& p : proposals) all += (all.empty() ? "" : " ") + p.name + (p.refused ? " (refused)" : "");
  return all;
}

}  // namespace midflight::strategy::testing
