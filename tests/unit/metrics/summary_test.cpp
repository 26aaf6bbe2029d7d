#include "sim/metrics/summary.h"

#include <gtest/gtest.h>

#include <cmath>

namespace midflight::metrics {
namespace {

// Ten runs of 1 s, 2 s, ... 10 s: the first, and then the first six, do not end.
std::vector<Measurement> ten_runs(int endless) {
  std::vector<Measurement> runs(10);
  for (int i = 0; i < 10; ++i) {
    runs[static_cast<std::size_t>(i)].downtime = Duration::seconds(i + 1);
    runs[static_cast<std::size_t>(i)].endless = i < endless;
  }
  return runs;
}

TEST(LastingDowntime, ARunThatDoesNotEndIsTheLongest) {
  const Summary one = lasting_downtime(ten_runs(1));
  EXPECT_TRUE(std::isinf(one.mean));
  EXPECT_EQ(one.p5, 2);
  EXPECT_EQ(one.p50, 6);  // the fifth of 2, 3, 4, ...
  EXPECT_TRUE(std::isinf(one.p95));
  EXPECT_TRUE(std::isinf(lasting_downtime(ten_runs(6)).p50));
}

TEST(LastingDowntime, IsTheDowntimeWhereEveryRunEnds) {
  EXPECT_EQ(lasting_downtime(ten_runs(0)), summarize(ten_runs(0), quantities().front()));
}

}  // namespace
}  // namespace midflight::metrics
