#include <fmt/core.h>

#include "sim/io/policies.h"
#include "sim/io/scenario_keys.h"
#include "sim/io/scenario_reader.h"

namespace midflight::io {
namespace {

constexpr std::int64_t kTriesMost = 1'000'000, kBatchMost = 100'000'000;
constexpr double kBackoffMost = 100;

/// What a careful team does: the values of the documented example.
MigrationPolicy default_policy() {
  MigrationPolicy policy;
  policy.lock_timeout = Duration::seconds(2);
  policy.retry = {10, Duration::seconds(1), 2, Duration::minutes(1)};
  policy.soak = Duration::hours(1);
  return policy;
}

void apply_preset(const PolicyPreset& preset, Reading& reading) {
  MigrationPolicy& policy = reading.scenario.migration;
  policy.preset = preset.name;
  policy.lock_timeout = preset.lock_timeout;
  policy.statement_timeout = preset.statement_timeout;
  policy.retry = preset.retry;
  assign(policy.batch, preset.batch);
  assign(policy.batch_pause, preset.batch_pause);
  if (!preset.note.empty()) reading.scenario.assumptions.emplace_back(preset.note);
}

void read_preset(const Section& section, Reading& reading) {
  std::vector<std::string_view> names;
  for (const PolicyPreset& preset : policy_presets()) names.push_back(preset.name);
  if (const auto chosen = section.choice("policy", names)) apply_preset(policy_presets()[*chosen], reading);
}

void read_backfill(const Section& section, MigrationPolicy& policy) {
  const Value* value = section.find("backfill");
  if (value == nullptr) return;
  const Section keys(*value, keys_of("backfill"));
  assign(policy.batch, keys.count("batch", 1, kBatchMost));
  assign(policy.batch_pause, keys.duration("pause"));
}

}  // namespace

Retry read_retry(const Value& value, Retry base) {
  const Section section(value, keys_of("retry"));
  const Value* tries = section.find("tries");
  if (tries != nullptr && tries->text() == "unlimited") {
    base.tries = Retry::kUnlimited;
  } else {
    assign(base.tries, section.count("tries", 1, kTriesMost));
  }
  assign(base.pause, section.duration("pause"));
  read_backoff(section, base.backoff);
  assign(base.cap, section.positive_duration("cap"));
  return base;
}

bool read_timeout(const Section& section, std::string_view key, std::optional<Duration>& timeout) {
  const Value* value = section.find(key);
  if (value == nullptr) return false;
  if (value->text() == "none") {
    timeout.reset();
    return true;
  }
  const std::optional<Duration> length = read_duration(*value);
  if (length && length->ns > 0) timeout = length;
  if (length && length->ns == 0) value->problem("must be above 0; write `none` for no timeout");
  return length && length->ns > 0;
}

void read_backoff(const Section& section, double& backoff) {
  assign(backoff, section.number("backoff", 1, kBackoffMost));
}

void read_migration(const Section& root, Reading& reading) {
  MigrationPolicy& policy = reading.scenario.migration;
  policy = default_policy();
  const Value* given = root.find("migration");
  if (given == nullptr) return;
  const Section section(*given, keys_of("migration"));
  read_preset(section, reading);
  read_timeout(section, "lock_timeout", policy.lock_timeout);
  read_timeout(section, "statement_timeout", policy.statement_timeout);
  if (const Value* retry = section.find("retry")) policy.retry = read_retry(*retry, policy.retry);
  read_backfill(section, policy);
  assign(policy.soak, section.duration("soak"));
}

}  // namespace midflight::io
