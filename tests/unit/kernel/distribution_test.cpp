#include "sim/kernel/distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/unit/kernel/statistics.h"

namespace midflight {
namespace {

using D = Distribution;

std::vector<D> all_kinds() {
  return {D::constant(Duration::milliseconds(5)), D::exponential(Duration::milliseconds(20)),
          D::lognormal(Duration::seconds(8), 0.6), D::lognormal(Duration::seconds(8), 0),
          D::uniform(Duration::seconds(1), Duration::seconds(3)),
          D::uniform(Duration::seconds(2), Duration::seconds(2))};
}

TEST(Distribution, MeanAndVarianceAreThoseOfItsSamples) {
  for (const D& d : all_kinds()) {
    Random random(StreamKey{30, 1, 1});
    std::vector<double> values;
    for (int i = 0; i < 200'000; ++i) values.push_back(d.sample(random).seconds());
    const Moments moments(values);
    EXPECT_NEAR(moments.mean, d.mean_seconds(), 4 * moments.error + 1e-9) << d.text();
    EXPECT_NEAR(moments.variance, d.variance_seconds2(), 0.05 * d.variance_seconds2() + 1e-12) << d.text();
  }
}

TEST(Distribution, TailAndExcessAreThoseOfItsSamples) {
  for (const D& d : all_kinds()) {
    for (const double share : {-0.5, 0.0, 0.3, 0.9, 1.0, 1.7}) {
      const Duration x = Duration::from_seconds(d.mean_seconds() * share);
      Random random(StreamKey{30, 1, 2});
      std::vector<double> beyond, excess;
      for (int i = 0; i < 50'000; ++i) {
        const Duration length = d.sample(random);
        beyond.push_back(length > x ? 1 : 0);
        excess.push_back(std::max((length - x).seconds(), 0.0));
      }
      EXPECT_NEAR(Moments(beyond).mean, d.tail(x), 4 * Moments(beyond).error + 1e-9) << d.text() << share;
      EXPECT_NEAR(Moments(excess).mean, d.excess_seconds(x), 4 * Moments(excess).error + 1e-8) << d.text() << share;
    }
  }
}

// E[max(X - x, 0)] is the integral of the tail beyond x.
TEST(Distribution, ExcessIsTheIntegralOfTheTail) {
  const D d = D::lognormal(Duration::seconds(1), 0.5);
  double integral = 0;
  constexpr double kStep = 0.001;
  for (double t = 1.5 + kStep / 2; t < 40; t += kStep) integral += d.tail(Duration::from_seconds(t)) * kStep;
  EXPECT_NEAR(d.excess_seconds(Duration::milliseconds(1500)), integral, 1e-6);
}

TEST(Distribution, ScalingMultipliesLengthsOnly) {
  EXPECT_EQ(D::lognormal(Duration::seconds(2), 0.5).scaled(3), D::lognormal(Duration::seconds(6), 0.5));
  EXPECT_EQ(D::uniform(Duration::seconds(1), Duration::seconds(2)).scaled(2),
            D::uniform(Duration::seconds(2), Duration::seconds(4)));
}

TEST(Distribution, IsWrittenAsInTheScenarioFile) {
  EXPECT_EQ(D::constant(Duration::milliseconds(5)).text(), "5ms");
  EXPECT_EQ(D::exponential(Duration::milliseconds(1)).text(), "exponential(1ms)");
  EXPECT_EQ(D::lognormal(Duration::milliseconds(1), 0.5).text(), "lognormal(1ms, 0.5)");
  EXPECT_EQ(D::uniform(Duration::seconds(1), Duration::seconds(90)).text(), "uniform(1s, 90s)");
}

TEST(DurationText, IsTheShortestExactSpelling) {
  EXPECT_EQ(duration_text(Duration::milliseconds(1500)), "1.5s");
  EXPECT_EQ(duration_text(Duration::milliseconds(250)), "250ms");
  EXPECT_EQ(duration_text(Duration::hours(1)), "1h");
  EXPECT_EQ(duration_text(Duration::days(2)), "2d");
  EXPECT_EQ(duration_text(Duration::seconds(60)), "1min");
  EXPECT_EQ(duration_text(Duration::seconds(90)), "90s");
  EXPECT_EQ(duration_text(Duration::hours(36)), "36h");
  EXPECT_EQ(duration_text(Duration{}), "0s");
  EXPECT_EQ(duration_text(Duration::milliseconds(-20)), "-20ms");
  EXPECT_EQ(duration_text(Duration::nanoseconds(1)), "1ns");
  EXPECT_EQ(duration_text(Duration::microseconds(12)), "12us");
}

}  // namespace
}  // namespace midflight
