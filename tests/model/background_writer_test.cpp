#include "tests/support/closed_forms.h"

// Background jobs that write: their row locks, and what their writes leave behind.

namespace midflight::testing {
namespace {

class BackgroundWriter : public BothModes {
 protected:
  Prediction predict(const std::string& job, const std::string& plan, int runs = 40) const {
    cost::Profile profile = plain_profile();
    profile.metadata_s = 0;
    return BothModes::predict(scenario(
        "name: background writer\n"
        "database: {engine: postgresql, version: 15, connections: 50000, cores: unlimited}\n"
        "schema: \"CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50));\"\n"
        "tables: {users: {rows: 4000, row_bytes: 96}}\n"
        "app:\n  instances: 2\n  pool: 1000\n  pool_timeout: 1min\n  request_timeout: 1min\n"
        "  rollout: {kind: rolling, startup: 1s, drain: 1s}\n  versions:\n    v1:\n"
        "      - {name: rename, rate: 50/s, time: 1ms, sql: UPDATE users SET name = $1 WHERE id = $2}\n"
        "      - {name: profile, rate: 50/s, time: 1ms, sql: SELECT name FROM users WHERE id = $1}\n"
        "    both:\n"
        "      - {name: rename, rate: 50/s, time: 1ms, sql: \"UPDATE users SET name = $1, x = $2 WHERE id = $3\"}\n"
        "      - {name: profile, rate: 50/s, time: 1ms, sql: SELECT name FROM users WHERE id = $1}\n"
        "background:\n  - {name: job, " + job + "}\n"
        "plan:\n  - {id: add, sql: ALTER TABLE users ADD COLUMN x varchar(50)}\n" + plan), runs, profile);
  }
};
MIDFLIGHT_BOTH_MODES(BackgroundWriter);

const std::string kAll = "sql: UPDATE users SET name = 'y'";
const std::string kMoved =
    "  - {id: write-both, deploy: both}\n"
    "  - {id: copy, backfill: UPDATE users SET x = name WHERE x IS DISTINCT FROM name, batch: 500, pause: 20ms}\n"
    "  - {wait: 1min}\n"
    "  - {id: same, check: \"equal(users.name, users.x)\"}\n";

//  1 s          4 s   5 s    the job has all rows
//   |-- late ----|-----|     writers of the first 3 s wait for more than the objective of 1 s: 50 * 3
TEST_P(BackgroundWriter, WritersWaitForTheEndOfAnIdleTransactionThatWroteTheirRow) {
  const Prediction p = predict("at: 1s, time: 4s, while: idle, " + kAll, "  - {wait: 10s}\n");
  expect_near(mean(p, [](const auto& m) { return m.delayed_requests; }), 150, "delayed");
  for (const Measurement& m : p.runs) EXPECT_EQ(m.failed_requests, 0);
}

// Both at 0: the job was there before, and the change waits for all of it.
TEST_P(BackgroundWriter, AJobOfTheSameMomentGoesBeforeTheStep) {
  const Prediction p = predict("at: 0s, time: 4s, while: idle, " + kAll, "");
  for (const Measurement& m : p.runs) EXPECT_NEAR(m.steps[0].lock_wait.seconds(), 4, 1e-6);
}

// So it is at the end of a wait: the second change waits from 2 s to 6 s.
TEST_P(BackgroundWriter, AJobGoesBeforeTheStepThatAWaitOfTheSameLengthSetsOff) {
  const Prediction p = predict("at: 2s, time: 4s, while: idle, " + kAll, "  - {wait: 2s, after: []}\n  - {id: late, sql: ALTER TABLE users ADD COLUMN y integer}\n");
  for (const Measurement& m : p.runs) EXPECT_NEAR(m.steps[2].lock_wait.seconds(), 4, 1e-6);
}

// A running UPDATE reaches the rows one after the other: who comes t after it
// began finds his row locked with probability t / 4 and waits 4 - t, too long
// where t < 3: 50 * 3^2 / 8.
TEST_P(BackgroundWriter, RunningUpdateLocksRowsAsItReachesThem) {
  const Prediction p = predict("at: 1s, time: 4s, " + kAll, "  - {wait: 10s}\n", 200);
  expect_near(mean(p, [](const auto& m) { return m.delayed_requests; }), 56.25, "delayed");
}

// 4,000 rows and 50 writers/s for 20 s: 0.25 meet the row, evenly over the 20 s; late are those of the first 19.
TEST_P(BackgroundWriter, SingleRowIsRarelyMet) {
  const Prediction p = predict("at: 1s, time: 20s, while: idle, sql: UPDATE users SET name = 'y' WHERE id = 7", "  - {wait: 30s}\n", 2000);
  EXPECT_NEAR(mean(p, [](const auto& m) { return m.delayed_requests; }), 0.2375, 0.035);
}

//  0 s   1 s         2 s           5 s
//         |-job: all rows -----------|
//                     |copy: waits---|     3 s
TEST_P(BackgroundWriter, BatchWaitsForRowsThatAJobHasLocked) {
  const Prediction p = predict("at: 1s, time: 4s, while: idle, " + kAll,
                               "  - {wait: 2s}\n  - {id: copy, backfill: UPDATE users SET x = name, batch: 500, pause: 20ms}\n", 5);
  for (const Measurement& m : p.runs) EXPECT_NEAR(step(p, m, "copy").lock_wait.seconds(), 3, 0.001);
}

//         |-job: all rows -----------|
//                     |-X|  1 s  |-X|  1 s  |ok      2 to 2.5, 3.5 to 4; at 5 s the job is gone
TEST_P(BackgroundWriter, LockTimeoutEndsAWaitForRowsToo) {
  const Prediction p = predict("at: 1s, time: 4s, while: idle, " + kAll,
                               "  - {wait: 2s}\n  - {id: copy, backfill: UPDATE users SET x = name, batch: 500, pause: 20ms, "
                               "lock_timeout: 500ms, retry: {tries: 10, pause: 1s}}\n", 5);
  for (const Measurement& m : p.runs) {
    EXPECT_TRUE(m.completed) << m.why_incomplete;
    EXPECT_NEAR(step(p, m, "copy").lock_wait.seconds(), 1, 0.001);
    EXPECT_EQ(step(p, m, "copy").tries, 3);
  }
}

// The copy is done within the first seconds; what the job writes at 30 s it writes to the old column alone.
TEST_P(BackgroundWriter, JobThatKnowsOnlyTheOldColumnUndoesTheCopy) {
  for (const std::string where : {"", " WHERE id = 7"}) {
    const Prediction p = predict("at: 30s, time: 100ms, " + kAll + where, kMoved, 4);
    EXPECT_EQ(p.verdict, Verdict::Incomplete) << p.why;
    EXPECT_NE(p.why.find("same failed: its condition does not hold"), std::string::npos) << p.why;
  }
  const Prediction inserts = predict("at: 30s, time: 100ms, sql: INSERT INTO users (name) VALUES ('z')", kMoved, 4);
  EXPECT_EQ(inserts.verdict, Verdict::Incomplete) << inserts.why;
}

TEST_P(BackgroundWriter, JobThatWritesBeforeTheCopyDoesNoHarm) {
  for (const Measurement& m : predict("at: 1s, time: 100ms, " + kAll, kMoved, 4).runs) EXPECT_TRUE(m.completed) << m.why_incomplete;
}

TEST_P(BackgroundWriter, HowManyRowsAJobWritesIsSaid) {
  const auto said = [&](const std::string& sql) { return predict("at: 1s, time: 1s, sql: " + sql, "", 1).proposal.assumptions; };
  EXPECT_EQ(said("UPDATE users SET name = 'y'"), std::vector<std::string>{"The background job job writes every row of users."});
  EXPECT_EQ(said("DELETE FROM users WHERE name IS NULL").size(), 1U);
  EXPECT_TRUE(said("UPDATE users SET name = 'y' WHERE id = 7").empty());
}

}  // namespace
}  // namespace midflight::testing
