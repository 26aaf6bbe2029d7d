#include "sim/traffic/arrivals.h"

#include <cmath>

#include <gtest/gtest.h>

#include "sim/traffic/environment.h"
#include "sim/traffic/merge.h"

namespace midflight::traffic {
namespace {

struct Arrival {
  Instant at;
  std::uint64_t bits;
  bool operator==(const Arrival&) const = default;
};

Instant seconds(double s) { return Instant{} + Duration::from_seconds(s); }
StreamKey key(std::uint64_t run = 0) { return {3, run, stream_id("arrivals/read")}; }

std::vector<Arrival> all(Arrivals arrivals, Instant from, Instant until) {
  std::vector<Arrival> found;
  for (arrivals.seek(from); arrivals.at() < until; arrivals.advance()) found.push_back({arrivals.at(), arrivals.bits()});
  return found;
}

TEST(Arrivals, AreTheSameFromWhereverOneComesIn) {
  for (const double rate : {0.3, 7.0, 900.0}) {
    const Arrivals arrivals(key(), rate);
    const std::vector<Arrival> from_the_start = all(arrivals, seconds(-30), seconds(40));
    Random random({4, 0, stream_id("entries")});
    for (int i = 0; i < 200; ++i) {
      const Instant from = seconds(-30 + 70 * random.uniform());
      std::vector<Arrival> expected;
      for (const Arrival& a : from_the_start) {
        if (a.at >= from) expected.push_back(a);
      }
      ASSERT_EQ(all(arrivals, from, seconds(40)), expected) << "rate " << rate << " from " << from.seconds();
    }
  }
}

TEST(Arrivals, ComeInOrderAndNeverTwiceAtOnce) {
  const std::vector<Arrival> found = all(Arrivals(key(), 5000), seconds(-3), seconds(3));
  for (std::size_t i = 1; i < found.size(); ++i) ASSERT_LT(found[i - 1].at, found[i].at);
}

// Counts of 0.1 s are Poisson(rate / 10): mean and variance are both that, each
// within four standard errors.
TEST(Arrivals, CountsHaveTheMeanAndTheVarianceOfPoisson) {
  for (const double rate : {2.0, 40.0, 900.0}) {
    constexpr int kCells = 20'000;
    std::vector<double> counts(kCells);
    for (const Arrival& a : all(Arrivals(key(), rate), seconds(0), seconds(kCells / 10.0))) {
      ++counts[static_cast<std::size_t>(a.at.ns / 100'000'000)];
    }
    double mean = 0, square = 0;
    for (const double n : counts) mean += n / kCells;
    for (const double n : counts) square += (n - mean) * (n - mean) / kCells;
    const double m = rate / 10;
    EXPECT_NEAR(mean, m, 4 * std::sqrt(m / kCells)) << rate;
    EXPECT_NEAR(square, m, 4 * std::sqrt((m + 2 * m * m) / kCells)) << rate;
  }
}

// Gaps over the edge of a second are exponential like all others: P(gap > 1/rate) = 1/e.
TEST(Arrivals, SecondsJoinWithoutASeam) {
  const double rate = 3;
  const std::vector<Arrival> found = all(Arrivals(key(), rate), seconds(0), seconds(30'000));
  int across = 0, long_ones = 0;
  for (std::size_t i = 1; i < found.size(); ++i) {
    // From an edge on, the wait for the next arrival is exponential.
    const std::int64_t edge = found[i].at.ns / 1'000'000'000 * 1'000'000'000;
    if (found[i - 1].at.ns >= edge) continue;
    ++across;
    long_ones += static_cast<double>(found[i].at.ns - edge) * 1e-9 > 1 / rate;
  }
  // Of arrivals first in their second, within 1 s: P = (e^-1 - e^-3) / (1 - e^-3).
  const double p = (std::exp(-1) - std::exp(-3)) / (1 - std::exp(-3));
  EXPECT_NEAR(static_cast<double>(long_ones) / across, p, 4 * std::sqrt(p * (1 - p) / across));
}

TEST(Arrivals, DifferByRun) {
  EXPECT_NE(all(Arrivals(key(0), 50), seconds(0), seconds(1)), all(Arrivals(key(1), 50), seconds(0), seconds(1)));
}

TEST(Merge, TellsAllStreamsInOrderOfTime) {
  const Arrivals a(key(), 40), b({3, 0, stream_id("arrivals/write")}, 15);
  Merge merge;
  merge.add(a);
  merge.add(b);
  std::vector<Arrival> of_a, of_b;
  Instant before = seconds(-100);
  for (merge.seek(seconds(-2)); merge.at() < seconds(9); merge.advance()) {
    ASSERT_GE(merge.at(), before);
    before = merge.at();
    (merge.stream() == 0 ? of_a : of_b).push_back({merge.at(), merge.bits()});
  }
  EXPECT_EQ(of_a, all(a, seconds(-2), seconds(9)));
  EXPECT_EQ(of_b, all(b, seconds(-2), seconds(9)));
}

TEST(Merge, StoppedHasNoNextArrival) {
  Merge merge;
  merge.add(Arrivals(key(), 40));
  merge.seek(seconds(0));
  merge.stop();
  EXPECT_EQ(merge.at(), Instant::never());
}

TEST(Environment, PeriodicJobsKeepTheirPhaseWithinARun) {
  BackgroundJob job;
  job.name = "report";
  job.every = Duration::seconds(20);
  job.time = Distribution::constant(Duration::seconds(1));
  const Environment one(5, 0), other(5, 1);
  const Instant first = one.background_start(job, 0);
  EXPECT_GE(first, seconds(-30));
  EXPECT_LT(first, seconds(-10));
  EXPECT_EQ(one.background_start(job, 3) - first, Duration::seconds(60));
  EXPECT_NE(other.background_start(job, 0), first);
}

TEST(Environment, JobAtAnInstantBeginsOnce) {
  BackgroundJob job;
  job.name = "once";
  job.at = Duration::seconds(7);
  EXPECT_EQ(Environment(5, 0).background_start(job, 0), seconds(7));
  EXPECT_EQ(Environment(5, 0).background_start(job, 1), Instant::never());
}

TEST(Environment, StartupBelongsToStepAndInstanceNotToTheOrderOfAsking) {
  Rollout rollout;
  rollout.startup = Distribution::uniform(Duration::seconds(1), Duration::seconds(9));
  const Environment environment(5, 0);
  const Duration third = environment.startup(rollout, "deploy", 2);
  environment.startup(rollout, "deploy", 0);
  EXPECT_EQ(environment.startup(rollout, "deploy", 2), third);
  EXPECT_NE(environment.startup(rollout, "other", 2), third);
}

}  // namespace
}  // namespace midflight::traffic
