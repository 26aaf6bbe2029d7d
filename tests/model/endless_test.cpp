#include "tests/support/closed_forms.h"

// What is broken when the plan has ended stays broken: no number of seconds says how long.

namespace midflight::testing {
namespace {

class Endless : public BothModes {};
MIDFLIGHT_BOTH_MODES(Endless);

std::string application(const std::string& rest, const std::string& limits = "") {
  return "name: dropped\n"
         "database: {engine: postgresql, version: 15, connections: 500, cores: 4}\n"
         "schema: CREATE TABLE a (id bigint PRIMARY KEY, x int, y int)\ntables: {a: {rows: 1000, row_bytes: 96}}\n"
         "app:\n  instances: 4\n  pool: 10\n" + limits + "  rollout: {kind: rolling, startup: 1s, drain: 1s}\n  versions:\n    v1:\n"
         "      - {name: read, rate: 100/s, time: 1ms, sql: SELECT * FROM a WHERE id = $1}\n" + rest;
}

const std::string kReadsX = "      - {name: x, rate: 20/s, time: 1ms, sql: SELECT x FROM a WHERE id = $1}\n";
const std::string kV2 = "    v2:\n      - {name: read, rate: 100/s, time: 1ms, sql: SELECT * FROM a WHERE id = $1}\n";
const std::string kDrop = "plan:\n  - {id: drop, sql: ALTER TABLE a DROP COLUMN x}\n";

int endless_runs(const Prediction& p) {
  return static_cast<int>(std::count_if(p.runs.begin(), p.runs.end(), [](const Measurement& m) { return m.endless; }));
}

// One request in six reads x; 5 s of traffic follow the plan, and only these can be counted.
TEST_P(Endless, AColumnThatIsStillReadIsMissedForEver) {
  const Prediction p = predict(scenario(application(kReadsX + kDrop)), 20, plain_profile());
  EXPECT_EQ(endless_runs(p), 20);
  EXPECT_EQ(p.verdict, Verdict::Down);
  EXPECT_TRUE(p.why.ends_with("; the downtime does not end by itself")) << p.why;
  for (const Measurement& m : p.runs) EXPECT_LE(m.downtime, Duration::seconds(6));
}

TEST_P(Endless, AVersionThatDoesWithoutItEndsTheDowntime) {
  const Prediction p = predict(scenario(application(kReadsX + kV2 + kDrop + "  - {id: deploy, deploy: v2}\n")), 20, plain_profile());
  EXPECT_EQ(endless_runs(p), 0);
  EXPECT_EQ(p.verdict, Verdict::Down);
  EXPECT_EQ(p.why.find("does not end"), std::string::npos) << p.why;
}

// One request in 10,001 fails, and one in a hundred may.
TEST_P(Endless, WhatTheObjectiveAllowsIsNoDowntime) {
  const std::string hardly = "      - {name: x, rate: 0.01/s, time: 1ms, sql: SELECT x FROM a WHERE id = $1}\n";
  EXPECT_EQ(endless_runs(predict(scenario(application(hardly + kDrop)), 5, plain_profile())), 0);
}

TEST_P(Endless, PlansThatTheDriverKeepsAreStaleForEver) {
  const std::string add = "plan:\n  - {id: add, sql: ALTER TABLE a ADD COLUMN z int}\n";
  EXPECT_EQ(endless_runs(predict(scenario(application(add, "  prepared: driver\n")), 5, plain_profile())), 5);
  EXPECT_EQ(endless_runs(predict(scenario(application(add, "  prepared: driver\n  on_stale_plan: reprepare\n")), 5, plain_profile())), 0);
}

}  // namespace
}  // namespace midflight::testing
