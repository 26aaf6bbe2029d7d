#pragma once

#include <string>
#include <vector>

#include "sim/io/result.h"
#include "sim/io/result_replay.h"

/// Predictions made by hand, with just what a test is about.
namespace midflight::io::testing {

inline Step sql_step(std::string id, std::string sql, std::string why = "") {
  SqlStep action;
  Statement statement;
  statement.sql = std::move(sql);
  action.statements = {statement};
  return Step{std::move(id), {}, action, std::move(why), {}};
}

inline Step deploy_step(std::string id, std::string version) {
  return Step{std::move(id), {}, DeployStep{std::move(version), {}}, "", {}};
}

inline TimelineEntry told(double at, double until, std::string lane, std::string what) {
  return {Instant{} + Duration::from_seconds(at), Instant{} + Duration::from_seconds(until), std::move(lane), std::move(what)};
}

inline ErrorKind missing_column() { return {ErrorClass::Schema, "42703", "column \"name\" does not exist"}; }

/// A rename at once and a deployment after it: `failed` requests of v1 fail in a run.
inline Measurement naive_run(std::int64_t failed) {
  Measurement m;
  m.completed = true;
  m.downtime = Duration::milliseconds(failed > 0 ? 48'300 : 0);
  m.requests = 30'000;
  m.failed_requests = failed;
  m.total_time = Duration::seconds(49);
  m.deployments = 1;
  m.endpoints = {{"v1", "profile", m.downtime, 20'000, failed, 0}};
  if (failed > 0) m.errors = {{missing_column(), "v1", "profile", failed}};
  m.steps.resize(2);
  for (StepMeasurement& s : m.steps) s.reached = true, s.tries = 1;
  m.steps[0].end = Instant{} + Duration::milliseconds(3);
  m.steps[0].held = Duration::milliseconds(3);
  m.steps[0].locks = {{"users", LockMode::AccessExclusiveLock}};
  m.steps[1].start = m.steps[0].end;
  return m;
}

inline Prediction naive(std::vector<std::int64_t> failed_by_run) {
  Prediction p;
  p.proposal.name = "naive";
  p.proposal.plan.steps = {sql_step("rename", "ALTER TABLE users RENAME COLUMN name TO full_name", "The change as it is typed."),
                           deploy_step("deploy-v2", "v2")};
  p.verdict = Verdict::Down;
  p.why = "requests fail for 48 s";
  for (const std::int64_t failed : failed_by_run) p.runs.push_back(naive_run(failed));
  p.runs.front().timeline = {told(0, 0.003, "step rename", "ALTER TABLE users RENAME COLUMN name TO full_name"),
                             told(0, 0.003, "lock users", "step rename holds AccessExclusiveLock"),
                             told(0.003, 49, "step deploy-v2", "deploy v2"),
                             told(-30, 25, "version v1", "8 of 8"),
                             told(25, 48.3, "version v1", "4 of 8"),
                             told(25, 49, "version v2", "4 of 8"),
                             told(0.003, 48.3, "errors", "9300 v1 profile failed: column \"name\" does not exist")};
  return p;
}

inline Prediction refused(std::string name, std::string why) {
  Prediction p;
  p.proposal.name = std::move(name);
  p.proposal.refused = true;
  p.proposal.why = why;
  p.verdict = Verdict::Refused;
  p.why = std::move(why);
  return p;
}

inline Prediction safe(std::string name) {
  Prediction p = naive({0, 0});
  p.proposal.name = std::move(name);
  p.verdict = Verdict::Safe;
  p.why = "no request fails or is late";
  return p;
}

inline Scenario scenario() {
  Scenario s;
  s.name = "rename users.name to users.full_name";
  s.assumptions = {"Rows are spread evenly."};
  return s;
}

inline Result result_of(std::vector<Prediction> predictions) { return summarize(scenario(), predictions, 7, 2); }

}  // namespace midflight::io::testing
