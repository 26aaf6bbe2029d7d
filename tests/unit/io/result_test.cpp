#include "sim/io/result.h"

#include <gtest/gtest.h>

#include "result_support.h"

namespace midflight::io {
namespace {

using testing::naive;
using testing::refused;
using testing::result_of;
using testing::safe;

TEST(Result, QuantitiesAreDistributionsOverRuns) {
  const Result result = result_of({naive({100, 300, 200})});
  // 100, 200, 300: the nearest rank of 5% is the 1st, of 50% the 2nd, of 95% the 3rd.
  EXPECT_EQ(result.strategies[0].quantity("failed_requests"), (metrics::Summary{200, 100, 200, 300}));
}

TEST(Result, AnErrorAbsentFromARunCountsAsZeroThere) {
  const Result result = result_of({naive({0, 300})});
  ASSERT_EQ(result.strategies[0].errors.size(), 1U);
  EXPECT_EQ(result.strategies[0].errors[0].count, (metrics::Summary{150, 0, 0, 300}));
}

TEST(Result, ErrorsComeMostFrequentFirst) {
  Prediction p = naive({5});
  p.runs[0].errors.push_back({{ErrorClass::LockTimeout, "55P03", "canceling statement due to lock timeout"}, "v1", "sign-up", 9});
  const Result result = result_of({p});
  EXPECT_EQ(result.strategies[0].errors[0].kind.sqlstate, "55P03");
  EXPECT_EQ(result.strategies[0].errors[1].kind.sqlstate, "42703");
}

TEST(Result, StartIsOfTheRunsThatReachedTheStep) {
  Prediction p = naive({0, 0});
  p.runs[0].steps[1].reached = false;
  p.runs[1].steps[1].start = Instant{} + Duration::seconds(4);
  const Result result = result_of({p});
  EXPECT_EQ(result.strategies[0].steps[1].start_s, (metrics::Summary{4, 4, 4, 4}));
}

TEST(Result, AStepNoRunReachedHasNoStart) {
  Prediction p = naive({0});
  p.runs[0].steps[1].reached = false;
  EXPECT_FALSE(result_of({p}).strategies[0].steps[1].start_s.has_value());
}

TEST(Result, LocksKeepTheStrongestModeOverAllRuns) {
  Prediction p = naive({0, 0});
  p.runs[0].steps[0].locks = {{"users", LockMode::ShareLock}};
  const Result result = result_of({p});
  EXPECT_EQ(result.strategies[0].steps[0].locks, (std::vector<RelationLock>{{"users", LockMode::AccessExclusiveLock}}));
}

TEST(Result, OneRunThatStopsMakesTheStrategyIncomplete) {
  Prediction p = naive({0, 0});
  p.runs[1].completed = false;
  EXPECT_FALSE(result_of({p}).strategies[0].completed);
}

TEST(Result, RefusedStrategyHasNoQuantities) {
  const Result result = result_of({refused("shadow_table", "SQLite has no triggers of this kind")});
  EXPECT_TRUE(result.strategies[0].quantities.empty());
  EXPECT_EQ(result.strategies[0].why, "SQLite has no triggers of this kind");
}

TEST(Result, WhatEveryStrategyAssumesIsSaidOnce) {
  Prediction a = safe("a"), b = safe("b");
  a.proposal.assumptions = {"shared", "only a"};
  b.proposal.assumptions = {"shared"};
  const Result result = result_of({a, b});
  EXPECT_EQ(result.assumptions, (std::vector<std::string>{"Rows are spread evenly.", "shared"}));
  EXPECT_EQ(result.strategies[0].assumptions, (std::vector<std::string>{"only a"}));
  EXPECT_TRUE(result.strategies[1].assumptions.empty());
}

}  // namespace
}  // namespace midflight::io
