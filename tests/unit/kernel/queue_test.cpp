#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <vector>

#include "sim/kernel/distribution.h"
#include "sim/kernel/event_list.h"
#include "tests/unit/kernel/statistics.h"

namespace midflight {
namespace {

/// A queue with `servers` equal servers, first come first served.
struct Queue {
  double arrivals_per_second;
  int servers;
  Distribution service;
};

enum class What : std::uint8_t { Arrival, Departure };

/// The mean time spent waiting, over one run from an empty queue; the first
/// tenth of the requests is left out.
double mean_wait_seconds(const Queue& queue, std::uint64_t run) {
  constexpr int kRequests = 100'000, kWarmUp = kRequests / 10;
  Random arrivals(StreamKey{40, run, stream_id("arrivals")}), services(StreamKey{40, run, stream_id("services")});
  const auto gap = Distribution::exponential(Duration::from_seconds(1 / queue.arrivals_per_second));
  EventList<What> events;
  std::deque<Instant> waiting;
  int busy = 0, started = 0;
  double waited = 0;
  events.push(Instant{}, 0, What::Arrival);
  while (started < kRequests) {
    const auto event = events.pop();
    if (event.payload == What::Arrival) {
      waiting.push_back(event.time);
      events.push(event.time + gap.sample(arrivals), 0, What::Arrival);
    } else {
      --busy;
    }
    for (; busy < queue.servers && !waiting.empty(); ++busy, ++started) {
      if (started >= kWarmUp) waited += (event.time - waiting.front()).seconds();
      waiting.pop_front();
      events.push(event.time + queue.service.sample(services), 0, What::Departure);
    }
  }
  return waited / (started - kWarmUp);
}

void expect_mean_wait(const Queue& queue, double seconds) {
  std::vector<double> waits;
  for (std::uint64_t run = 0; run < 20; ++run) waits.push_back(mean_wait_seconds(queue, run));
  const Moments moments(waits);
  EXPECT_NEAR(moments.mean, seconds, 3 * moments.error);
  EXPECT_LT(moments.error, 0.05 * seconds) << "too noisy to prove anything";
}

/// The share of requests that wait at all in M/M/c (Erlang's C formula).
double erlang_c(int servers, double offered) {
  double term = 1, sum = 0;
  for (int k = 0; k < servers; ++k) {
    sum += term;
    term *= offered / (k + 1);
  }
  const double waiting = term * servers / (servers - offered);
  return waiting / (sum + waiting);
}

// lambda 70/s, mu 100/s: W = rho / (mu - lambda) = 0.7 / 30 s.
TEST(QueueTheory, MM1WaitsAsTheorySays) {
  expect_mean_wait({70, 1, Distribution::exponential(Duration::milliseconds(10))}, 0.7 / 30);
}

// Four servers of 25/s at 80/s: W = C(4, 3.2) / (100 - 80).
TEST(QueueTheory, MMcWaitsAsErlangSays) {
  expect_mean_wait({80, 4, Distribution::exponential(Duration::milliseconds(40))}, erlang_c(4, 3.2) / 20);
}

// Pollaczek and Khinchine: W = lambda E[S^2] / (2 (1 - rho)).
void expect_pollaczek_khinchine(const Distribution& service, double rho) {
  const double mean = service.mean_seconds(), lambda = rho / mean;
  const double square = service.variance_seconds2() + mean * mean;
  expect_mean_wait({lambda, 1, service}, lambda * square / (2 * (1 - rho)));
}

TEST(QueueTheory, MD1WaitsAsPollaczekAndKhinchineSay) {
  expect_pollaczek_khinchine(Distribution::constant(Duration::milliseconds(10)), 0.7);
}

TEST(QueueTheory, MG1WithLognormalServiceWaitsAsPollaczekAndKhinchineSay) {
  expect_pollaczek_khinchine(Distribution::lognormal(Duration::milliseconds(10), 0.8), 0.6);
}

TEST(QueueTheory, MG1WithUniformServiceWaitsAsPollaczekAndKhinchineSay) {
  expect_pollaczek_khinchine(Distribution::uniform(Duration::milliseconds(2), Duration::milliseconds(18)), 0.7);
}

}  // namespace
}  // namespace midflight
