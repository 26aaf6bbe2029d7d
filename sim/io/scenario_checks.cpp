#include <fmt/core.h>

#include "sim/graph/order.h"
#include "sim/io/scenario_reader.h"
#include "sim/io/yaml_text.h"

namespace midflight::io {
namespace {

void report(Reading& reading, const Position& where, std::string_view who, const std::string& what) {
  if (!what.empty()) reading.document.add(where, fmt::format("{} {}", who, what));
}

/// The version that serves first must fit the schema; later ones fit the schema
/// that the plan makes for them, which the run finds out.
void check_first_version(Reading& reading) {
  const Scenario& scenario = reading.scenario;
  if (scenario.app.versions.empty()) return;
  const Version& version = scenario.app.versions.front();
  for (const Endpoint& endpoint : version.endpoints) {
    for (const Statement& statement : endpoint.statements) {
      report(reading, statement.where, fmt::format("{}/{}", version.name, endpoint.name),
             misfit(statement, scenario.schema, scenario.database.dialect));
    }
  }
}

void check_background(Reading& reading) {
  const Scenario& scenario = reading.scenario;
  for (const BackgroundJob& job : scenario.background) {
    if (job.statement.sql.empty()) continue;
    report(reading, job.statement.where, fmt::format("background job `{}`", job.name),
           misfit(job.statement, scenario.schema, scenario.database.dialect));
  }
}

/// Applies a statement's DDL.  Returns: why it does not fit, or "".
std::string apply_statement(const Statement& statement, Schema& schema, const Dialect& dialect) {
  for (const Operation& operation : statement.operations) {
    // What is not understood cannot be said to be wrong.
    if (std::holds_alternative<Opaque>(operation)) continue;
    const std::string refused = apply(operation, schema);
    if (!refused.empty()) return "does not fit the schema: " + refused;
  }
  return statement.kind == StatementKind::Ddl ? "" : misfit(statement, schema, dialect);
}

void check_change(Reading& reading) {
  const Scenario& scenario = reading.scenario;
  if (!scenario.change) return;
  Schema schema = scenario.schema;
  report(reading, scenario.change->where, "`change`",
         apply_statement(*scenario.change, schema, scenario.database.dialect));
}

std::vector<std::string_view> deployable(const Scenario& scenario) {
  std::vector<std::string_view> names;
  for (const Version& version : scenario.app.versions) names.push_back(version.name);
  if (scenario.change) names.insert(names.end(), {"v1.1", "v1.2", "v2"});
  return names;
}

void check_deploys(Reading& reading) {
  const std::vector<std::string_view> known = deployable(reading.scenario);
  for (const Step& step : reading.scenario.plan->steps) {
    const auto* deploy = std::get_if<DeployStep>(&step.action);
    if (deploy == nullptr || deploy->version.empty()) continue;
    bool found = false;
    for (const std::string_view name : known) found = found || name == deploy->version;
    if (found) continue;
    reading.document.add(step.where,
                         fmt::format("step `{}` deploys {}, a version the scenario does not have{}", step.id,
                                     deploy->version, did_you_mean(deploy->version, known)));
  }
}

/// One step under the schema that the steps before it leave.
void check_step(Reading& reading, const Step& step, Schema& schema) {
  const Dialect& dialect = reading.scenario.database.dialect;
  const std::string who = fmt::format("step `{}`", step.id);
  if (const auto* sql = std::get_if<SqlStep>(&step.action)) {
    for (const Statement& statement : sql->statements) {
      report(reading, statement.where, who, apply_statement(statement, schema, dialect));
    }
  } else if (const auto* backfill = std::get_if<BackfillStep>(&step.action)) {
    if (!backfill->update.sql.empty()) {
      report(reading, backfill->update.where, who, misfit(backfill->update, schema, dialect));
    }
  } else if (const auto* check = std::get_if<CheckStep>(&step.action)) {
    report(reading, step.where, who, misfit(*check, schema));
  }
}

}  // namespace

void check_plan(Reading& reading) {
  if (!reading.scenario.plan) return;
  check_deploys(reading);
  if (!reading.schema_known) return;
  const std::vector<Step>& steps = reading.scenario.plan->steps;
  graph::Edges edges(steps.size());
  for (std::size_t at = 0; at < steps.size(); ++at) {
    for (const std::size_t before : steps[at].after) edges[before].push_back(at);
  }
  Schema schema = reading.scenario.schema;
  for (const std::size_t at : graph::topological_order(edges)) check_step(reading, steps[at], schema);
}

void check_scenario(Reading& reading) {
  if (reading.schema_known) {
    check_first_version(reading);
    check_background(reading);
    check_change(reading);
  }
  check_plan(reading);
}

}  // namespace midflight::io
