#include "sim/metrics/recorder.h"

#include <gtest/gtest.h>

#include "sim/metrics/summary.h"

namespace midflight::metrics {
namespace {

Instant at_ms(std::int64_t ms) { return Instant{} + Duration::milliseconds(ms); }

class RecorderTest : public ::testing::Test {
 protected:
  Objective objective{Duration::milliseconds(500), 0.01};
  Recorder recorder{objective, {"v1", "v2"}, {"read", "write"}, 1};
  Measurement finish() {
    recorder.slots().close(1000);
    return recorder.finish(at_ms(60'000), "");
  }
};

//  0    100        400           900   1000
//  |-A--| answered | B, C enter  | B   | C      the longest gap: 400 .. 900
TEST_F(RecorderTest, StallIsTheLongestTimeWithRequestsInTheSystemAndNoSuccess) {
  recorder.entered(at_ms(0));
  recorder.left(at_ms(100), true);
  recorder.entered(at_ms(400));
  recorder.entered(at_ms(450));
  recorder.left(at_ms(900), true);
  recorder.left(at_ms(1000), true);
  EXPECT_EQ(finish().stall, Duration::milliseconds(500));
}

TEST_F(RecorderTest, FailureDoesNotEndAStallWhileOthersWait) {
  recorder.entered(at_ms(0));
  recorder.entered(at_ms(10));
  recorder.left(at_ms(300), false);
  recorder.left(at_ms(700), true);
  EXPECT_EQ(finish().stall, Duration::milliseconds(700));
}

TEST_F(RecorderTest, StallEndsWhenNobodyIsLeft) {
  recorder.entered(at_ms(0));
  recorder.left(at_ms(300), false);
  recorder.entered(at_ms(900));
  recorder.left(at_ms(1000), true);
  EXPECT_EQ(finish().stall, Duration::milliseconds(300));
}

TEST_F(RecorderTest, OrdinaryServiceIsNoStall) {
  recorder.entered(at_ms(0));
  recorder.left(at_ms(99), true);
  EXPECT_EQ(finish().stall, Duration{});
}

TEST_F(RecorderTest, LateSuccessIsDelayedAndOneInTimeIsNot) {
  recorder.answered(0, 0, at_ms(0), at_ms(500), kSuccess);
  recorder.answered(0, 0, at_ms(0), at_ms(501), kSuccess);
  const Measurement m = finish();
  EXPECT_EQ(m.requests, 2);
  EXPECT_EQ(m.delayed_requests, 1);
  EXPECT_EQ(m.failed_requests, 0);
}

TEST_F(RecorderTest, LateFailureIsAFailureAndNothingElse) {
  const ErrorId error = recorder.intern({ErrorClass::RequestTimeout, "57014", "canceled"});
  recorder.answered(1, 1, at_ms(0), at_ms(9000), error);
  const Measurement m = finish();
  EXPECT_EQ(m.failed_requests, 1);
  EXPECT_EQ(m.delayed_requests, 0);
  ASSERT_EQ(m.errors.size(), 1U);
  EXPECT_EQ(m.errors[0].version, "v2");
  EXPECT_EQ(m.errors[0].endpoint, "write");
  EXPECT_EQ(m.errors[0].kind.sqlstate, "57014");
}

TEST_F(RecorderTest, WarmUpIsNotCounted) {
  recorder.answered(0, 0, at_ms(-1), at_ms(5000), kSuccess);
  EXPECT_EQ(finish().requests, 0);
}

TEST_F(RecorderTest, CountedRequestsJoinThoseToldOneByOne) {
  const ErrorId error = recorder.intern({ErrorClass::Schema, "42703", "no such column"});
  recorder.answered(0, 0, at_ms(10), at_ms(11), error);
  recorder.counted(0, 0, 41, error, at_ms(50));
  recorder.counted(0, 0, 1000, kSuccess, at_ms(50));
  const Measurement m = finish();
  EXPECT_EQ(m.requests, 1042);
  EXPECT_EQ(m.failed_requests, 42);
  ASSERT_EQ(m.errors.size(), 1U);
  EXPECT_EQ(m.errors[0].count, 42);
}

TEST_F(RecorderTest, OneErrorHasOneNumber) {
  const ErrorKind schema{ErrorClass::Schema, "42703", "a"}, other{ErrorClass::Schema, "42703", "b"};
  const ErrorId first = recorder.intern(schema);
  EXPECT_NE(first, kSuccess);
  EXPECT_NE(recorder.intern(other), first);
  EXPECT_EQ(recorder.intern(schema), first);
  EXPECT_EQ(recorder.error(first), schema);
}

TEST_F(RecorderTest, PeakOfDivergenceStaysWhenItFalls) {
  for (const std::int64_t rows : {5, 90, 12}) recorder.diverged(rows, Instant{});
  const Measurement m = finish();
  EXPECT_EQ(m.diverged_rows_peak, 90);
  EXPECT_EQ(m.diverged_rows, 12);
}

TEST(Fingerprint, ChangesWithEveryNumber) {
  const Measurement plain;
  const auto differs = [&](auto change) {
    Measurement m;
    change(m);
    return fingerprint(m) != fingerprint(plain);
  };
  EXPECT_TRUE(differs([](Measurement& m) { m.downtime = Duration{1}; }));
  EXPECT_TRUE(differs([](Measurement& m) { m.stall = Duration{1}; }));
  EXPECT_TRUE(differs([](Measurement& m) { m.requests = 1; }));
  EXPECT_TRUE(differs([](Measurement& m) { m.failed_requests = 1; }));
  EXPECT_TRUE(differs([](Measurement& m) { m.lost_writes = 1; }));
  EXPECT_TRUE(differs([](Measurement& m) { m.completed = true; }));
  EXPECT_TRUE(differs([](Measurement& m) { m.steps.emplace_back(); }));
  EXPECT_TRUE(differs([](Measurement& m) { m.endpoints.push_back({"v1", "read", {}, 1, 0, 0}); }));
}

TEST(Summary, PercentilesAreNearestRank) {
  std::vector<double> values;
  for (int i = 100; i >= 1; --i) values.push_back(i);
  EXPECT_EQ(summarize(values), (Summary{50.5, 5, 50, 95}));
  EXPECT_EQ(summarize({7}), (Summary{7, 7, 7, 7}));
  // ceil(0.95 * 3) = 3, ceil(0.5 * 3) = 2, ceil(0.05 * 3) = 1.
  EXPECT_EQ(summarize({30, 10, 20}), (Summary{20, 10, 20, 30}));
}

}  // namespace
}  // namespace midflight::metrics
