#include <gtest/gtest.h>

#include "sim/kernel/error.h"
#include "sim/rules/rules.h"
#include "tests/unit/strategy/builders.h"

namespace midflight::strategy::testing {
namespace {

constexpr const char* kOrders =
    "CREATE TABLE orders (id bigserial PRIMARY KEY, amount integer, note text);";

Scenario orders(const std::string& change, const std::string& schema = kOrders) {
  Scenario s = scenario(change, schema);
  s.app.versions = {version("v1", {"INSERT INTO orders (amount) VALUES ($1)", "SELECT amount FROM orders WHERE id = $1"})};
  return s;
}

const char* const kToBigint = "ALTER TABLE orders ALTER COLUMN amount TYPE bigint";

TEST(TypeChangeStrategies, AreThoseThatKnowIt) {
  EXPECT_EQ(names_text(propose_all(orders(kToBigint))), "expand_contract maintenance_window naive");
}

TEST(TypeChange, ExpandContractFillsAColumnNamedAfterTheType) {
  const Proposal p = propose(orders(kToBigint), "expand_contract");
  EXPECT_EQ(text(p.plan),
            "expand: ALTER TABLE orders ADD COLUMN amount_bigint bigint\n"
            "write-both: deploy v1.1\n"
            "soak-write-both: wait 1h\n"
            "copy: UPDATE orders SET amount_bigint = CAST(amount AS bigint) WHERE amount_bigint IS DISTINCT FROM CAST(amount AS bigint)\n"
            "check-equal: check equal(orders.amount, orders.amount_bigint)\n"
            "read-new: deploy v1.2\n"
            "soak-read-new: wait 1h\n"
            "stop-old: deploy v2\n"
            "soak-stop-old: wait 1h\n"
            "contract: ALTER TABLE orders DROP COLUMN amount\n");
  ASSERT_FALSE(p.assumptions.empty());
  EXPECT_NE(p.assumptions.front().find("amount_bigint"), std::string::npos);
}

TEST(TypeChange, ColumnsThatDoNotCompareAreCheckedThroughTheCast) {
  const Proposal p = propose(orders("ALTER TABLE orders ALTER COLUMN note TYPE integer USING note::integer"), "expand_contract");
  EXPECT_NE(text(p.plan).find("check-equal: check SELECT NOT EXISTS (SELECT 1 FROM orders WHERE note_integer IS DISTINCT FROM CAST(note AS integer))"),
            std::string::npos) << text(p.plan);
}

TEST(TypeChange, VersionsKeepTheOldNameInTheirAnswers) {
  const Proposal p = propose(orders(kToBigint), "expand_contract");
  const std::string v2 = statements_text(p, "v2");
  EXPECT_NE(v2.find("INSERT INTO orders (amount_bigint)"), std::string::npos) << v2;
  EXPECT_NE(v2.find("AS amount FROM orders"), std::string::npos) << v2;
}

TEST(TypeChange, NaiveDeploysTheSameStatementsForTheNewType) {
  const Proposal p = propose(orders(kToBigint), "naive");
  EXPECT_EQ(text(p.plan), std::string("change: ") + kToBigint + "\ndeploy: deploy v2\n");
  EXPECT_EQ(statements_text(p, "v2"), statements_text(p, "v1"));
}

TEST(TypeChange, UsingWithoutInverseIsRefusedUnlessTheVersionIsListed) {
  Scenario s = orders("ALTER TABLE orders ALTER COLUMN amount TYPE bigint USING amount * 100");
  const Proposal refused = propose(s, "expand_contract");
  EXPECT_TRUE(refused.refused);
  EXPECT_NE(refused.why.find("v1.2"), std::string::npos) << refused.why;
  s.app.versions.push_back(version("v1.2", {"SELECT amount_bigint FROM orders"}));
  EXPECT_FALSE(propose(s, "expand_contract").refused) << propose(s, "expand_contract").why;
}

TEST(TypeChange, UsingThatOnlyCastsIsNoExpression) {
  const Proposal p = propose(orders("ALTER TABLE orders ALTER COLUMN amount TYPE bigint USING amount::bigint"), "expand_contract");
  EXPECT_FALSE(p.refused) << p.why;
}

TEST(TypeChange, SequenceValuesAreRefused) {
  const Proposal p = propose(orders("ALTER TABLE orders ALTER COLUMN number TYPE bigint",
                                    "CREATE TABLE orders (id bigint PRIMARY KEY, number serial, amount integer);"),
                             "expand_contract");
  EXPECT_TRUE(p.refused);
  EXPECT_NE(p.why.find("sequence"), std::string::npos) << p.why;
}

const char* const kSetNotNull = "ALTER TABLE orders ALTER COLUMN note SET NOT NULL";

TEST(SetNotNullStrategies, AreThoseThatKnowIt) {
  EXPECT_EQ(names_text(propose_all(orders(kSetNotNull))), "safe_not_null naive");
}

TEST(SafeNotNull, ProvesItByACheckThatIsDroppedAfterwards) {
  const Proposal p = propose(orders(kSetNotNull), "safe_not_null");
  EXPECT_EQ(text(p.plan),
            "not-null-check: ALTER TABLE orders ADD CONSTRAINT orders_note_not_null CHECK (note IS NOT NULL) NOT VALID\n"
            "validate: ALTER TABLE orders VALIDATE CONSTRAINT orders_note_not_null\n"
            "set-not-null: ALTER TABLE orders ALTER COLUMN note SET NOT NULL\n"
            "drop-check: ALTER TABLE orders DROP CONSTRAINT orders_note_not_null\n");
  EXPECT_EQ(versions_text(p), "v1");
}

// The point of the strategy: no pass over the rows under the exclusive lock.
TEST(SafeNotNull, ReadsTheRowsUnderTheWeakLockOnly) {
  const Scenario s = orders(kSetNotNull);
  Schema schema = s.schema;
  for (const Step& step : propose(s, "safe_not_null").plan.steps) {
    for (const Statement& statement : std::get<SqlStep>(step.action).statements) {
      const LocksAndWork rules = rules::locks_and_work(statement, schema, s.database.dialect);
      const bool scans = rules.phases.front().work.front().kind == WorkKind::Scan;
      EXPECT_EQ(scans, step.id == "validate") << step.id;
      const LockMode expected = scans ? LockMode::ShareUpdateExclusiveLock : LockMode::AccessExclusiveLock;
      EXPECT_EQ(rules.phases.front().locks.front().mode, expected) << step.id;
      for (const Operation& operation : statement.operations) ASSERT_EQ(apply(operation, schema), "");
    }
  }
  EXPECT_TRUE(schema.table("orders")->column("note")->not_null);
}

TEST(SafeNotNull, IsRefusedWhereItGainsNothing) {
  Scenario s = orders(kSetNotNull);
  s.database.dialect = {Engine::Sqlite, 340};
  EXPECT_NE(propose(s, "safe_not_null").why.find("NOT VALID"), std::string::npos);
  s.database.dialect = {Engine::Postgresql, 11};
  EXPECT_NE(propose(s, "safe_not_null").why.find("12"), std::string::npos);
}

TEST(SafeNotNull, StatementTimeoutSparesTheValidation) {
  Scenario s = orders(kSetNotNull);
  s.migration.statement_timeout = Duration::seconds(3);
  const Plan plan = propose(s, "safe_not_null").plan;
  EXPECT_EQ(std::get<SqlStep>(plan.steps.at(0).action).statement_timeout, Duration::seconds(3));
  EXPECT_FALSE(std::get<SqlStep>(plan.steps.at(1).action).statement_timeout.has_value());
}

const char* const kUpdate = "UPDATE orders SET note = 'none' WHERE note IS NULL";

TEST(UpdateStrategies, AreThoseThatKnowIt) {
  EXPECT_EQ(names_text(propose_all(orders(kUpdate))), "batched naive");
}

TEST(Batched, CarriesTheUpdateOutOverRanges) {
  const Proposal p = propose(orders(kUpdate), "batched");
  EXPECT_EQ(text(p.plan), std::string("update: ") + kUpdate + "\n");
  EXPECT_EQ(std::get<BackfillStep>(p.plan.steps.at(0).action).batch, 1000);
}

TEST(Batched, TakesAConditionThatManyRowsCanMeet) {
  EXPECT_FALSE(propose(orders("UPDATE orders SET note = 'none' WHERE note = ''"), "batched").refused);
}

TEST(Batched, RefusesWhatBatchesCannotCarry) {
  EXPECT_NE(propose(orders("UPDATE orders SET note = 'none' WHERE id = 7"), "batched").why.find("id"), std::string::npos);
  EXPECT_NE(propose(orders("UPDATE orders SET note = 'none' RETURNING id"), "batched").why.find("RETURNING"), std::string::npos);
}

TEST(Naive, NeedsNoReleaseForWhatTheApplicationDoesNotSee) {
  for (const std::string change : {kSetNotNull, kUpdate, "CREATE INDEX orders_note_idx ON orders (note)", "ALTER TABLE orders ADD COLUMN x int"}) {
    const Proposal p = propose(orders(change), "naive");
    EXPECT_EQ(text(p.plan), "change: " + change + "\n");
    EXPECT_EQ(versions_text(p), "v1");
  }
}

TEST(Naive, DeploysAReleaseThatTheScenarioLists) {
  Scenario s = orders("ALTER TABLE orders ADD COLUMN x int");
  s.app.versions.push_back(version("v2", {"SELECT x FROM orders"}));
  EXPECT_EQ(text(propose(s, "naive").plan), "change: ALTER TABLE orders ADD COLUMN x int\ndeploy: deploy v2\n");
}

TEST(Propose, RefusesAStrategyThatIsAboutOtherChanges) {
  const Proposal p = propose(orders(kSetNotNull), "batched");
  EXPECT_TRUE(p.refused);
  EXPECT_EQ(p.why, "batched does not know what to do with SET NOT NULL");
}

template <class F>
std::string error_of(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::BadInput);
    return error.problems().front().message;
  }
  return "no error";
}

TEST(Propose, NamesTheNearestStrategy) {
  EXPECT_EQ(error_of([] { propose(orders(kUpdate), "expand-contract"); }),
            "unknown strategy \"expand-contract\"; did you mean \"expand_contract\"?");
}

TEST(Propose, ListsTheStrategiesWhereNoneIsNamed) {
  EXPECT_EQ(error_of([] { propose(orders(kUpdate), ""); }).find("no strategy is named; --strategy takes one of expand_contract, "), 0U);
}

TEST(Propose, SaysWhenTheDatabaseWouldRefuseTheChange) {
  EXPECT_NE(error_of([] { propose_all(orders("ALTER TABLE orders RENAME COLUMN nots TO x")); }).find("nots"), std::string::npos);
}

TEST(Propose, NeedsAChangeOrAPlan) {
  Scenario s = orders(kUpdate);
  s.change.reset();
  EXPECT_EQ(error_of([&] { propose_all(s); }), "the scenario has neither a change nor a plan");
}

}  // namespace
}  // namespace midflight::strategy::testing
