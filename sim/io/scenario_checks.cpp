#include <fmt/core.h>

#include "sim/graph/order.h"
#include "sim/io/scenario_reader.h"
#include "sim/io/yaml_text.h"

namespace midflight::io {
namespace {

void report(Reading& reading, const Position& where, std::string_view who, const std::string& what) {
  if (!what.empty()) reading.document.add(where, fmt::format("{} {}", who, what));
}

using Schemas = std::vector<Schema>;

/// What is wrong with a statement under every one of the schemas, or "".
std::string misfit_of_all(const Statement& statement, const Schemas& schemas, const Dialect& dialect) {
  std::string last;
  for (const Schema& schema : schemas) {
    last = misfit(statement, schema, dialect);
    if (last.empty()) return {};
  }
  return last;
}

void check_version(Reading& reading, const Version& version, const Schemas& schemas) {
  for (const Endpoint& endpoint : version.endpoints) {
    for (const Statement& statement : endpoint.statements) {
      report(reading, statement.where, fmt::format("{}/{}", version.name, endpoint.name),
             misfit_of_all(statement, schemas, reading.scenario.database.dialect));
    }
  }
}

/// The version that serves first must fit the schema; a later one must fit at
/// some moment: failing at the others may be what the user wants to see.
void check_versions(Reading& reading, const Schemas& schemas) {
  const std::vector<Version>& versions = reading.scenario.app.versions;
  for (std::size_t at = 0; at < versions.size(); ++at) {
    check_version(reading, versions[at], at == 0 ? Schemas{reading.scenario.schema} : schemas);
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
  const bool ddl = statement.kind == StatementKind::Ddl;
  const std::string refused_as_a_whole = ddl ? misfit(statement, schema, dialect) : "";
  for (const Operation& operation : statement.operations) {
    // What is not understood cannot be said to be wrong.
    if (std::holds_alternative<Opaque>(operation)) continue;
    const std::string refused = apply(operation, schema);
    if (!refused.empty()) return "does not fit the schema: " + refused + suggestion(refused, statement, schema);
  }
  return ddl ? refused_as_a_whole : misfit(statement, schema, dialect);
}

void check_change(Reading& reading, Schemas& schemas) {
  const Scenario& scenario = reading.scenario;
  if (!scenario.change) return;
  Schema schema = scenario.schema;
  report(reading, scenario.change->where, "`change`",
         apply_statement(*scenario.change, schema, scenario.database.dialect));
  schemas.push_back(std::move(schema));
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

void check_steps(Reading& reading, Schemas& schemas) {
  const std::vector<Step>& steps = reading.scenario.plan->steps;
  graph::Edges edges(steps.size());
  for (std::size_t at = 0; at < steps.size(); ++at) {
    for (const std::size_t before : steps[at].after) edges[before].push_back(at);
  }
  Schema schema = reading.scenario.schema;
  for (const std::size_t at : graph::topological_order(edges)) {
    check_step(reading, steps[at], schema);
    if (std::holds_alternative<SqlStep>(steps[at].action)) schemas.push_back(schema);
  }
}

}  // namespace

void check_scenario(Reading& reading) {
  if (reading.scenario.plan) check_deploys(reading);
  if (!reading.schema_known) return;
  Schemas schemas = {reading.scenario.schema};
  check_background(reading);
  check_change(reading, schemas);
  if (reading.scenario.plan) check_steps(reading, schemas);
  check_versions(reading, schemas);
}

}  // namespace midflight::io
