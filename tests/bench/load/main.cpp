#include <algorithm>
#include <cstdio>
#include <thread>

#include "tests/support/pgbench_load.h"

// What script/bench prints of the load generator: pgbench on the same server
// with the same statement and connections, in turns.

namespace {

using namespace midflight;

constexpr int kSeconds = 6, kConnections = 16, kTurns = 3;
constexpr double kMoreThanAnybodyServes = 60'000, kCalm = 500;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Answered per second from the first arrival to the last one.
double throughput(const std::vector<backends::RequestRecord>& requests) {
  Instant until{};
  for (const backends::RequestRecord& request : requests) until = std::max(until, request.end);
  return static_cast<double>(requests.size()) / until.seconds();
}

double unlimited(testing::PrivateServer& server, testing::ReadTraffic& traffic) {
  testing::PgbenchRun run = traffic.theirs(kSeconds);
  run.per_second = 0;
  return testing::pgbench(server, traffic.database(), run).per_second;
}

void saturated(testing::PrivateServer& server) {
  std::vector<double> ours, theirs;
  for (int turn = 0; turn < kTurns; ++turn) {
    testing::ReadTraffic traffic(server, kMoreThanAnybodyServes, kConnections);
    theirs.push_back(unlimited(server, traffic));
    ours.push_back(throughput(traffic.ours(1)));
  }
  std::printf("  reads by key, %d connections   %7.0f/s   pgbench %7.0f/s   %3.0f %%\n", kConnections, median(ours), median(theirs),
              100 * median(ours) / median(theirs));
}

void calm(testing::PrivateServer& server) {
  std::vector<double> ours, theirs;
  for (int turn = 0; turn < kTurns; ++turn) {
    testing::ReadTraffic traffic(server, kCalm, kConnections);
    theirs.push_back(testing::quantile(testing::pgbench(server, traffic.database(), traffic.theirs(kSeconds)).latency_s, 0.5));
    ours.push_back(testing::quantile(testing::latencies(traffic.ours(kSeconds)), 0.5));
  }
  std::printf("  median latency at %.0f/s           %5.0f us   pgbench  %5.0f us   %+.0f us\n", kCalm, 1e6 * median(ours), 1e6 * median(theirs),
              1e6 * (median(ours) - median(theirs)));
}

/// What it costs the server that somebody looks at its locks every 20 ms.
void watched(testing::PrivateServer& server) {
  std::vector<double> alone, seen;
  testing::ReadTraffic traffic(server, kCalm, kConnections);
  for (int turn = 0; turn < kTurns; ++turn) {
    alone.push_back(unlimited(server, traffic));
    std::thread sleeper([&] { traffic.sleep(kSeconds + 1); });
    seen.push_back(unlimited(server, traffic));
    sleeper.join();
  }
  std::printf("  pgbench while locks are sampled  %7.0f/s   without %7.0f/s   %+.1f %%\n", median(seen), median(alone), 100 * (median(seen) / median(alone) - 1));
}

}  // namespace

int main() {
  testing::PrivateServer server;
  std::printf("load generator beside pgbench, one private server (medians of %d turns)\n", kTurns);
  saturated(server);
  calm(server);
  watched(server);
}
