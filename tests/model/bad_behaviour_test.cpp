#include "tests/support/closed_forms.h"

// What cannot go well ends all the same, and is called by its name.

namespace midflight::testing {
namespace {

class BadBehaviour : public BothModes {};
MIDFLIGHT_BOTH_MODES(BadBehaviour);

std::string app(const std::string& database, const std::string& settings, const std::string& endpoints, const std::string& rest) {
  return "name: bad behaviour\n"
         "database: {engine: postgresql, version: 15, connections: 500, " + database + "}\n"
         "schema: |\n  CREATE TABLE a (id bigint PRIMARY KEY, x int);\n  CREATE TABLE b (id bigint PRIMARY KEY, y int);\n"
         "tables: {a: {rows: 1000, row_bytes: 96}, b: {rows: 1000, row_bytes: 96}}\n"
         "app:\n" + settings + "  rollout: {kind: rolling, startup: 1s, drain: 1s}\n  versions:\n    v1:\n" + endpoints + rest;
}

const std::string kAlter = "plan:\n  - {wait: 1s}\n  - {id: alter, sql: ALTER TABLE a ADD COLUMN z int}\n";
const std::string kReader = "      - {name: read, rate: 100/s, time: 1ms, sql: SELECT x FROM a WHERE id = $1}\n";

// One processor and requests of 20 ms: 50/s are served, 60/s come.
// Timeouts keep the queue short, but the overload never ends by itself.
TEST_P(BadBehaviour, OverloadEndsAndIsSaidAsOverload) {
  const std::string endpoints = "      - {name: read, rate: 60/s, time: \"exponential(20ms)\", sql: SELECT x FROM a WHERE id = $1}\n";
  for (const char* const patience : {"2s", "1h"}) {
    const std::string settings = std::string("  instances: 1\n  pool: 200\n  request_timeout: ") + patience + "\n  pool_timeout: 1h\n";
    const Prediction p = predict(scenario(app("cores: 1", settings, endpoints, "plan:\n  - {wait: 5min}\n")), 3, plain_profile());
    for (const Measurement& m : p.runs) EXPECT_TRUE(m.overloaded) << patience;
    EXPECT_NE(p.why.find("overload that does not end"), std::string::npos) << p.why;
    EXPECT_EQ(p.verdict, Verdict::Down);
  }
}

TEST_P(BadBehaviour, BusyButSufficientProcessorsAreNoOverload) {
  const std::string endpoints = "      - {name: read, rate: 40/s, time: \"exponential(20ms)\", sql: SELECT x FROM a WHERE id = $1}\n";
  const Prediction p = predict(scenario(app("cores: 1", "  instances: 1\n  pool: 200\n", endpoints, "plan:\n  - {wait: 1min}\n")), 3, plain_profile());
  for (const Measurement& m : p.runs) EXPECT_FALSE(m.overloaded);
}

TEST_P(BadBehaviour, LockThatIsNeverGrantedEndsAtTheLimit) {
  const std::string idle =
      "background:\n  - {name: forgotten, at: 0s, time: 20d, while: idle, sql: SELECT * FROM a LIMIT 1}\n"
      "limits: {time: 2min}\n";
  const Prediction p = predict(scenario(app("cores: 4", "  instances: 2\n  pool: 10\n  request_timeout: 2s\n", kReader, kAlter + idle)), 3, plain_profile());
  EXPECT_EQ(p.verdict, Verdict::Incomplete);
  EXPECT_NE(p.why.find("limits.time"), std::string::npos) << p.why;
  for (const Measurement& m : p.runs) {
    EXPECT_EQ(m.total_time, Duration::minutes(2));
    EXPECT_FALSE(m.completed);
    EXPECT_GT(m.failed_requests, 0);
    EXPECT_GE(m.downtime, Duration::seconds(100));
  }
}

TEST_P(BadBehaviour, TriesThatRunOutAreTold) {
  const std::string plan =
      "plan:\n  - {wait: 1s}\n  - {id: alter, sql: ALTER TABLE a ADD COLUMN z int, lock_timeout: 200ms, retry: {tries: 4, pause: 1s}}\n"
      "background:\n  - {name: forgotten, at: 0s, time: 1min, while: idle, sql: SELECT * FROM a LIMIT 1}\n";
  const Prediction p = predict(scenario(app("cores: 4", "  instances: 2\n  pool: 10\n", kReader, plan)), 3, plain_profile());
  EXPECT_EQ(p.verdict, Verdict::Incomplete);
  EXPECT_NE(p.why.find("gave up after 4 tries"), std::string::npos) << p.why;
  for (const Measurement& m : p.runs) {
    EXPECT_EQ(step(p, m, "alter").tries, 4);
    // 1 s, four tries of 0.2 s and three pauses of 1 s.
    EXPECT_EQ(m.total_time, Duration::milliseconds(4800));
  }
}

TEST_P(BadBehaviour, NoBackgroundAndOneInstanceWithOneConnectionIsEnough) {
  const Prediction p = predict(scenario(app("cores: 1", "  instances: 1\n  pool: 1\n", 
      "      - {name: read, rate: 20/s, time: 1ms, sql: SELECT x FROM a WHERE id = $1}\n", kAlter)), 5, plain_profile());
  EXPECT_EQ(p.verdict, Verdict::Safe) << p.why;
  for (const Measurement& m : p.runs) EXPECT_TRUE(m.completed);
}

// One connection, 10 ms a request: M/D/1 first come, first served.  At 60/s the
// mean wait is rho s / (2 (1 - rho)) = 0.6 * 10 / 0.8 = 7.5 ms; P(wait = 0) = 0.4.
// Late by more than 10 ms, its own service time, is who has to wait at all.
TEST_P(BadBehaviour, PoolOfOneIsAQueue) {
  const std::string endpoints = "      - {name: read, rate: 60/s, time: 10ms, sql: SELECT x FROM a WHERE id = $1}\n";
  const Prediction p = predict(scenario(app("cores: unlimited", "  instances: 1\n  pool: 1\n", endpoints,
                                            "plan:\n  - {wait: 5min}\nobjective: {latency: 10ms, errors: 100%}\n")), 5, plain_profile());
  const double late = mean(p, [](const auto& m) { return m.delayed_requests; }) / mean(p, [](const auto& m) { return m.requests; });
  EXPECT_NEAR(late, 0.6, 0.02);
}

TEST_P(BadBehaviour, ZeroTrafficIsNoDowntime) {
  const std::string endpoints = "      - {name: read, rate: 0.0001/s, sql: SELECT x FROM a WHERE id = $1}\n";
  const Prediction p = predict(scenario(app("cores: 4", "  instances: 1\n  pool: 1\n", endpoints, kAlter)), 3, plain_profile());
  EXPECT_EQ(p.verdict, Verdict::Safe) << p.why;
}

// A request updates a, thinks 100 ms, updates b; the migration alters b, then a.
//   request:   holds a ................ wants b: behind the migration
//   migration:     holds b, wants a: behind the request
std::string opposite_orders(const std::string& rate) {
  const std::string transfer =
      "      - name: transfer\n        rate: " + rate + "\n        time: 2ms\n        think: 100ms\n"
      "        sql: [\"UPDATE a SET x = $1 WHERE id = $2\", \"UPDATE b SET y = $1 WHERE id = $2\"]\n";
  return app("cores: 4, deadlock_timeout: 200ms", "  instances: 2\n  pool: 50\n", transfer,
             "plan:\n  - {wait: 1s}\n"
             "  - {id: both, sql: [ALTER TABLE b ADD COLUMN z int, ALTER TABLE a ADD COLUMN z int], retry: {tries: 50, pause: 1370ms}}\n");
}

// The first ALTER takes 2 ms: the migration begins to wait before the request
// does, looks first, is the victim and tries again.  A try meets nobody between
// its two statements with probability e^(-3 * 0.102), so it takes e^0.306 = 1.358.
TEST_P(BadBehaviour, MigrationThatLooksFirstIsTheVictimOfADeadlock) {
  const Prediction p = predict(scenario(opposite_orders("3/s")), 1000, plain_profile());
  expect_near(mean(p, [&](const auto& m) { return step(p, m, "both").tries; }), 1.358, "tries");
  // Only a request that came to b within those 2 ms looks before the migration: 3 * 0.002 of the tries.
  EXPECT_LT(mean(p, [](const auto& m) { return m.failed_requests; }), 0.02);
  for (const Measurement& m : p.runs) EXPECT_TRUE(m.completed) << m.why_incomplete;
}

// The first ALTER takes 150 ms: a request that waits for b has waited longer
// than the migration for a, looks first, and fails with 40P01.
TEST_P(BadBehaviour, RequestThatLooksFirstIsTheVictimOfADeadlock) {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 0.15;
  const Prediction p = predict(scenario(opposite_orders("6/s")), 40, profile);
  double victims = 0;
  for (const Measurement& m : p.runs) {
    EXPECT_TRUE(m.completed) << m.why_incomplete;
    EXPECT_EQ(m.failed_requests, failures(m, ErrorClass::Deadlock));
    for (const ErrorCount& e : m.errors) EXPECT_EQ(e.kind.sqlstate + " " + e.kind.message, "40P01 deadlock detected");
    victims += static_cast<double>(m.failed_requests);
  }
  EXPECT_GT(victims, 5);
}

// A request reads its row FOR UPDATE (RowShare), thinks 100 ms and updates it
// (RowExclusive); the migration builds an index for 50 ms (Share), then alters.
//   request:    RowShare |---- 100 ms ----| wants RowExclusive
//   migration:      Share |- 50 ms -| wants AccessExclusive
// The server sees such a deadlock as soon as the second of the two asks: a
// deadlock_timeout of a minute changes nothing.  The migration asks second where
// a request asked while it built: with probability 1 - e^(-6 * 0.05) a try.  Else
// those that came less than 100 ms before it asked fail when they ask: 6 * 0.1.
TEST_P(BadBehaviour, TwoThatBlockEachOtherOnOneTableAreADeadlockAtOnce) {
  const std::string edit =
      "      - name: edit\n        rate: 6/s\n        time: 0ms\n        think: 100ms\n"
      "        sql: [\"SELECT x FROM a WHERE id = $1 FOR UPDATE\", \"UPDATE a SET x = $1 WHERE id = $2\"]\n";
  cost::Profile profile = plain_profile();
  profile.metadata_s = 0;
  profile.index_rows_per_s = 20'000;
  const Prediction p = predict(scenario(app("cores: unlimited, deadlock_timeout: 1min", "  instances: 2\n  pool: 50\n", edit,
      "plan:\n  - {wait: 1s}\n  - {id: both, sql: [CREATE INDEX a_x ON a (x), ALTER TABLE a ADD COLUMN z int],\n"
      "     retry: {tries: 100, pause: 1s}}\n")), 2000, profile);
  expect_near(mean(p, [&](const auto& m) { return step(p, m, "both").tries; }), 1.350, "tries");
  EXPECT_NEAR(mean(p, [](const auto& m) { return m.failed_requests; }), 0.6, 0.04);
  for (const Measurement& m : p.runs) {
    EXPECT_TRUE(m.completed) << m.why_incomplete;
    EXPECT_EQ(m.failed_requests, failures(m, ErrorClass::Deadlock));
    EXPECT_LE(step(p, m, "both").lock_wait, Duration::milliseconds(100));
  }
}

}  // namespace
}  // namespace midflight::testing
