#include "sim/io/differences.h"
#include "sim/io/json.h"
#include "sim/io/json_strategy.h"

namespace midflight::io {

namespace {

Json number_json(std::string_view name, double value) {
  return named_seconds(name) ? seconds_json(value) : count_json(value);
}

bool missing(const std::vector<std::string>& unmeasured, std::string_view name) {
  for (const std::string& u : unmeasured) {
    if (u == name) return true;
  }
  return false;
}

Json measured_endpoints(const Measurement& m) {
  Json all = Json::array();
  for (const EndpointMeasurement& e : m.endpoints) {
    Json json;
    json["version"] = e.version;
    json["endpoint"] = e.endpoint;
    json["downtime_s"] = seconds_json(e.downtime.seconds());
    json["failed_requests"] = e.failed;
    json["delayed_requests"] = e.delayed;
    all.push_back(std::move(json));
  }
  return all;
}

Json measured_errors(const Measurement& m) {
  Json all = Json::array();
  for (const ErrorCount& e : m.errors) {
    Json json;
    json["class"] = error_class_name(e.kind.error);
    json["sqlstate"] = e.kind.sqlstate;
    json["message"] = e.kind.message;
    json["version"] = e.version;
    json["endpoint"] = e.endpoint;
    json["count"] = e.count;
    all.push_back(std::move(json));
  }
  return all;
}

Json measured_step(const StepMeasurement& s, const StepResult& plan_step, const std::vector<std::string>& unmeasured) {
  const auto known = [&](std::string_view name, Json value) { return missing(unmeasured, name) ? Json() : value; };
  Json json;
  json["id"] = plan_step.id;
  json["kind"] = plan_step.kind;
  json["sql"] = plan_step.sql;
  json["locks"] = locks_json(s.locks);
  json["start_s"] = s.reached ? seconds_json(s.start.seconds()) : Json();
  json["lock_wait_s"] = known("lock_wait_s", seconds_json(s.lock_wait.seconds()));
  json["held_s"] = known("held_s", seconds_json(s.held.seconds()));
  json["tries"] = s.tries;
  json["blocked_requests"] = known("blocked_requests", s.blocked_requests);
  return json;
}

/// The strategy object with the plain values of one run.
Json run_json(const Measurement& m, const StrategyResult& strategy, const std::vector<std::string>& unmeasured) {
  Json json;
  json["completed"] = m.completed;
  json["why_incomplete"] = m.completed ? Json() : Json(m.why_incomplete);
  json["overloaded"] = m.overloaded;
  json["endless_runs"] = m.endless ? 1 : 0;
  for (const metrics::Quantity& q : metrics::quantities()) {
    json[std::string(q.name)] = missing(unmeasured, q.name) ? Json() : number_json(q.name, q.of(m));
  }
  json["deployments"] = m.deployments;
  json["endpoints"] = measured_endpoints(m);
  json["errors"] = measured_errors(m);
  json["steps"] = Json::array();
  for (std::size_t i = 0; i < m.steps.size() && i < strategy.steps.size(); ++i) {
    json["steps"].push_back(measured_step(m.steps[i], strategy.steps[i], unmeasured));
  }
  json["timeline"] = timeline_json(m.timeline);
  return json;
}

Json error_value(const QuantityError& e) { return e.error ? count_json(*e.error) : Json(); }

Json errors_json(const ReplayResult& replay) {
  Json json, inside, agree = Json::array();
  for (const QuantityError& e : replay.errors) {
    json[e.name] = error_value(e);
    inside[e.name] = e.inside ? Json(*e.inside) : Json();
    if (e.agree) agree.push_back(e.name);
  }
  json["steps"] = Json::array();
  for (const StepError& s : replay.step_errors) {
    Json step;
    step["id"] = s.id;
    for (const QuantityError& e : s.quantities) step[e.name] = error_value(e);
    json["steps"].push_back(std::move(step));
  }
  json["agree"] = std::move(agree);
  json["inside"] = std::move(inside);
  return json;
}

Json repetitions_json(const ReplayResult& replay) {
  Json all = Json::array();
  for (const Repetition& repetition : replay.repetitions) {
    Json json, measured, error;
    for (const QuantityError& e : repetition.errors) {
      measured[e.name] = e.measured ? number_json(e.name, *e.measured) : Json();
      error[e.name] = error_value(e);
    }
    json["run"] = repetition.run;
    json["valid"] = repetition.valid;
    json["data_ok"] = repetition.data_ok;
    json["completed"] = repetition.completed;
    json["measured"] = std::move(measured);
    json["error"] = std::move(error);
    all.push_back(std::move(json));
  }
  return all;
}

}  // namespace

std::string to_json(const ReplayResult& replay) {
  const StrategyResult& strategy = replay.predicted.strategies.front();
  Json json;
  json["schema_version"] = kJsonSchemaVersion;
  json["backend"] = replay.backend;
  json["server_version"] = replay.server_version;
  json["strategy"] = strategy.name;
  json["scale"] = count_json(replay.scale);
  json["valid"] = replay.valid;
  json["invalid_reason"] = replay.valid ? Json() : Json(replay.invalid_reason);
  json["unforeseen_end"] = replay.unforeseen_end;
  json["assumptions"] = replay.predicted.assumptions;
  json["predicted"] = strategy_json(strategy);
  json["paired"] = run_json(replay.paired, strategy, {});
  json["measured"] = run_json(replay.measured, strategy, replay.unmeasured);
  json["measured"]["endless_runs"] = Json();  // nobody waited for the end
  json["error"] = errors_json(replay);
  json["differences"] = largest_differences(replay);
  json["why_blind"] = replay.why_blind.empty() ? Json() : Json(replay.why_blind);
  json["repetitions"] = repetitions_json(replay);
  json["data_ok"] = replay.data_ok;
  json["data_check"] = replay.data_check;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace midflight::io
