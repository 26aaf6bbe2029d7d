#include "sim/model/plan.h"

#include <gtest/gtest.h>

namespace midflight {
namespace {

Statement sql(const std::string& text) {
  Statement statement;
  statement.sql = text;
  return statement;
}

Step step_of(Action action) {
  Step step;
  step.action = std::move(action);
  return step;
}

TEST(Retry, PausesGrowByBackoffUpToTheCap) {
  Retry retry;
  retry.tries = 10;
  retry.pause = Duration::seconds(1);
  retry.backoff = 2;
  retry.cap = Duration::seconds(5);
  EXPECT_EQ(retry.pause_before(2), Duration::seconds(1));
  EXPECT_EQ(retry.pause_before(3), Duration::seconds(2));
  EXPECT_EQ(retry.pause_before(4), Duration::seconds(4));
  EXPECT_EQ(retry.pause_before(5), Duration::seconds(5));
  EXPECT_EQ(retry.pause_before(1'000'000'000), Duration::seconds(5));
}

TEST(Retry, WithoutBackoffThePauseStays) {
  Retry retry;
  retry.pause = Duration::nanoseconds(123'456'789'123);
  EXPECT_EQ(retry.pause_before(2), retry.pause);
  EXPECT_EQ(retry.pause_before(1'000'000'000), retry.pause);
  EXPECT_EQ(Retry{}.pause_before(7), Duration{});
}

TEST(Step, KindAndTextNameWhatItDoes) {
  SqlStep two;
  two.statements = {sql("ALTER TABLE t ADD c int"), sql("ALTER TABLE t DROP d")};
  EXPECT_EQ(step_kind(step_of(two)), "sql");
  EXPECT_EQ(step_text(step_of(two)), "ALTER TABLE t ADD c int; ALTER TABLE t DROP d");
  EXPECT_EQ(step_kind(step_of(DeployStep{"v2", {}})), "deploy");
  EXPECT_EQ(step_text(step_of(DeployStep{"v2", {}})), "deploy v2");
  EXPECT_EQ(step_text(step_of(DeployStep{"", {}})), "stop the application");
  BackfillStep backfill;
  backfill.update = sql("UPDATE t SET c = d");
  EXPECT_EQ(step_kind(step_of(backfill)), "backfill");
  EXPECT_EQ(step_text(step_of(backfill)), "UPDATE t SET c = d");
  EXPECT_EQ(step_kind(step_of(WaitStep{Duration::hours(1)})), "wait");
  EXPECT_EQ(step_text(step_of(WaitStep{Duration::hours(1)})), "wait 1h");
  CheckStep check;
  check.kind = CheckStep::Kind::Equal;
  check.table = "users";
  check.column = "name";
  check.other_column = "full_name";
  EXPECT_EQ(step_kind(step_of(check)), "check");
  EXPECT_EQ(step_text(step_of(check)), "check equal(users.name, users.full_name)");
}

TEST(Plan, StoppingTheApplicationIsNoDeployment) {
  Plan plan;
  plan.steps = {step_of(DeployStep{"", {}}), step_of(WaitStep{}), step_of(DeployStep{"v2", {}})};
  EXPECT_EQ(plan.deployments(), 1);
}

TEST(InstanceCount, SharesRoundUpForSurgeAndDownForUnavailability) {
  const InstanceCount quarter{25, true};
  EXPECT_EQ(quarter.of(10, true), 3);
  EXPECT_EQ(quarter.of(10, false), 2);
  EXPECT_EQ(quarter.of(1, true), 1);
  EXPECT_EQ(quarter.of(1, false), 0);
  EXPECT_EQ((InstanceCount{100, true}.of(7, false)), 7);
  EXPECT_EQ((InstanceCount{3, false}.of(100, true)), 3);
}

TEST(InstanceCount, AWholeShareStaysWholeDespiteBinaryFractions) {
  for (int percent = 0; percent <= 100; ++percent) {
    const InstanceCount share{static_cast<double>(percent), true};
    EXPECT_EQ(share.of(100, true), percent);
    EXPECT_EQ(share.of(100, false), percent);
  }
}

}  // namespace
}  // namespace midflight
