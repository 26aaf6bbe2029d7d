#include "sim/io/json_strategy.h"

namespace midflight::io {

namespace {

Json endpoint_json(const EndpointResult& e) {
  Json json;
  json["version"] = e.version;
  json["endpoint"] = e.endpoint;
  json["downtime_s"] = distribution_json(e.downtime_s, true);
  json["failed_requests"] = distribution_json(e.failed_requests, false);
  json["delayed_requests"] = distribution_json(e.delayed_requests, false);
  return json;
}

Json error_json(const ErrorResult& e) {
  Json json;
  json["class"] = error_class_name(e.kind.error);
  json["sqlstate"] = e.kind.sqlstate;
  json["message"] = e.kind.message;
  json["version"] = e.version;
  json["endpoint"] = e.endpoint;
  json["count"] = distribution_json(e.count, false);
  return json;
}

Json step_json(const StepResult& s) {
  Json json;
  json["id"] = s.id;
  json["kind"] = s.kind;
  json["sql"] = s.sql;
  json["locks"] = locks_json(s.locks);
  json["start_s"] = s.start_s ? distribution_json(*s.start_s, true) : Json();
  json["lock_wait_s"] = distribution_json(s.lock_wait_s, true);
  json["held_s"] = distribution_json(s.held_s, true);
  json["tries"] = distribution_json(s.tries, false);
  json["blocked_requests"] = distribution_json(s.blocked_requests, false);
  return json;
}

template <typename Items, typename One>
Json array_json(const Items& items, One one) {
  Json json = Json::array();
  for (const auto& item : items) json.push_back(one(item));
  return json;
}

void add_quantities(Json& json, const StrategyResult& strategy) {
  for (const metrics::Quantity& q : metrics::quantities()) {
    const auto value = strategy.quantity(q.name);
    json[std::string(q.name)] = value ? distribution_json(*value, named_seconds(q.name)) : Json();
  }
}

}  // namespace

Json locks_json(const std::vector<RelationLock>& locks) {
  return array_json(locks, [](const RelationLock& lock) {
    Json json;
    json["relation"] = lock.relation;
    json["mode"] = lock_mode_name(lock.mode);
    return json;
  });
}

Json timeline_json(const std::vector<TimelineEntry>& timeline) {
  return array_json(timeline, [](const TimelineEntry& entry) {
    Json json;
    json["at_s"] = seconds_json(entry.at.seconds());
    json["until_s"] = seconds_json(entry.until.seconds());
    json["lane"] = entry.lane;
    json["what"] = entry.what;
    return json;
  });
}

Json strategy_json(const StrategyResult& strategy) {
  Json json;
  json["name"] = strategy.name;
  json["verdict"] = verdict_name(strategy.verdict);
  json["why"] = strategy.why;
  json["conditions"] = strategy.conditions;
  if (!strategy.hint.empty()) json["hint"] = strategy.hint;
  json["completed"] = strategy.completed;
  json["overloaded"] = strategy.overloaded;
  json["endless_runs"] = strategy.endless_runs;
  add_quantities(json, strategy);
  json["deployments"] = strategy.deployments;
  json["endpoints"] = array_json(strategy.endpoints, endpoint_json);
  json["errors"] = array_json(strategy.errors, error_json);
  json["steps"] = array_json(strategy.steps, step_json);
  json["critical_path"] = strategy.critical_path;
  json["timeline"] = timeline_json(strategy.timeline);
  return json;
}

}  // namespace midflight::io
