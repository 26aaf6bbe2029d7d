#include "backends/prediction_error.h"

#include <gtest/gtest.h>

#include "sim/metrics/summary.h"

namespace midflight::backends {
namespace {

Measurement down_for(Duration downtime, std::int64_t failed, std::int64_t requests = 1000) {
  Measurement m;
  m.downtime = downtime;
  m.failed_requests = failed;
  m.requests = requests;
  return m;
}

const QuantityError& named(const PredictionError& error, const std::string& name) {
  for (const QuantityError& q : error.quantities) {
    if (q.name == name) return q;
  }
  throw std::runtime_error("no " + name);
}

TEST(PredictionError, IsTheDifferenceOverTheMeasuredValue) {
  const QuantityError e = quantity_error("downtime_s", 6, 4, 0.5);
  EXPECT_DOUBLE_EQ(e.error, 0.5);  // (6 - 4) / 4
  EXPECT_FALSE(e.agree);
}

TEST(PredictionError, IsOverTheFloorWhereTheMeasuredValueIsSmaller) {
  EXPECT_DOUBLE_EQ(quantity_error("downtime_s", 2, 0.1, 0.5).error, 3.8);  // (2 - 0.1) / 0.5
}

TEST(PredictionError, ValuesBelowTheFloorAgree) {
  const QuantityError e = quantity_error("downtime_s", 0.4, 0, 0.5);
  EXPECT_TRUE(e.agree);
  EXPECT_EQ(e.error, 0);
  EXPECT_FALSE(quantity_error("downtime_s", 0.5, 0, 0.5).agree);
}

TEST(PredictionError, FloorsAreHalfASecondAndTenRequestsOrAThousandth) {
  EXPECT_EQ(floor_of("downtime_s", {}), 0.5);
  EXPECT_EQ(floor_of("failed_requests", down_for({}, 0, 1000)), 10);
  EXPECT_EQ(floor_of("failed_requests", down_for({}, 0, 50'000)), 50);
}

TEST(PredictionError, SaysWhetherTheMeasuredValueLiesInsideThePrediction) {
  Prediction prediction;
  for (int i = 1; i <= 100; ++i) prediction.runs.push_back(down_for(Duration::seconds(i), 100 * i));
  const PredictionError e = prediction_error(prediction.runs[0], prediction, down_for(Duration::seconds(96), 5000), {});
  EXPECT_FALSE(named(e, "downtime_s").inside);     // p95 is the 95th of 1 .. 100 s
  EXPECT_TRUE(named(e, "failed_requests").inside);
  EXPECT_DOUBLE_EQ(named(e, "failed_requests").error, (100.0 - 5000.0) / 5000.0);
}

// Twelve requests against forty are (12 - 40) / 40; eight against nine are below the floor of ten.
TEST(PredictionError, StepsHaveTheirBlockedRequestsToo) {
  const auto blocked = [](std::int64_t first, std::int64_t second) {
    Measurement m;
    m.requests = 1000;
    m.steps.resize(2);
    for (StepMeasurement& step : m.steps) step.reached = true;
    m.steps[0].blocked_requests = first;
    m.steps[1].blocked_requests = second;
    return m;
  };
  Prediction prediction;
  prediction.runs.push_back(blocked(12, 8));
  prediction.proposal.plan.steps.resize(2);
  const PredictionError e = prediction_error(blocked(12, 8), prediction, blocked(40, 9), {});
  ASSERT_EQ(e.steps.size(), 2U);
  EXPECT_EQ(e.steps[0].quantities[2].name, "blocked_requests");
  EXPECT_DOUBLE_EQ(e.steps[0].quantities[2].error, -0.7);
  EXPECT_FALSE(e.steps[0].quantities[2].inside);
  EXPECT_TRUE(e.steps[1].quantities[2].agree);
}

TEST(PredictionError, LeavesOutWhatWasNotMeasured) {
  Prediction prediction;
  prediction.runs.push_back({});
  const PredictionError e = prediction_error({}, prediction, {}, {"stale_reads"});
  EXPECT_EQ(e.quantities.size(), metrics::quantities().size() - 1);
}

}  // namespace
}  // namespace midflight::backends
