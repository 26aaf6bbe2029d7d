#include "tests/support/closed_forms.h"

// What comes after the lock: the backlog, and the pool that it fills.

namespace midflight::testing {
namespace {

class Convoy : public BothModes {};
MIDFLIGHT_BOTH_MODES(Convoy);

/// Four processors, requests of 1 ms: mu = 4000/s.  The DDL holds readers for 1 s.
std::string four_processors(int rate) {
  return "name: convoy\n"
         "database: {engine: postgresql, version: 15, connections: 50000, cores: 4}\n"
         "schema: \"CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));\"\n"
         "tables: {users: {rows: 100000, row_bytes: 96}}\n"
         "app:\n  instances: 10\n  pool: 2000\n  pool_timeout: 1min\n  request_timeout: 1min\n"
         "  rollout: {kind: rolling, startup: 1s, drain: 1s}\n"
         "  versions:\n    v1:\n"
         "      - {name: profile, rate: " + std::to_string(rate) + "/s, time: \"exponential(1ms)\", sql: SELECT name FROM users WHERE id = $1}\n"
         "plan:\n  - {wait: 1s}\n  - {id: alter, sql: ALTER TABLE users ADD COLUMN x int}\n"
         "objective: {latency: 20ms, errors: 1%}\n";
}

double degraded_seconds(const Prediction& p) {
  return mean(p, [](const auto& m) { return m.downtime.seconds(); });
}

// lambda W requests have gathered in W = 1 s and leave at mu - lambda, so the
// last slow answer comes after W + lambda W / (mu - lambda) = W / (1 - rho):
//   lambda 1000: 1.333 s; 2000: 2 s; 3000: 4 s.
// Down slots are 0.1 s wide: their sum may be half a slot longer on average.
TEST_P(Convoy, BacklogDrainsAtTheRateThatIsLeft) {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 1;
  for (const int rate : {1000, 2000, 3000}) {
    const Prediction p = predict(scenario(four_processors(rate)), 12, profile);
    const double rho = rate / 4000.0;
    EXPECT_NEAR(degraded_seconds(p), 1 / (1 - rho) + 0.05, 0.03 / (1 - rho) + 0.05) << rate;
  }
}

// In the crowd right after the stall a request of 1 ms costs 3/7 ms more, so
// mu' = 4 / (10/7 ms) = 2800/s, and the drain takes lambda W / (mu' - lambda) = 2000 / 800 = 2.5 s.
TEST_P(Convoy, EachOfACrowdCostsMore) {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 1;
  profile.herd_s = 1e-3 * 3 / 7;
  const Prediction p = predict(scenario(four_processors(2000)), 12, profile);
  EXPECT_NEAR(degraded_seconds(p), 3.5 + 0.05, 0.03 * 3.5 + 0.05);
}

// Requests of 1 ms that cost 0.03 ms more are a crowd for lambda W / (mu' - lambda) = 3200 / (4000 / 1.03 - 3200) = 4.68 s;
// a share of the capacity (0.7 would leave 2800/s) would keep them one for ever.
TEST_P(Convoy, ACrowdOfLongRequestsDrains) {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 1;
  profile.herd_s = 0.03e-3;
  const Prediction p = predict(scenario(four_processors(3200)), 12, profile);
  EXPECT_NEAR(degraded_seconds(p), 5.68 + 0.05, 0.05 * 5.68 + 0.05);
}

/// Two tables, one pool of 100; the DDL holds `a` for 4 s.
std::string two_tables(const std::string& limits) {
  return "name: pool\n"
         "database: {engine: postgresql, version: 15, connections: 5000, cores: unlimited}\n"
         "schema: |\n  CREATE TABLE a (id bigint PRIMARY KEY, x int);\n  CREATE TABLE b (id bigint PRIMARY KEY, y int);\n"
         "tables: {a: {rows: 1000, row_bytes: 96}, b: {rows: 1000, row_bytes: 96}}\n"
         "app:\n  instances: 1\n  pool: 100\n" + limits +
         "  rollout: {kind: rolling, startup: 1s, drain: 1s}\n"
         "  versions:\n    v1:\n"
         "      - {name: of_a, rate: 50/s, time: 1ms, sql: SELECT x FROM a WHERE id = $1}\n"
         "      - {name: of_b, rate: 100/s, time: 1ms, sql: SELECT y FROM b WHERE id = $1}\n"
         "plan:\n  - {wait: 1s}\n  - {id: alter, sql: ALTER TABLE a ADD COLUMN z int}\n"
         "objective: {latency: 100ms, errors: 1%}\n";
}

const EndpointMeasurement& endpoint(const Measurement& m, std::string_view name) {
  for (const EndpointMeasurement& e : m.endpoints) {
    if (e.endpoint == name) return e;
  }
  ADD_FAILURE() << "no endpoint " << name;
  return m.endpoints.front();
}

//  1            3              5
//  |-a waits: pool fills ------|     100 connections / 50 a second = 2 s
//               |-b waits too--|
TEST_P(Convoy, FullPoolTakesDownEndpointsThatTouchNothingLocked) {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 4;
  const Prediction p = predict(scenario(two_tables("  pool_timeout: 1min\n  request_timeout: 1min\n")), 200, profile);

  // b is late from 3 s to 4.9 s: 100 * 1.9.
  expect_near(mean(p, [](const auto& m) { return endpoint(m, "of_b").delayed; }), 190, "delayed of b");
  expect_near(mean(p, [](const auto& m) { return endpoint(m, "of_b").downtime.seconds(); }), 1.9, "downtime of b");
  // a is late from 1 s to 4.9 s: 50 * 3.9.
  expect_near(mean(p, [](const auto& m) { return endpoint(m, "of_a").delayed; }), 195, "delayed of a");
}

//  3         4.5   5      whoever comes before 4.5 s has waited 0.5 s for a connection
//  |-fails-----|---|
TEST_P(Convoy, WhoWaitsTooLongForAConnectionFails) {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 4;
  const Prediction p = predict(scenario(two_tables("  pool_timeout: 500ms\n  request_timeout: 1min\n")), 200, profile);

  expect_near(mean(p, [](const auto& m) { return endpoint(m, "of_b").failed; }), 100 * 1.5, "failed of b");
  expect_near(mean(p, [](const auto& m) { return endpoint(m, "of_a").failed; }), 50 * 1.5, "failed of a");
  expect_near(mean(p, [](const auto& m) { return failures(m, ErrorClass::PoolTimeout); }), 150 * 1.5, "pool timeouts");
}

}  // namespace
}  // namespace midflight::testing
