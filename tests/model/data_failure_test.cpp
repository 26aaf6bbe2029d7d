#include "tests/support/closed_forms.h"

// Rows that do not meet what a statement or a check demands of them.

namespace midflight::testing {
namespace {

class DataFailure : public BothModes {
 protected:
  Prediction predict(const std::string& plan) const {
    return BothModes::predict(scenario(
        "name: data\n"
        "database: {engine: postgresql, version: 15, connections: 200, cores: 4}\n"
        "schema: \"CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50) NOT NULL, note text); CREATE TABLE empty (id bigint); CREATE TABLE texts (note text PRIMARY KEY);\"\n"
        "tables: {users: {rows: 4000, row_bytes: 96}}\n"
        "app:\n  instances: 2\n  pool: 10\n  rollout: {kind: rolling, startup: 1s, drain: 1s}\n  versions:\n    v1:\n"
        "      - {name: sign-up, rate: 10/s, sql: \"INSERT INTO users (name) VALUES ($1)\"}\n"
        "      - {name: profile, rate: 50/s, sql: SELECT name FROM users WHERE id = $1}\n"
        "    both:\n"
        "      - {name: sign-up, rate: 10/s, sql: \"INSERT INTO users (name, x) VALUES ($1, $2)\"}\n"
        "      - {name: profile, rate: 50/s, sql: SELECT name FROM users WHERE id = $1}\n"
        "plan:\n" + plan), 4, plain_profile());
  }
  void expect_fails(const std::string& plan, const std::string& words) const {
    const Prediction p = predict(plan);
    EXPECT_EQ(p.verdict, Verdict::Incomplete) << p.why;
    for (const Measurement& m : p.runs) {
      EXPECT_FALSE(m.completed);
      EXPECT_NE(m.why_incomplete.find(words), std::string::npos) << "\"" << words << "\" is not in: " << m.why_incomplete;
    }
  }
  void expect_done(const std::string& plan) const {
    for (const Measurement& m : predict(plan).runs) EXPECT_TRUE(m.completed) << m.why_incomplete;
  }
  static bool assumes(const Prediction& p, const std::string& words) {
    return std::any_of(p.proposal.assumptions.begin(), p.proposal.assumptions.end(),
                       [&](const std::string& a) { return a.find(words) != std::string::npos; });
  }
};
MIDFLIGHT_BOTH_MODES(DataFailure);

const std::string kAdd = "  - {id: add, sql: ALTER TABLE users ADD COLUMN x varchar(50)}\n";
const std::string kDefault = "  - {id: default, sql: \"ALTER TABLE users ALTER COLUMN x SET DEFAULT ''\"}\n";
const std::string kFill = "  - {id: fill, backfill: \"UPDATE users SET x = '' WHERE x IS NULL\", batch: 500, pause: 20ms}\n";
const std::string kCopy = "  - {id: copy, backfill: UPDATE users SET x = name WHERE x IS DISTINCT FROM name, batch: 500, pause: 20ms}\n";
const std::string kBoth = "  - {id: write-both, deploy: both}\n";
const std::string kSet = "  - {id: set, sql: ALTER TABLE users ALTER COLUMN x SET NOT NULL}\n";
const std::string kNotValid = "  - {id: rule, sql: ALTER TABLE users ADD CONSTRAINT has_x CHECK (x IS NOT NULL) NOT VALID}\n";
const std::string kValidate = "  - {id: validate, sql: ALTER TABLE users VALIDATE CONSTRAINT has_x}\n";
const std::string kNulls = "column \"x\" of relation \"users\" contains null values";
const std::string kViolated = "check constraint \"has_x\" of relation \"users\" is violated by some row";

TEST_P(DataFailure, SetNotNullMeetsAColumnThatNothingFilled) { expect_fails(kAdd + kSet, kNulls); }
TEST_P(DataFailure, ValidateMeetsAColumnThatNothingFilled) { expect_fails(kAdd + kNotValid + kValidate, kViolated); }
TEST_P(DataFailure, CheckThatIsValidAtOnceMeetsAColumnThatNothingFilled) {
  expect_fails(kAdd + "  - {id: rule, sql: ALTER TABLE users ADD CONSTRAINT has_x CHECK (x IS NOT NULL)}\n", kViolated);
}
TEST_P(DataFailure, AddingAColumnNotNullWithoutADefaultMeetsTheRowsThereAre) {
  expect_fails("  - {id: add, sql: ALTER TABLE users ADD COLUMN x int NOT NULL}\n", kNulls);
}
TEST_P(DataFailure, NoRowsNoNulls) { expect_done(kAdd + "  - {id: more, sql: ALTER TABLE empty ADD COLUMN x int NOT NULL}\n"); }

// The release that goes on inserting without the column leaves nulls behind the fill.
TEST_P(DataFailure, FillIsUndoneByInsertsThatLeaveTheColumnOut) { expect_fails(kAdd + kFill + "  - {wait: 5s}\n" + kSet, kNulls); }
TEST_P(DataFailure, FillHoldsOnceInsertsHaveADefault) { expect_done(kAdd + kDefault + kFill + kNotValid + kValidate + kSet); }
TEST_P(DataFailure, FillHoldsOnceEveryReleaseWritesTheColumn) { expect_done(kAdd + kBoth + kFill + kSet); }
TEST_P(DataFailure, CopyWhileTheOldReleaseServesLeavesNulls) { expect_fails(kAdd + kCopy + kBoth + kSet, kNulls); }
TEST_P(DataFailure, CopyAfterTheOldReleaseIsGoneLeavesNone) { expect_done(kAdd + kBoth + kCopy + kSet); }

TEST_P(DataFailure, OneTransactionThatAddsAndFillsMeetsItsOwnRows) {
  expect_done("  - {id: all, sql: [ALTER TABLE users ADD COLUMN x varchar(50), \"UPDATE users SET x = ''\", "
              "ALTER TABLE users ALTER COLUMN x SET NOT NULL]}\n");
  expect_fails("  - {id: all, sql: [ALTER TABLE users ADD COLUMN x varchar(50), "
               "ALTER TABLE users ALTER COLUMN x SET NOT NULL]}\n", kNulls);
}

TEST_P(DataFailure, CheckOfAColumnThatNothingFilledDoesNotHold) {
  expect_fails(kAdd + "  - {id: filled, check: filled(users.x)}\n", "filled failed: its condition does not hold");
  expect_fails(kAdd + "  - {id: same, check: \"equal(users.name, users.x)\"}\n", "same failed: its condition does not hold");
}
TEST_P(DataFailure, CheckOfAFilledColumnHolds) { expect_done(kAdd + kBoth + kFill + "  - {id: filled, check: filled(users.x)}\n"); }

TEST_P(DataFailure, WhatNothingTellsIsTakenForGrantedAndSaid) {
  const Prediction set = predict(kAdd + "  - {id: set, sql: ALTER TABLE users ALTER COLUMN note SET NOT NULL}\n");
  EXPECT_TRUE(set.runs[0].completed);
  EXPECT_TRUE(assumes(set, "No row has a null in users.note when the plan begins."));
  const Prediction check = predict(kAdd + "  - {id: same, check: \"equal(users.name, users.note)\"}\n  - {id: filled, check: filled(users.note)}\n");
  EXPECT_TRUE(check.runs[0].completed);
  EXPECT_TRUE(assumes(check, "equal(users.name, users.note)"));
  EXPECT_TRUE(assumes(check, "filled(users.note)"));
  EXPECT_TRUE(predict(kAdd + kBoth + kCopy + kSet).proposal.assumptions.empty());
}

// What makes a step fail is part of the verdict where nothing tells whether it is so.
TEST_P(DataFailure, WhatNothingTellsIsTheConditionOfASafeVerdict) {
  using Conditions = std::vector<std::string>;
  const auto of = [&](const std::string& sql) { return predict(kAdd + "  - {id: step, sql: \"" + sql + "\", retry: {tries: 9, pause: 1s}}\n").conditions; };
  EXPECT_EQ(of("ALTER TABLE users ALTER COLUMN note SET NOT NULL"), Conditions{"no row has a null in users.note"});
  EXPECT_EQ(of("ALTER TABLE users ADD CHECK (length(note) < 9)"), Conditions{"every row of users fulfils CHECK (length(note) < 9)"});
  EXPECT_EQ(of("ALTER TABLE users ADD CHECK (length(note) < 9) NOT VALID"), Conditions{});
  EXPECT_EQ(of("ALTER TABLE users ADD CONSTRAINT c CHECK (length(note) < 9) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c"),
            Conditions{"every row of users fulfils CHECK (length(note) < 9)"});
  EXPECT_EQ(of("ALTER TABLE users ADD UNIQUE (name, note)"), Conditions{"no two rows of users are equal in (name, note)"});
  EXPECT_EQ(of("CREATE UNIQUE INDEX once ON users (lower(name))"), Conditions{"no two rows of users are equal in once"});
  EXPECT_EQ(of("CREATE UNIQUE INDEX once ON users (x)"), Conditions{});         // the plan has made it
  EXPECT_EQ(of("CREATE UNIQUE INDEX once ON users (name, id)"), Conditions{});  // id is a key already
  EXPECT_EQ(of("CREATE UNIQUE INDEX once ON empty (id)"), Conditions{});
  EXPECT_EQ(of("ALTER TABLE users ADD FOREIGN KEY (note) REFERENCES texts"), Conditions{"every row of users that names a row of texts finds it"});
  EXPECT_EQ(of("ALTER TABLE users ADD COLUMN z int CHECK (z > 0)"), Conditions{});
}

TEST_P(DataFailure, ASafeVerdictBeginsWithItsConditions) {
  const Prediction p = predict(kAdd + "  - {id: step, sql: CREATE UNIQUE INDEX CONCURRENTLY once ON users (name)}\n");
  ASSERT_EQ(p.verdict, Verdict::Safe) << p.why;
  EXPECT_TRUE(p.why.starts_with("if no two rows of users are equal in (name), no request fails")) << p.why;
  EXPECT_TRUE(assumes(p, "No two rows of users are equal in (name) when the plan begins."));
}

}  // namespace
}  // namespace midflight::testing
