#include <gtest/gtest.h>

#include "sim/io/policies.h"
#include "tests/unit/io/scenario_support.h"

namespace midflight::io::testing {
namespace {

/// The documented example, distributions in flow mappings unquoted as people write them.
constexpr const char* kDocumented = R"yaml(
name: rename users.name to users.full_name
database:
  engine: postgresql
  version: 15
  connections: 200
  cores: 4
  deadlock_timeout: 1s
schema: "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50));"
tables:
  users: {rows: 3000000, row_bytes: 96}
app:
  instances: 8
  pool: 10
  pool_timeout: 5s
  request_timeout: 5s
  prepared: driver
  on_stale_plan: reprepare
  retry: {tries: 3, pause: 10ms, backoff: 2}
  rollout: {kind: rolling, max_surge: 25%, max_unavailable: 1, startup: uniform(10s, 30s), drain: 10s}
  versions:
    v1:
      - {name: sign-up, rate: 50/s, sql: "INSERT INTO users (name) VALUES ($1)"}
      - {name: profile, rate: 450/s, time: lognormal(2ms, 0.5), sql: "SELECT name FROM users WHERE id = $1"}
      - name: rename
        rate: 6/min
        think: exponential(5ms)
        sql:
          - SELECT name FROM users WHERE id = $1
          - UPDATE users SET name = $1 WHERE id = $2
background:
  - {name: nightly report, every: 10min, time: lognormal(8s, 0.6), sql: "SELECT count(*) FROM users"}
  - {name: forgotten transaction, at: 30s, time: 1min, while: idle, isolation: repeatable read, sql: "SELECT * FROM users LIMIT 1"}
change: ALTER TABLE users RENAME COLUMN name TO full_name
migration:
  lock_timeout: 2s
  retry: {tries: 10, pause: 1s, backoff: 2, cap: 1min}
  backfill: {batch: 1000, pause: 100ms}
  soak: 1h
objective: {latency: 1s, errors: 1%}
limits: {time: 30d}
seed: 42
)yaml";

TEST(ScenarioReader, ReadsTheDocumentedDatabaseAndSizes) {
  const Scenario s = parsed(kDocumented);
  EXPECT_EQ(s.name, "rename users.name to users.full_name");
  EXPECT_EQ(s.database.dialect.engine, Engine::Postgresql);
  EXPECT_EQ(s.database.dialect.version, 15);
  EXPECT_EQ(s.database.connections, 200);
  ASSERT_EQ(s.schema.tables.size(), 1U);
  EXPECT_EQ(s.schema.tables[0].rows, 3'000'000);
  EXPECT_EQ(s.schema.tables[0].row_bytes, 96);
  EXPECT_EQ(s.time_limit, Duration::days(30));
  EXPECT_DOUBLE_EQ(s.objective.errors, 0.01);
  EXPECT_EQ(s.seed, 42U);
}

TEST(ScenarioReader, ReadsTheDocumentedApplication) {
  const Application app = parsed(kDocumented).app;
  EXPECT_EQ(app.instances, 8);
  EXPECT_TRUE(app.prepared);
  EXPECT_EQ(app.on_stale_plan, Application::OnStalePlan::Reprepare);
  EXPECT_EQ(app.retry.tries, 3);
  EXPECT_EQ(app.retry.pause, Duration::milliseconds(10));
  EXPECT_EQ(app.rollout.max_surge, (InstanceCount{25, true}));
  EXPECT_EQ(app.rollout.max_unavailable, (InstanceCount{1, false}));
  EXPECT_EQ(app.rollout.startup, Distribution::uniform(Duration::seconds(10), Duration::seconds(30)));
  ASSERT_EQ(app.versions.size(), 1U);
  const std::vector<Endpoint>& endpoints = app.versions[0].endpoints;
  ASSERT_EQ(endpoints.size(), 3U);
  EXPECT_EQ(endpoints[1].time, Distribution::lognormal(Duration::milliseconds(2), 0.5));
  EXPECT_DOUBLE_EQ(endpoints[2].rate_per_second, 0.1);
  EXPECT_EQ(endpoints[2].think, Distribution::exponential(Duration::milliseconds(5)));
  EXPECT_EQ(endpoints[2].statements.size(), 2U);
}

TEST(ScenarioReader, ReadsTheDocumentedBackgroundAndMigration) {
  const Scenario s = parsed(kDocumented);
  ASSERT_EQ(s.background.size(), 2U);
  EXPECT_EQ(s.background[0].every, Duration::minutes(10));
  EXPECT_EQ(s.background[0].time, Distribution::lognormal(Duration::seconds(8), 0.6));
  EXPECT_EQ(s.background[1].at, Duration::seconds(30));
  EXPECT_EQ(s.background[1].during, BackgroundJob::While::Idle);
  EXPECT_TRUE(s.background[1].repeatable_read);
  ASSERT_TRUE(s.change);
  EXPECT_EQ(s.change->where.line, 34);
  EXPECT_EQ(s.migration.lock_timeout, Duration::seconds(2));
  EXPECT_EQ(s.migration.retry, (Retry{10, Duration::seconds(1), 2, Duration::minutes(1)}));
  EXPECT_EQ(s.migration.soak, Duration::hours(1));
}

TEST(ScenarioReader, WhatIsNotSaidIsTakenFromTheDocumentedExampleAndRecorded) {
  const Scenario s = parsed(with("  instances: 2\n", ""));
  EXPECT_EQ(s.app.instances, 8);
  EXPECT_EQ(s.migration.retry, (Retry{10, Duration::seconds(1), 2, Duration::minutes(1)}));
  EXPECT_EQ(s.app.versions[0].endpoints[0].time, Distribution::lognormal(Duration::milliseconds(1), 0.5));
}

TEST(ScenarioReader, SizesThatAreNotGivenAreGuessedAndRecorded) {
  // 28 bytes of overhead, bigint 8, varchar(50) 50 / 2 + 1 = 26
  const Scenario guessed = parsed(with("row_bytes: 96", ""));
  EXPECT_EQ(guessed.schema.tables[0].row_bytes, 28 + 8 + 26);
  EXPECT_TRUE(one_says(guessed.assumptions, "users (62 bytes)"));
  const Scenario empty = parsed(with("  users: {rows: 1000, row_bytes: 96}\n", ""));
  EXPECT_EQ(empty.schema.tables[0].rows, 0);
  EXPECT_TRUE(one_says(empty.assumptions, "have no rows: users"));
}

TEST(ScenarioReader, SqliteHasItsOwnVersionsJournalAndBusyTimeout) {
  const Database db = parsed(with("{engine: postgresql}", "{engine: sqlite, version: 3.40, journal: delete, busy_timeout: 2s}")).database;
  EXPECT_EQ(db.dialect.engine, Engine::Sqlite);
  EXPECT_EQ(db.dialect.version, 340);
  EXPECT_EQ(db.journal, Journal::Delete);
  EXPECT_EQ(db.busy_timeout, Duration::seconds(2));
  EXPECT_EQ(parsed(with("{engine: postgresql}", "{engine: sqlite}")).database.dialect.version, 340);
}

TEST(ScenarioReader, CoresMayBeUnlimited) {
  EXPECT_TRUE(parsed(with("postgresql}", "postgresql, cores: unlimited}")).database.cores_unlimited);
  EXPECT_FALSE(parsed(good_scenario()).database.cores_unlimited);
}

TEST(ScenarioReader, ARolloutMayBeABareKind) {
  const Rollout rollout = parsed(with("rollout: {kind: rolling, startup: 3s, drain: 2s}", "rollout: canary")).app.rollout;
  EXPECT_EQ(rollout.kind, RolloutKind::Canary);
  EXPECT_EQ(rollout.stages.size(), 2U);
}

TEST(ScenarioReader, ExplicitKeysOverrideThePreset) {
  const MigrationPolicy policy = parsed(with("lock_timeout: 2s", "policy: pgroll\n  lock_timeout: 3s")).migration;
  EXPECT_EQ(policy.preset, "pgroll");
  EXPECT_EQ(policy.lock_timeout, Duration::seconds(3));
  EXPECT_EQ(policy.retry.tries, Retry::kUnlimited);
  EXPECT_EQ(policy.batch_pause, Duration{});
  EXPECT_EQ(parsed(with("lock_timeout: 2s", "lock_timeout: none")).migration.lock_timeout, std::nullopt);
}

TEST(ScenarioReader, EveryPresetCanBeChosen) {
  for (const PolicyPreset& preset : policy_presets()) {
    const std::string yaml = with("lock_timeout: 2s", "policy: " + std::string(preset.name));
    ASSERT_TRUE(problems(yaml).empty()) << preset.name;
    EXPECT_EQ(parsed(yaml).migration.lock_timeout, preset.lock_timeout);
  }
}

// GitLab sleeps 41.5 minutes in all between its tries, online_migrations about 9.
TEST(ScenarioReader, PresetsSleepAsLongAsTheirToolsDo) {
  const auto minutes = [](const char* name) {
    const PolicyPreset* preset = policy_preset(name);
    double seconds = 0, pause = preset->retry.pause.seconds();
    for (int next = 2; next <= preset->retry.tries; ++next) {
      seconds += std::min(pause, preset->retry.cap.seconds());
      pause *= preset->retry.backoff;
    }
    return seconds / 60;
  };
  EXPECT_NEAR(minutes("gitlab"), 41.5, 3);
  EXPECT_NEAR(minutes("online_migrations"), 9, 1);
}

TEST(ScenarioReader, OverridesReplaceAndAddValuesByPath) {
  const Scenario s = parsed(good_scenario(), {{"tables.users.rows", "3e7"},
                                              {"app.versions.v1.profile.rate", "75/s"},
                                              {"app.versions.v1.profile.time", "lognormal(3ms, 0.5)"},
                                              {"limits.time", "7d"},
                                              {"migration.retry.tries", "3"}});
  EXPECT_EQ(s.schema.tables[0].rows, 30'000'000);
  EXPECT_DOUBLE_EQ(s.app.versions[0].endpoints[0].rate_per_second, 75);
  EXPECT_EQ(s.app.versions[0].endpoints[0].time, Distribution::lognormal(Duration::milliseconds(3), 0.5));
  EXPECT_EQ(s.time_limit, Duration::days(7));
  EXPECT_EQ(s.migration.retry.tries, 3);
}

TEST(ScenarioReader, WrongOverridesAreReportedLikeTheFile) {
  EXPECT_TRUE(says(all_problems(good_scenario(), {{"app.instances", "0"}}), "override app.instances: `app.instances` must be a whole number"));
  EXPECT_TRUE(says(all_problems(good_scenario(), {{"app.instancs", "1"}}), "did you mean `instances`?"));
  EXPECT_TRUE(says(all_problems(good_scenario(), {{"app.versions.v1.nothing.rate", "1/s"}}), "names no value"));
}

}  // namespace
}  // namespace midflight::io::testing
