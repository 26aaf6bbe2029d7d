#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "sim/io/policies.h"
#include "sim/io/scenario_reader.h"
#include "sim/io/yaml_text.h"
#include "sim/model/demand.h"

// What a prediction used and the scenario does not say: one line per default.

namespace midflight::io {
namespace {

/// A key of the scenario, with the value it has when nobody writes it.
struct Default {
  std::string_view section, key;
  std::string value;
  bool matters = true;  ///< something in this scenario depends on it
};

std::optional<Value> entry(const Value& map, std::string_view name) {
  if (!map.is_map()) return std::nullopt;
  for (const auto& [key, value] : map.entries()) {
    if (key.text() == name) return value;
  }
  return std::nullopt;
}

/// Follows a dotted path.  `rollout: canary` is short for its kind.
bool is_given(const Value& value, std::string_view path) {
  if (value.is_scalar()) return path == "kind";
  const std::size_t dot = path.find('.');
  const std::optional<Value> found = entry(value, path.substr(0, dot));
  return found && (dot == std::string_view::npos || is_given(*found, path.substr(dot + 1)));
}

std::vector<Default> database_defaults(const Database& database) {
  const bool sqlite = database.dialect.engine == Engine::Sqlite;
  const int version = database.dialect.version;
  return {{"database", "version", sqlite ? fmt::format("3.{}", version % 100) : std::to_string(version)},
          {"database", "connections", std::to_string(database.connections), !sqlite},
          {"database", "cores", std::to_string(database.cores)},
          {"database", "deadlock_timeout", duration_text(database.deadlock_timeout), !sqlite},
          {"database", "journal", "wal", sqlite},
          {"database", "busy_timeout", duration_text(database.busy_timeout), sqlite}};
}

std::vector<Default> app_defaults(const Application& app) {
  return {{"app", "instances", std::to_string(app.instances)},
          {"app", "pool", std::to_string(app.pool)},
          {"app", "pool_timeout", duration_text(app.pool_timeout)},
          {"app", "request_timeout", duration_text(app.request_timeout)},
          {"app", "prepared", "none"},
          {"app", "on_stale_plan", "fail", app.prepared},
          {"app", "retry.tries", std::to_string(app.retry.tries)},
          {"app", "retry.pause", duration_text(app.retry.pause), app.retry.tries > 1},
          {"app", "retry.backoff", fmt::format("{:g}", app.retry.backoff), app.retry.tries > 1}};
}

bool deploys(const Scenario& scenario) {
  if (!scenario.plan) return scenario.change.has_value();
  const std::vector<Step>& steps = scenario.plan->steps;
  return std::any_of(steps.begin(), steps.end(), [](const Step& s) { return std::holds_alternative<DeployStep>(s.action); });
}

std::string text_of(const InstanceCount& count) { return fmt::format("{:g}{}", count.value, count.percent ? "%" : ""); }

std::vector<Default> rollout_defaults(const Scenario& scenario) {
  static constexpr std::array<const char*, 4> kKinds = {"recreate", "rolling", "blue-green", "canary"};
  const Rollout& rollout = scenario.app.rollout;
  const bool used = deploys(scenario), canary = rollout.kind == RolloutKind::Canary;
  const bool in_steps = used && (canary || rollout.kind == RolloutKind::Rolling);
  return {{"app", "rollout.kind", kKinds.at(static_cast<std::size_t>(rollout.kind)), used},
          {"app", "rollout.max_surge", text_of(rollout.max_surge), in_steps},
          {"app", "rollout.max_unavailable", text_of(rollout.max_unavailable), in_steps},
          {"app", "rollout.startup", rollout.startup.text(), used},
          {"app", "rollout.drain", rollout.drain.text(), used},
          {"app", "rollout.stages", "2% for 5min, 20% for 5min", used && canary}};
}

/// An explicit plan says everything itself, and a preset what its tool does.
std::vector<Default> migration_defaults(const Scenario& scenario) {
  const MigrationPolicy& policy = scenario.migration;
  const bool used = scenario.change && !scenario.plan;
  const PolicyPreset* preset = policy_preset(policy.preset);
  const bool own = used && preset == nullptr;
  const Retry& retry = policy.retry;
  const auto limit = [](const std::optional<Duration>& d) { return d ? duration_text(*d) : std::string("none"); };
  return {{"migration", "lock_timeout", limit(policy.lock_timeout), own},
          {"migration", "statement_timeout", limit(policy.statement_timeout), own},
          {"migration", "retry.tries", std::to_string(retry.tries), own},
          {"migration", "retry.pause", duration_text(retry.pause), own && retry.tries != 1},
          {"migration", "retry.backoff", fmt::format("{:g}", retry.backoff), own && retry.tries != 1},
          {"migration", "retry.cap", duration_text(retry.cap), own && retry.tries != 1},
          {"migration", "backfill.batch", std::to_string(policy.batch), used && (own || !preset->batch)},
          {"migration", "backfill.pause", duration_text(policy.batch_pause), used && (own || !preset->batch_pause)},
          {"migration", "soak", duration_text(policy.soak), used}};
}

std::vector<Default> all_defaults(const Scenario& scenario) {
  std::vector<Default> all = database_defaults(scenario.database);
  const auto add = [&](std::vector<Default> more) { all.insert(all.end(), more.begin(), more.end()); };
  add(app_defaults(scenario.app));
  add(rollout_defaults(scenario));
  add(migration_defaults(scenario));
  add({{"objective", "latency", duration_text(scenario.objective.latency)},
       {"objective", "errors", fmt::format("{:g}%", scenario.objective.errors * 100)},
       {"limits", "time", duration_text(scenario.time_limit)}});
  return all;
}

void note_profile(Reading& reading) {
  if (is_given(reading.document.root(), "database.profile")) return;
  const bool sqlite = reading.scenario.database.dialect.engine == Engine::Sqlite;
  reading.scenario.assumptions.push_back(fmt::format(
      "No database.profile is given: durations follow the documented default of {}, not a measured server.", sqlite ? "SQLite" : "PostgreSQL"));
}

void note_names(Reading& reading, std::string_view sentence, std::vector<std::string> names) {
  if (names.empty()) return;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  reading.scenario.assumptions.push_back(fmt::format("{}: {}.", sentence, word_list(names)));
}

/// One sentence for each section with something left out, in the order of the file.
void note_sections(Reading& reading) {
  const Value root = reading.document.root();
  std::vector<std::pair<std::string_view, std::vector<std::string>>> sections;
  for (const Default& d : all_defaults(reading.scenario)) {
    if (!d.matters || is_given(root, fmt::format("{}.{}", d.section, d.key))) continue;
    if (sections.empty() || sections.back().first != d.section) sections.push_back({d.section, {}});
    sections.back().second.push_back(fmt::format("{} {}", d.key, d.value));
  }
  for (const auto& [section, values] : sections) {
    reading.scenario.assumptions.push_back(fmt::format("By default in `{}`: {}.", section, word_list(values)));
  }
}

}  // namespace

Distribution default_endpoint_time() { return Distribution::lognormal(Duration::milliseconds(1), 0.5); }

void note_defaults(Reading& reading) {
  note_profile(reading);
  const bool measured = give_profile_times(reading);
  note_names(reading, measured ? "Endpoints without `time` take what the profile says of reads, updates and inserts by key"
                               : fmt::format("Endpoints without `time` take {} of the database", default_endpoint_time().text()), reading.untimed);
  note_names(reading, "Endpoints without `think` do not pause between their statements", reading.without_think);
  note_names(reading, "Idle background jobs without `isolation` are READ COMMITTED", reading.without_isolation);
  note_names(reading, fmt::format("Backfills without `batch` take {} rows a transaction", BackfillStep{}.batch), reading.without_batch);
  note_sections(reading);
  for (std::string& sentence : overloads(reading.scenario)) reading.scenario.assumptions.push_back(std::move(sentence));
}

}  // namespace midflight::io
