#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "sim/io/scenario_keys.h"
#include "sim/io/scenario_reader.h"

namespace midflight::io {
namespace {

constexpr std::int64_t kInstancesMost = 10'000, kPoolMost = 10'000, kTriesMost = 1000;
constexpr int kInstancesDefault = 8;
constexpr Duration kRequestTimeoutDefault = Duration::seconds(5);
constexpr Duration kStartupDefault = Duration::seconds(20), kDrainDefault = Duration::seconds(10);

std::optional<double> read_rate(const Value& value) {
  if (value.is_list() || value.is_map()) {
    value.document().add_reserved(
        value.where(), fmt::format("`{}`: a rate that changes over the day is reserved for a later version; "
                                   "write one rate such as 50/s", value.path()));
    return std::nullopt;
  }
  return read_quantity(value, parse_rate);
}

/// `sql` is one text or a list of texts; either way one transaction.
std::vector<Statement> read_request(const Value& value) {
  if (!value.is_list()) return read_statements(value);
  std::vector<Statement> statements;
  for (const Value& item : value.items()) {
    for (Statement& statement : read_statements(item)) statements.push_back(std::move(statement));
  }
  if (value.items().empty()) value.problem("has no SQL statement");
  return statements;
}

void refuse_ddl(const Value& endpoint, const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) {
    if (statement.kind != StatementKind::Ddl) continue;
    endpoint.document().add(statement.where, fmt::format("`{}`: a request of the application cannot change the schema",
                                                         endpoint.path()));
  }
}

/// An endpoint goes by its name in messages and overrides.
Value named_endpoint(const Value& item, const std::string& version) {
  if (!item.is_map()) return item;
  for (const auto& [key, value] : item.entries()) {
    if (key.text() == "name" && !value.text().empty()) return item.named(version + "." + value.text());
  }
  return item;
}

Endpoint read_endpoint(const Value& value, Reading& reading) {
  const Section section(value, keys_of("endpoint"));
  Endpoint endpoint;
  if (section.require("name") != nullptr) assign(endpoint.name, section.name("name"));
  if (const Value* rate = section.require("rate")) assign(endpoint.rate_per_second, read_rate(*rate));
  endpoint.time = default_endpoint_time();
  assign(endpoint.time, section.distribution("time"));
  assign(endpoint.think, section.distribution("think"));
  if (const Value* sql = section.require("sql")) endpoint.statements = read_request(*sql);
  refuse_ddl(value, endpoint.statements);
  if (!section.has("time")) reading.untimed.push_back(endpoint.name);
  if (!section.has("think") && endpoint.statements.size() > 1) reading.without_think.push_back(endpoint.name);
  return endpoint;
}

bool has_endpoint(const Version& version, const std::string& name) {
  return std::any_of(version.endpoints.begin(), version.endpoints.end(),
                     [&](const Endpoint& endpoint) { return endpoint.name == name; });
}

void check_version_name(const Value& key) {
  const std::string& name = key.text();
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  });
  if (name.empty() || !plain || name == "none") {
    key.document().add(key.where(), fmt::format("`{}` cannot name a version: use letters, digits, `.`, `-` and `_`"
                                                " (`none` stands for no version)", name));
  }
}

Version read_version(const Value& key, const Value& value, Reading& reading) {
  check_version_name(key);
  Version version;
  version.name = key.text();
  if (!value.is_list() || value.items().empty()) value.problem("must be a list of endpoints");
  for (const Value& item : value.items()) {
    const Value endpoint_value = named_endpoint(item, value.path());
    Endpoint endpoint = read_endpoint(endpoint_value, reading);
    if (!endpoint.name.empty() && has_endpoint(version, endpoint.name)) {
      endpoint_value.problem(fmt::format("is the second endpoint of {} with this name", version.name));
    }
    version.endpoints.push_back(std::move(endpoint));
  }
  return version;
}

void read_versions(const Section& section, Reading& reading) {
  const Value* versions = section.require("versions");
  if (versions == nullptr) return;
  if (!versions->is_map() || versions->entries().empty()) {
    return versions->problem("must be a mapping from versions to their endpoints");
  }
  std::vector<Version>& read = reading.scenario.app.versions;
  for (const auto& [key, value] : versions->entries()) {
    const std::string& name = key.text();
    const bool known = std::any_of(read.begin(), read.end(), [&](const Version& v) { return v.name == name; });
    if (known) reading.document.add(key.where(), fmt::format("duplicate key `{}` in `app.versions`", name));
    read.push_back(read_version(key, value, reading));
  }
}

void read_app_retry(const Section& section, RequestRetry& retry) {
  const Value* value = section.find("retry");
  if (value == nullptr) return;
  const Section keys(*value, keys_of("request_retry"));
  assign(retry.tries, keys.count("tries", 1, kTriesMost));
  assign(retry.pause, keys.duration("pause"));
  read_backoff(keys, retry.backoff);
}

void read_app_rollout(const Section& section, Reading& reading) {
  Rollout base;
  base.startup = Distribution::constant(kStartupDefault);
  base.drain = Distribution::constant(kDrainDefault);
  const Value* value = section.find("rollout");
  reading.scenario.app.rollout = value ? read_rollout(*value, base) : base;
}

}  // namespace

void read_app(const Section& root, Reading& reading) {
  const Value* given = root.require("app");
  if (given == nullptr) return;
  const Section section(*given, keys_of("app"));
  Application& app = reading.scenario.app;
  app.instances = kInstancesDefault;
  app.request_timeout = kRequestTimeoutDefault;
  assign(app.instances, section.count("instances", 1, kInstancesMost));
  assign(app.pool, section.count("pool", 1, kPoolMost));
  assign(app.pool_timeout, section.positive_duration("pool_timeout"));
  assign(app.request_timeout, section.positive_duration("request_timeout"));
  if (const auto prepared = section.choice("prepared", {"none", "driver"})) app.prepared = *prepared == 1;
  assign(app.on_stale_plan, section.choice("on_stale_plan", {"reprepare", "fail"}));
  read_app_retry(section, app.retry);
  read_app_rollout(section, reading);
  read_versions(section, reading);
}

}  // namespace midflight::io
