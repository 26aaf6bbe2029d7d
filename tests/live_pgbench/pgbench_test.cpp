#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/support/pgbench_load.h"
#include "tests/support/quantile.h"

// Our load generator beside a client that shares no line with it: the same
// statement at the same rate on the same server.

namespace midflight::testing {
namespace {

constexpr double kRate = 300;
constexpr int kSeconds = 5;

PrivateServer& server() {
  static PrivateServer one;
  return one;
}

/// Locks the table for a second, from about a second and a half on.
class Stall {
 public:
  explicit Stall(const std::string& database) : thread_([database] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    server().connect(database).query("BEGIN; LOCK TABLE items; SELECT pg_sleep(1); COMMIT");
  }) {}
  ~Stall() { thread_.join(); }
  Stall(const Stall&) = delete;
  Stall& operator=(const Stall&) = delete;

 private:
  std::thread thread_;
};

double slower_than(const std::vector<double>& seconds, double limit) {
  return static_cast<double>(std::count_if(seconds.begin(), seconds.end(), [&](double s) { return s > limit; }));
}

TEST(LoadGenerator, SeesTheLatenciesThatPgbenchSees) {
  ReadTraffic traffic(server(), kRate, 8);
  const std::vector<double> ours = latencies(traffic.ours(kSeconds));
  const PgbenchResult theirs = pgbench(server(), traffic.database(), traffic.theirs(kSeconds));
  // Poisson: 1500 of them, give or take 39; four deviations of the difference.
  EXPECT_NEAR(static_cast<double>(ours.size()), kRate * kSeconds, 4 * 39);
  EXPECT_NEAR(static_cast<double>(theirs.latency_s.size()), kRate * kSeconds, 4 * 39);
  // The machine has other work: medians alone can be compared, and those with room.
  EXPECT_NEAR(quantile(ours, 0.5), quantile(theirs.latency_s, 0.5), 0.5 * quantile(theirs.latency_s, 0.5) + 0.5e-3);
}

TEST(LoadGenerator, CountsAStallAsPgbenchDoes) {
  ReadTraffic traffic(server(), kRate, 8);
  std::vector<double> ours, theirs;
  {
    const Stall stall(traffic.database());
    ours = latencies(traffic.ours(kSeconds));
  }
  {
    const Stall stall(traffic.database());
    theirs = pgbench(server(), traffic.database(), traffic.theirs(kSeconds)).latency_s;
  }
  // Those that arrive in the first 0.7 s of the second wait for more than 0.3 s: 210, give or take 15.
  EXPECT_NEAR(slower_than(ours, 0.3), 210, 60);
  EXPECT_NEAR(slower_than(theirs, 0.3), 210, 60);
  // The longest wait is the whole second.
  EXPECT_NEAR(quantile(ours, 1), 1, 0.2);
  EXPECT_NEAR(quantile(theirs, 1), 1, 0.2);
}

}  // namespace
}  // namespace midflight::testing
