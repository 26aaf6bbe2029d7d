#include <gtest/gtest.h>

#include "sim/sql/parse.h"
#include "tests/unit/conduct/story.h"

namespace midflight::conduct {
namespace {

using Words = Story::Words;

Retry retry(int tries, Duration pause = Duration::seconds(1), double backoff = 1) {
  Retry policy;
  policy.tries = tries;
  policy.pause = pause;
  policy.backoff = backoff;
  return policy;
}

SqlStep sql(std::size_t statements, const Retry& policy = {}) {
  SqlStep step;
  step.statements.resize(statements);
  step.retry = policy;
  return step;
}

BackfillStep backfill(std::int64_t batch, const Retry& policy = {}) {
  BackfillStep step;
  step.batch = batch;
  step.pause = Duration::milliseconds(100);
  step.retry = policy;
  return step;
}

Story one(Action action, std::int64_t rows = 0) { return Story(plan_of({step_of("it", std::move(action))}), {rows}); }

const Words kDone = {"ended 0", "plan done"};

TEST(SqlStep, RunsItsStatementsInOneTransaction) {
  SqlStep step = sql(3);
  step.lock_timeout = Duration::seconds(2);
  Story story = one(step);
  EXPECT_EQ(story.begin(), (Words{"began 0", "run 0.0 begin try 1 within 2s"}));
  EXPECT_EQ(story.succeed(), (Words{"run 0.1 try 1 within 2s"}));
  EXPECT_EQ(story.succeed(), (Words{"run 0.2 commit try 1 within 2s"}));
  EXPECT_EQ(story.succeed(), kDone);
  EXPECT_TRUE(story.conductor().ended());
}

TEST(SqlStep, BeginsItsTransactionAgainAfterALockTimeout) {
  Story story = one(sql(2, retry(3, Duration::seconds(1), 2)));
  story.begin();
  story.succeed();
  EXPECT_EQ(story.fail(ErrorClass::LockTimeout, "lock timeout"), (Words{"timer 1s"}));
  EXPECT_EQ(story.ring(), (Words{"run 0.0 begin try 2"}));
  EXPECT_EQ(story.fail(ErrorClass::Deadlock, "deadlock"), (Words{"timer 2s"}));
  EXPECT_EQ(story.ring(), (Words{"run 0.0 begin try 3"}));
  EXPECT_EQ(story.fail(ErrorClass::LockTimeout, "canceling statement due to lock timeout"),
            (Words{"step it gave up after 3 tries: canceling statement due to lock timeout"}));
  EXPECT_TRUE(story.conductor().ended());
}

TEST(SqlStep, StatementsThatRefuseTransactionsRunAloneAndAreNotRepeated) {
  SqlStep step = sql(2, retry(2));
  step.statements[1].refuses_transaction = true;
  Story story = one(step);
  EXPECT_EQ(story.begin(), (Words{"began 0", "run 0.0 begin commit try 1"}));
  EXPECT_EQ(story.succeed(), (Words{"run 0.1 begin commit try 1"}));
  EXPECT_EQ(story.fail(ErrorClass::StatementTimeout, "slow"), (Words{"timer 1s"}));
  EXPECT_EQ(story.ring(), (Words{"run 0.1 begin commit try 2"}));
  EXPECT_EQ(story.succeed(), kDone);
}

SqlStep index_concurrently(const std::string& sql, int tries) {
  SqlStep step;
  step.statements = {sql::parse_one(sql)};
  step.retry = retry(tries);
  return step;
}

TEST(SqlStep, WhatAFailedConcurrentIndexLeavesIsDroppedBeforeTheNextTry) {
  Story story = one(index_concurrently("CREATE INDEX CONCURRENTLY by_name ON users (name)", 4));
  EXPECT_EQ(story.begin(), (Words{"began 0", "run 0.0 begin commit try 1"}));
  EXPECT_EQ(story.fail(ErrorClass::LockTimeout, "lock timeout"), (Words{"timer 1s"}));
  EXPECT_EQ(story.ring(), (Words{"run 0.0 begin commit try 2 cleaning up"}));
  EXPECT_EQ(story.fail(ErrorClass::LockTimeout, "lock timeout"), (Words{"timer 1s"}));
  EXPECT_EQ(story.ring(), (Words{"run 0.0 begin commit try 3 cleaning up"}));
  EXPECT_EQ(story.succeed(), (Words{"run 0.0 begin commit try 3"}));
  EXPECT_EQ(story.succeed(), kDone);
}

TEST(SqlStep, ConcurrentIndexThatIsGivenUpNamesWhatItMayLeave) {
  Story story = one(index_concurrently("CREATE INDEX CONCURRENTLY by_name ON users (name)", 1));
  story.begin();
  EXPECT_EQ(story.fail(ErrorClass::LockTimeout, "lock timeout"),
            (Words{"step it gave up after 1 try: lock timeout; DROP INDEX CONCURRENTLY IF EXISTS by_name removes an invalid "
                   "index that it may have left"}));
}

TEST(SqlStep, IndexThatMayBeAnothersIsNotDropped) {
  Story story = one(index_concurrently("CREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON users (name)", 2));
  story.begin();
  story.fail(ErrorClass::LockTimeout, "lock timeout");
  EXPECT_EQ(story.ring(), (Words{"run 0.0 begin commit try 2"}));
}

TEST(SqlStep, AnErrorThatNoRetryMendsStopsThePlanAtOnce) {
  Story story = one(sql(1, retry(10)));
  story.begin();
  EXPECT_EQ(story.fail(ErrorClass::Schema, "column \"x\" does not exist"),
            (Words{"step it failed: column \"x\" does not exist"}));
}

TEST(SqlStep, UnlimitedTriesNeverGiveUp) {
  Story story = one(sql(1, retry(Retry::kUnlimited)));
  story.begin();
  for (int next = 2; next < 200; ++next) {
    EXPECT_EQ(story.fail(ErrorClass::LockTimeout, ""), (Words{"timer 1s"}));
    EXPECT_EQ(story.ring(), (Words{"run 0.0 begin commit try " + std::to_string(next)}));
  }
}

TEST(SqlStep, WithoutStatementsIsDoneAtOnce) {
  EXPECT_EQ(one(sql(0)).begin(), (Words{"began 0", "ended 0", "plan done"}));
}

TEST(Backfill, GoesOverAllRowsInOrderWithPauses) {
  Story story = one(backfill(1000), 2500);
  EXPECT_EQ(story.begin(), (Words{"began 0", "batch 0 rows 0+1000 try 1"}));
  EXPECT_EQ(story.succeed(), (Words{"timer 100ms"}));
  EXPECT_EQ(story.ring(), (Words{"batch 1 rows 1000+1000 try 1"}));
  EXPECT_EQ(story.succeed(), (Words{"timer 100ms"}));
  EXPECT_EQ(story.ring(), (Words{"batch 2 rows 2000+500 try 1"}));
  EXPECT_EQ(story.conductor().batches_done(0), 2);
  EXPECT_EQ(story.conductor().batches(0), 3);
  EXPECT_EQ(story.succeed(), kDone);
}

TEST(Backfill, CountsItsRowsWhenItBegins) {
  const Plan plan = plan_of({step_of("first", WaitStep{Duration::seconds(1)}), step_of("copy", backfill(10), {0})});
  std::int64_t rows = 0;
  PlanConductor conductor(plan, [&rows](StepIndex) { return rows; });
  Commands commands;
  conductor.on(Begin{}, Instant{}, commands);
  rows = 25;
  conductor.on(TimerFired{0, std::get<SetTimer>(commands.back()).timer}, Instant{}, commands);
  EXPECT_EQ(conductor.batches(1), 3);
}

TEST(Backfill, IsBetweenBatchesOnlyWhileItPauses) {
  Story story = one(backfill(10, retry(2)), 20);
  story.begin();
  EXPECT_FALSE(story.conductor().between_batches(0));
  story.fail(ErrorClass::LockTimeout, "locked");
  EXPECT_FALSE(story.conductor().between_batches(0));
  story.ring();
  story.succeed();
  EXPECT_TRUE(story.conductor().between_batches(0));
  story.ring();
  EXPECT_FALSE(story.conductor().between_batches(0));
}

TEST(Backfill, OfNoRowsEndsAtOnce) {
  EXPECT_EQ(one(backfill(1000), 0).begin(), (Words{"began 0", "ended 0", "plan done"}));
}

TEST(Backfill, EveryBatchHasItsOwnTries) {
  Story story = one(backfill(10, retry(2)), 20);
  story.begin();
  EXPECT_EQ(story.fail(ErrorClass::LockTimeout, "locked"), (Words{"timer 1s"}));
  EXPECT_EQ(story.ring(), (Words{"batch 0 rows 0+10 try 2"}));
  story.succeed();
  EXPECT_EQ(story.ring(), (Words{"batch 1 rows 10+10 try 1"}));
  EXPECT_EQ(story.fail(ErrorClass::LockTimeout, "locked"), (Words{"timer 1s"}));
  story.ring();
  EXPECT_EQ(story.fail(ErrorClass::LockTimeout, "locked"),
            (Words{"step it gave up after 2 tries: locked (batch 2 of 2)"}));
}

TEST(Backfill, SkippedBatchesAreNotAskedFor) {
  Story story = one(backfill(10), 1'000'000'000'000);
  story.begin();
  story.succeed();
  story.conductor().skip_batches(0, 99'999'999'998);
  EXPECT_EQ(story.conductor().batches_done(0), 99'999'999'999);
  EXPECT_EQ(story.ring(), (Words{"batch 99999999999 rows 999999999990+10 try 1"}));
  EXPECT_EQ(story.succeed(), kDone);
}

TEST(BackfillDeathTest, TheLastBatchCannotBeSkippedNorOneThatRuns) {
  Story story = one(backfill(10), 100);
  story.begin();
  EXPECT_DEATH(story.conductor().skip_batches(0, 1), "between_batches");
  story.succeed();
  EXPECT_DEATH(story.conductor().skip_batches(0, 9), "count");
}

TEST(Deploy, EndsWithItsRollout) {
  Story story = one(DeployStep{"v2", {}});
  EXPECT_EQ(story.begin(), (Words{"began 0", "rollout 0"}));
  EXPECT_EQ(story.rolled_out(), kDone);
}

TEST(Wait, EndsWithItsTimer) {
  Story story = one(WaitStep{Duration::hours(1)});
  EXPECT_EQ(story.begin(), (Words{"began 0", "timer 1h"}));
  EXPECT_EQ(story.tell(TimerFired{0, 77}), Words{});
  EXPECT_EQ(story.ring(), kDone);
}

TEST(Check, FalseStopsThePlan) {
  Story holds = one(CheckStep{}), fails = one(CheckStep{});
  EXPECT_EQ(holds.begin(), (Words{"began 0", "ask 0"}));
  EXPECT_EQ(holds.answer(true), kDone);
  fails.begin();
  EXPECT_EQ(fails.answer(false), (Words{"step it failed: its condition does not hold"}));
}

// Asked at 0, 4, 8 and, for the last time, when the 10 s are over.
TEST(Check, PollsUntilTheTimeoutIsOver) {
  CheckStep check;
  check.every = Duration::seconds(4);
  check.timeout = Duration::seconds(10);
  Story story = one(check);
  story.begin();
  for (const char* pause : {"timer 4s", "timer 4s", "timer 2s"}) {
    EXPECT_EQ(story.answer(false), (Words{pause}));
    EXPECT_EQ(story.ring(), (Words{"ask 0"}));
  }
  EXPECT_EQ(story.answer(false), (Words{"step it failed: its condition did not hold within 10s"}));
}

}  // namespace
}  // namespace midflight::conduct
