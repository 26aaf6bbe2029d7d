#include <gtest/gtest.h>

#include "tests/support/scenarios.h"

// Every way of getting expand and contract wrong is found, and said in words.

namespace midflight::testing {
namespace {

const std::string kCopy = "  - {id: copy, backfill: UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name, batch: 500, pause: 20ms}\n";
const std::string kExpand = "  - {id: expand, sql: ALTER TABLE users ADD COLUMN full_name varchar(50)}\n";
const std::string kContract = "  - {id: contract, sql: ALTER TABLE users DROP COLUMN name}\n";
const std::string kDropNotNull = "  - {id: relax, sql: ALTER TABLE users ALTER COLUMN name DROP NOT NULL}\n";

std::string deploy(const std::string& id, const std::string& version, const std::string& after = "") {
  return "  - {id: " + id + ", deploy: " + version + (after.empty() ? "" : ", after: [" + after + "]") + "}\n";
}

Scenario rename_with(const std::string& plan, const std::string& not_null = "") {
  return scenario(
      "name: rename\n"
      "database: {engine: postgresql, version: 15, connections: 200, cores: 4}\n"
      "schema: \"CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50)" + not_null + ");\"\n"
      "tables: {users: {rows: 4000, row_bytes: 96}}\n"
      "app:\n  instances: 4\n  pool: 10\n  rollout: {kind: rolling, startup: 5s, drain: 2s}\n  versions:\n    v1:\n"
      "      - {name: sign-up, rate: 10/s, sql: \"INSERT INTO users (name) VALUES ($1)\"}\n"
      "      - {name: profile, rate: 100/s, sql: SELECT name FROM users WHERE id = $1}\n"
      "      - {name: rename, rate: 20/s, sql: UPDATE users SET name = $1 WHERE id = $2}\n"
      "change: ALTER TABLE users RENAME COLUMN name TO full_name\n"
      "plan:\n" + plan);
}

class WrongPlan : public ::testing::TestWithParam<bool> {
 protected:
  Prediction predict(const std::string& plan, const std::string& not_null = "") const {
    return run(rename_with(plan, not_null), options(12, GetParam()));
  }
  static void expect_said(const Prediction& p, const std::string& words) {
    EXPECT_NE(p.why.find(words), std::string::npos) << "\"" << words << "\" is not in: " << p.why;
  }
};

INSTANTIATE_TEST_SUITE_P(Modes, WrongPlan, ::testing::Bool(),
                         [](const auto& mode) { return mode.param ? "Exact" : "Counted"; });

TEST_P(WrongPlan, TheRightOneIsSafe) {
  const Prediction p = predict(kExpand + deploy("write-both", "v1.1") + kCopy +
                               "  - {id: filled, check: \"equal(users.name, users.full_name)\"}\n" +
                               deploy("read-new", "v1.2") + deploy("stop-old", "v2") + kContract);
  EXPECT_EQ(p.verdict, Verdict::Safe) << p.why;
}

TEST_P(WrongPlan, BackfillBeforeTheLastOldInstanceIsGone) {
  const Prediction p = predict(kExpand + kCopy + deploy("write-both", "v1.1") + deploy("read-new", "v1.2") +
                               deploy("stop-old", "v2") + kContract);
  EXPECT_EQ(p.verdict, Verdict::Unsafe);
  expect_said(p, "older value");
  expect_said(p, "lost");
  for (const Measurement& m : p.runs) EXPECT_GT(m.lost_writes, 0);
}

TEST_P(WrongPlan, BackfillBesideTheRolloutOfDoubleWriting) {
  const Prediction p = predict(kExpand + deploy("write-both", "v1.1", "expand") +
                               "  - {id: copy, backfill: UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name, batch: 500, pause: 20ms, after: [expand]}\n" +
                               deploy("read-new", "v1.2", "write-both, copy") + deploy("stop-old", "v2") + kContract);
  EXPECT_EQ(p.verdict, Verdict::Unsafe);
  expect_said(p, "older value");
}

TEST_P(WrongPlan, CheckStopsABackfillThatCameTooEarly) {
  const Prediction p = predict(kExpand + kCopy + deploy("write-both", "v1.1") +
                               "  - {id: filled, check: \"equal(users.name, users.full_name)\"}\n" +
                               deploy("read-new", "v1.2") + deploy("stop-old", "v2") + kContract);
  EXPECT_EQ(p.verdict, Verdict::Incomplete);
  expect_said(p, "filled");
  for (const Measurement& m : p.runs) {
    EXPECT_FALSE(m.completed);
    EXPECT_EQ(m.stale_reads, 0);
  }
}

TEST_P(WrongPlan, ReadingTheNewColumnBeforeItIsFilled) {
  const Prediction p = predict(kExpand + deploy("write-both", "v1.1") + deploy("read-new", "v1.2") + kCopy +
                               deploy("stop-old", "v2") + kContract);
  EXPECT_EQ(p.verdict, Verdict::Unsafe);
  expect_said(p, "older value");
  for (const Measurement& m : p.runs) EXPECT_GT(m.diverged_rows_peak, 2000);
}

TEST_P(WrongPlan, SecondVersionBeforeTheBackfill) {
  const Prediction p = predict(kExpand + deploy("write-both", "v1.1") + deploy("stop-old", "v2") + kCopy + kContract);
  EXPECT_EQ(p.verdict, Verdict::Unsafe);
  // The copy overwrites what v2 alone had written.
  for (const Measurement& m : p.runs) EXPECT_GT(m.lost_writes, 0);
  expect_said(p, "lost");
}

TEST_P(WrongPlan, FromDoubleWritingStraightToTheNewColumn) {
  const Prediction p = predict(kExpand + deploy("write-both", "v1.1") + kCopy + deploy("stop-old", "v2") + kContract);
  EXPECT_EQ(p.verdict, Verdict::Unsafe);
  // v1.1 reads the old column while v2 writes only the new one.
  expect_said(p, "older value");
  for (const Measurement& m : p.runs) EXPECT_GT(m.diverged_rows_peak, 0);
}

TEST_P(WrongPlan, DroppingTheOldColumnWhileItIsStillWritten) {
  const Prediction p = predict(kExpand + deploy("write-both", "v1.1") + kCopy + deploy("read-new", "v1.2") + kContract +
                               deploy("stop-old", "v2"));
  EXPECT_EQ(p.verdict, Verdict::Down);
  expect_said(p, "42703");
  expect_said(p, "v1.2");
}

TEST_P(WrongPlan, NotNullLeftOnTheOldColumn) {
  const Prediction p = predict(kExpand + deploy("write-both", "v1.1") + kCopy + deploy("read-new", "v1.2") +
                               deploy("stop-old", "v2") + kContract, " NOT NULL");
  EXPECT_NE(p.verdict, Verdict::Safe);
  expect_said(p, "23502");
  expect_said(p, "sign-up of v2");
  const Prediction relaxed = predict(kExpand + deploy("write-both", "v1.1") + kCopy + deploy("read-new", "v1.2") +
                                     kDropNotNull + deploy("stop-old", "v2") + kContract, " NOT NULL");
  EXPECT_EQ(relaxed.verdict, Verdict::Safe) << relaxed.why;
}

TEST_P(WrongPlan, FirstVersionThatReadsAColumnThatIsNotThere) {
  const Prediction p = predict(deploy("write-both", "v1.1") + kExpand + kCopy + deploy("read-new", "v1.2") +
                               deploy("stop-old", "v2") + kContract);
  EXPECT_EQ(p.verdict, Verdict::Down);
  expect_said(p, "42703");
  expect_said(p, "v1.1");
}

}  // namespace
}  // namespace midflight::testing
