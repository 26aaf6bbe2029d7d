#include "backends/calibrate/budget.h"

#include <gtest/gtest.h>

#include "backends/calibrate/load_bench.h"

namespace midflight::backends {
namespace {

constexpr Effort kWhole{100'000, 3};

TEST(TimeBudget, WithoutATableBeforeNothingIsLeftOut) { EXPECT_EQ(TimeBudget(100).effort(kWhole, 100, 0.001), kWhole); }

// 10,000 rows of 100 bytes, tried three times, took 5 s: 1 us a byte and try, with two more for the rest.
// 100,000 rows take 50 s, tried once 30 s; in 15 s there is time for half of them.
TEST(TimeBudget, FirstTriesAndThenRowsGiveWay) {
  TimeBudget budget(100);
  budget.took({10'000, 3}, 100, 5);
  EXPECT_EQ(budget.effort(kWhole, 100, 51), kWhole);
  EXPECT_EQ(budget.effort(kWhole, 100, 31), (Effort{100'000, 1}));
  EXPECT_EQ(budget.effort(kWhole, 100, 15), (Effort{50'000, 1}));
  EXPECT_EQ(budget.effort(kWhole, 100, -1), (Effort{1000, 1}));
}

// It was given up after 5 s as above; that a tenth of it was done in a moment says nothing of the next one.
TEST(TimeBudget, NoTableIsTakenToBeFasterThanOneThatWasGivenUp) {
  TimeBudget budget(100);
  budget.gave_up({10'000, 3}, 100, 5);
  budget.took({1'000, 1}, 100, 0.01);
  EXPECT_EQ(budget.effort(kWhole, 100, 15), (Effort{50'000, 1}));
}

// On two processors: 20,000/s are 100 us a statement, 16,000/s are 125 us.
TEST(Herd, CostsTheDifferenceOnAllProcessorsInTheMedianStall) {
  EXPECT_NEAR(herd_seconds({{20'000, 16'000}, {20'000, 20'000}, {20'000, 5'000}}, 2), 25e-6, 1e-9);
  EXPECT_EQ(herd_seconds({{20'000, 21'000}}, 2), 0);
  EXPECT_EQ(herd_seconds({{0, 0}}, 2), 0);
  EXPECT_EQ(herd_seconds({}, 2), 0);
}

}  // namespace
}  // namespace midflight::backends
