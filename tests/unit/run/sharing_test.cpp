#include "sim/run/sharing.h"

#include <cmath>

#include <gtest/gtest.h>

#include "sim/kernel/processors.h"
#include "sim/kernel/random.h"

namespace midflight {
namespace {

Sharing exponential_requests(double cores, double busy, double request_s) {
  const double rate = busy / request_s;
  return beside_traffic(cores, rate, busy, rate * 2 * request_s * request_s);
}

TEST(Sharing, WithoutTrafficNothingIsSlower) {
  EXPECT_EQ(beside_traffic(4, 0, 0, 0).slowdown, 1);
  EXPECT_EQ(beside_traffic(4, 0, 0, 0).variance_s, 0);
}

// M/G/1 with processor sharing: n others beside a permanent job have
// P(n) = (n + 1) rho^n (1 - rho)^2, so its share is E[1 / (n + 1)] = 1 - rho.
TEST(Sharing, OneProcessorLeavesWhatTrafficDoesNotUse) {
  for (const double rho : {0.05, 0.3, 0.5, 0.69}) {
    EXPECT_NEAR(exponential_requests(1, rho, 0.003).slowdown, 1 / (1 - rho), 1e-9) << rho;
  }
}

TEST(Sharing, ManyIdleProcessorsLeaveAllThatWorkCanUse) {
  const Sharing s = exponential_requests(64, 5, 0.001);
  EXPECT_NEAR(s.slowdown, 1, 1e-12);
  EXPECT_NEAR(s.variance_s, 0, 1e-12);
}

TEST(Sharing, SurvivesThousandsOfBusyProcessors) {
  const Sharing s = exponential_requests(4096, 2500, 0.001);
  EXPECT_NEAR(s.slowdown, 1, 1e-9);
  EXPECT_TRUE(std::isfinite(s.variance_s));
}

/// How long work of `demand_s` takes beside requests on real shared processors.
double time_beside(double cores, double rate, double request_s, double demand_s, Random& random) {
  Processors processors(cores);
  const auto seconds = [](double s) { return Duration::from_seconds(s); };
  const Instant start = Instant{} + seconds(200 * request_s);
  Instant now{}, arrival{};
  std::uint32_t work = 0;
  for (;;) {
    const Instant other = work == 0 && start < arrival ? start : arrival;
    if (processors.next() <= other) {
      now = processors.next();
      const Processors::End end = processors.end(now);
      if (work != 0 && end.ticket == work) return (now - start).seconds();
    } else if (other == arrival) {
      now = arrival;
      processors.start(1, seconds(request_s * draw::exponential(random)), now);
      arrival = now + seconds(draw::exponential(random) / rate);
    } else {
      now = start;
      work = processors.start(2, seconds(demand_s), now);
    }
  }
}

struct Case { double cores, busy; };

class WorkBesideTraffic : public ::testing::TestWithParam<Case> {};

TEST_P(WorkBesideTraffic, TakesAsLongAndVariesAsMuchAsSharedProcessorsMakeIt) {
  const auto [cores, busy] = GetParam();
  constexpr double kRequest = 0.002, kDemand = 0.3;
  constexpr int kRuns = 3000;
  double sum = 0, square = 0;
  for (int run = 0; run < kRuns; ++run) {
    Random random({6, static_cast<std::uint64_t>(run), 0});
    const double t = time_beside(cores, busy / kRequest, kRequest, kDemand, random);
    sum += t, square += t * t;
  }
  const double mean = sum / kRuns, variance = square / kRuns - mean * mean;
  const Sharing s = exponential_requests(cores, busy, kRequest);
  EXPECT_NEAR(mean, s.slowdown * kDemand, 0.01 * mean);
  EXPECT_NEAR(variance, s.variance_s * kDemand, 0.12 * variance);
}

INSTANTIATE_TEST_SUITE_P(Loads, WorkBesideTraffic,
                         ::testing::Values(Case{1, 0.3}, Case{1, 0.6}, Case{2, 1.0}, Case{4, 2.6}));

}  // namespace
}  // namespace midflight
