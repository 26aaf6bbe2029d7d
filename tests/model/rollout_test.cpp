#include "tests/support/closed_forms.h"

// Two versions, one schema: who fails while the fleet moves.

namespace midflight::testing {
namespace {

class Overlap : public BothModes {};
MIDFLIGHT_BOTH_MODES(Overlap);

/// 8 instances; 100 requests a second touch the column, 60 do not.
std::string fleet(const std::string& rollout, const std::string& rest) {
  return "name: rollout\n"
         "database: {engine: postgresql, version: 15, connections: 5000, cores: unlimited}\n"
         "schema: \"CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50), age int);\"\n"
         "tables: {users: {rows: 100000, row_bytes: 96}}\n"
         "app:\n  instances: 8\n  pool: 100\n  rollout: " + rollout + "\n"
         "  versions:\n    v1:\n"
         "      - {name: profile, rate: 100/s, time: 1ms, sql: SELECT name FROM users WHERE id = $1}\n"
         "      - {name: age, rate: 60/s, time: 1ms, sql: SELECT age FROM users WHERE id = $1}\n"
         "change: ALTER TABLE users RENAME COLUMN name TO full_name\n" + rest;
}

double failed(const Prediction& p) {
  return mean(p, [](const auto& m) { return m.failed_requests; });
}

const std::string kRolling = "{kind: rolling, max_surge: 25%, max_unavailable: 25%, startup: 20s, drain: 10s}";

// Surge 2, unavailable 2.  2 start and 2 stop, and 2 more start in their place:
//   0 s .. 20 s: 6 old serve                 share of v1 = 1
//  20 s .. 40 s: 4 new, 4 of the old stopped: 2 old, 4 new      = 1/3
//  40 s .. 50 s: 8 new; the last old drain                      = 0
// Failures of v1: lambda f (20 + 20/3) = 100 * 26.67.
TEST_P(Overlap, OldVersionFailsForTheIntegralOfItsShare) {
  cost::Profile profile = plain_profile();
  const Prediction p = predict(scenario(fleet(kRolling, "")), 30, profile, "naive");
  expect_near(failed(p), 100 * (20 + 20 / 3.0), "failed");
  expect_near(mean(p, [](const auto& m) { return failures(m, ErrorClass::Schema); }), 100 * (20 + 20 / 3.0), "of the schema");
  for (const Measurement& m : p.runs) {
    EXPECT_EQ(m.overlap, Duration::seconds(20));
    EXPECT_NEAR(m.total_time.seconds(), 50, 0.01);
  }
}

// The wrong way round: v2 fails until the rename, which comes when the rollout
// is done: lambda f (20 * 2/3 + 10) = 100 * 23.33.
TEST_P(Overlap, NewVersionFailsUntilTheSchemaFollows) {
  const std::string plan =
      "plan:\n  - {id: deploy, deploy: v2}\n  - {id: rename, sql: ALTER TABLE users RENAME COLUMN name TO full_name}\n";
  const Prediction p = predict(scenario(fleet(kRolling, plan)), 30, plain_profile());
  expect_near(failed(p), 100 * (20 * 2 / 3.0 + 10), "failed");
}

// All stop, 10 s of drain, 20 s of start-up: everything fails for 30 s.
TEST_P(Overlap, RecreateFailsEveryRequestForDrainAndStartup) {
  const Prediction p = predict(scenario(fleet("{kind: recreate, startup: 20s, drain: 10s}", "")), 30, plain_profile(), "naive");
  expect_near(mean(p, [](const auto& m) { return failures(m, ErrorClass::NoInstance); }), 160 * 30, "no instance");
  expect_near(mean(p, [](const auto& m) { return m.downtime.seconds(); }), 30, "downtime");
  for (const Measurement& m : p.runs) EXPECT_EQ(m.overlap, Duration{});
}

// The switch comes when the slowest of 8 is ready: E[max of 8 in 10..19 s] = 10 + 9 * 8/9 = 18 s.
// Until then the old version fails; never do both serve.
TEST_P(Overlap, BlueGreenFailsUntilTheLastInstanceIsReady) {
  const Prediction p =
      predict(scenario(fleet("{kind: blue-green, startup: \"uniform(10s, 19s)\", drain: 5s}", "")), 200, plain_profile(), "naive");
  expect_near(failed(p), 100 * 18, "failed");
  for (const Measurement& m : p.runs) EXPECT_EQ(m.overlap, Duration{});
}

// Canary to 2 of 8, held for 30 s, then the rest.  Start-up 10 s, surge 2, unavailable 2:
//   0 s: 2 start in the places of 2 that stop (6 old serve)     share of v1 = 1
//  10 s: 2 new, 6 old; hold                                      = 3/4
//  40 s: 2 more start above, 2 of the old stop and 2 start for them: 4 old, 2 new = 2/3
//  50 s: 6 new; the old 4 stop but for spare: 6 + old >= 6, so all 4 stop   = 0
// v1 fails for 10 + 30 * 3/4 + 10 * 2/3 = 39.17 s.
TEST_P(Overlap, CanaryFailsForTheAreaUnderItsStages) {
  const Prediction p = predict(
      scenario(fleet("{kind: canary, max_surge: 25%, max_unavailable: 25%, startup: 10s, drain: 1s, stages: [{share: 25%, hold: 30s}]}", "")),
      30, plain_profile(), "naive");
  expect_near(failed(p), 100 * (10 + 30 * 0.75 + 10 * 2 / 3.0), "failed");
}

}  // namespace
}  // namespace midflight::testing
