#include <gtest/gtest.h>

#include "tests/unit/io/scenario_support.h"

// What a scenario leaves out is listed with the value that is used instead.

namespace midflight::io::testing {
namespace {

std::string all(const std::string& yaml) {
  std::string text;
  for (const std::string& sentence : parsed(yaml).assumptions) text += sentence + "\n";
  return text;
}

TEST(Defaults, EveryValueThatIsUsedAndNotSaidIsListedOnce) {
  EXPECT_EQ(all(good_scenario()),
            "No database.profile is given: durations follow the documented default of PostgreSQL, not a measured server.\n"
            "Endpoints without `time` take lognormal(1ms, 0.5) of the database: profile.\n"
            "By default in `database`: version 15, connections 200, cores 4 and deadlock_timeout 1s.\n"
            "By default in `app`: pool_timeout 5s, request_timeout 5s, prepared none, retry.tries 1, rollout.max_surge 25% and "
            "rollout.max_unavailable 25%.\n"
            "By default in `migration`: statement_timeout none, retry.tries 10, retry.pause 1s, retry.backoff 2, retry.cap 1min, "
            "backfill.batch 1000, backfill.pause 100ms and soak 1h.\n"
            "By default in `objective`: errors 1%.\n"
            "By default in `limits`: time 30d.\n");
}

struct Case {
  std::string from, to;
  std::string says, not_said;
};

class OneDefault : public ::testing::TestWithParam<Case> {};

TEST_P(OneDefault, IsListedWhereSomethingDependsOnIt) {
  const std::string text = all(with(GetParam().from, GetParam().to));
  EXPECT_TRUE(says(text, GetParam().says));
  EXPECT_EQ(text.find(GetParam().not_said), std::string::npos) << text;
}

INSTANTIATE_TEST_SUITE_P(
    All, OneDefault,
    ::testing::Values(
        Case{"  instances: 2\n", "", "`app`: instances 8,", "pool 10"},
        Case{"{engine: postgresql}", "{engine: sqlite}", "version 3.40, cores 4, journal wal and busy_timeout 5s", "connections"},
        Case{"{kind: rolling, startup: 3s, drain: 2s}", "recreate", "rollout.startup 20s and rollout.drain 10s", "max_surge"},
        Case{"{kind: rolling, startup: 3s, drain: 2s}", "canary", "rollout.stages 2% for 5min, 20% for 5min", "rollout.kind"},
        Case{"  pool: 5\n", "  prepared: driver\n  retry: {tries: 3}\n", "on_stale_plan fail, retry.pause 0s, retry.backoff 1,", "prepared"},
        Case{"lock_timeout: 2s", "policy: pgroll", "`migration`: soak 1h", "batch 1000"},
        Case{"lock_timeout: 2s", "retry: {tries: 1}", "lock_timeout 2s", "retry.pause"},
        Case{"sql: SELECT name FROM users WHERE id = $1", "sql: [SELECT 1, SELECT 2]",
             "Endpoints without `think` do not pause between their statements: profile.", "connections 100"},
        Case{"change:", "background:\n  - {name: idler, at: 1s, time: 1s, while: idle, sql: SELECT 1}\nchange:",
             "Idle background jobs without `isolation` are READ COMMITTED: idler.", "connections 100"}));

// It says itself what its steps do.
TEST(Defaults, AnExplicitPlanHasNoPolicy) {
  const std::string text = all(with_plan("  - {id: fill, backfill: UPDATE users SET name = lower(name)}\n"));
  EXPECT_TRUE(says(text, "Backfills without `batch` take 1000 rows a transaction: fill."));
  EXPECT_EQ(text.find("migration"), std::string::npos) << text;
  EXPECT_EQ(text.find("rollout"), std::string::npos) << text;
}

}  // namespace
}  // namespace midflight::io::testing
