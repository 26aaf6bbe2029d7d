#include "backends/time_left.h"

#include <gtest/gtest.h>

namespace midflight::backends {
namespace {

Instant at(double seconds) { return Instant{} + Duration::from_seconds(seconds); }

/// A step of 2 s, then one of 8 s; the traffic goes on for 2 s.
struct Predicted : ::testing::Test {
  Predicted() {
    m.steps.resize(2);
    for (StepMeasurement& step : m.steps) step.reached = true;
    m.steps[0].end = m.steps[1].start = at(2);
    m.steps[1].end = at(10);
    m.total_time = Duration::seconds(10);
    time = TimeLeft(m, begun, Duration::seconds(2));
  }
  double left(double now) const { return time.left(at(now)).seconds(); }

  Measurement m;
  Clock::time_point begun = Clock::now();
  TimeLeft time;
};

TEST_F(Predicted, LengthIsKnownBeforeTheFirstStep) {
  EXPECT_DOUBLE_EQ(left(-1), 13);
  EXPECT_DOUBLE_EQ(left(0), 12);
  time.began(0, at(0));
  EXPECT_DOUBLE_EQ(left(1), 11);
}

TEST_F(Predicted, AStepThatOutlastsItsPredictionHoldsTheRestUp) {
  time.began(0, at(0));
  EXPECT_DOUBLE_EQ(left(2), 10);
  EXPECT_DOUBLE_EQ(left(5), 10);
  time.ended(0, at(6));
  time.began(1, at(6));
  EXPECT_DOUBLE_EQ(left(7), 9);
}

TEST_F(Predicted, AStepThatIsDoneEarlyBringsTheEndNearer) {
  time.began(0, at(0));
  time.ended(0, at(1));
  EXPECT_DOUBLE_EQ(left(1), 10);
}

TEST_F(Predicted, BehindThePlanOnlyTheTrafficIsLeft) {
  time.ended_plan(at(4));
  EXPECT_DOUBLE_EQ(left(5), 1);
  EXPECT_DOUBLE_EQ(left(9), 0);
}

TEST_F(Predicted, ShareIsOneOfTheWholeReplaysTime) {
  // 4 s of filling and measuring, then 1 of 12 s: 5/16.
  time.began(0, at(0));
  EXPECT_NEAR(time.share(at(1), begun + std::chrono::seconds(5)), 5.0 / 16, 1e-9);
}

TEST(TimeLeft, IsUnknownWithoutAPrediction) { EXPECT_LT(TimeLeft().share(at(1), Clock::now()), 0); }

}  // namespace
}  // namespace midflight::backends
