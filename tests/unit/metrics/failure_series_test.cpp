#include "sim/metrics/failure_series.h"

#include <gtest/gtest.h>

namespace midflight::metrics {
namespace {

Instant at_ms(std::int64_t ms) { return Instant{} + Duration::milliseconds(ms); }
const std::vector<std::string> kVersions = {"v1", "v2"};

TEST(FailureSeries, FailuresOfOneSlotAndVersionAreOneSpan) {
  FailureSeries series;
  series.add(at_ms(110), 0, 2);
  series.add(at_ms(190), 0, 1);
  series.add(at_ms(150), 1, 5);
  const std::vector<FailedSpan> spans = series.spans(kVersions);
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[0].at, at_ms(100));
  EXPECT_EQ(spans[0].until, at_ms(200));
  EXPECT_EQ(spans[0].version, "v1");
  EXPECT_EQ(spans[0].count, 3);
  EXPECT_EQ(spans[1].count, 5);
}

TEST(FailureSeries, WarmUpIsNotTold) {
  FailureSeries series;
  series.add(at_ms(-50), 0, 2);
  EXPECT_TRUE(series.spans(kVersions).empty());
}

// A day of failures in every slot is 864,000 slots.
TEST(FailureSeries, LongTroubleIsToldInWiderSpansWithoutLosingARequest) {
  FailureSeries series;
  constexpr std::int64_t kSlots = 864'000;
  for (std::int64_t slot = 0; slot < kSlots; ++slot) series.add(at_ms(slot * 100), 0, 1);
  const std::vector<FailedSpan> spans = series.spans(kVersions);
  std::int64_t sum = 0;
  for (const FailedSpan& span : spans) sum += span.count;
  EXPECT_EQ(sum, kSlots);
  EXPECT_LE(spans.size(), 1200U);
  EXPECT_GE(spans.size(), 600U);
}

}  // namespace
}  // namespace midflight::metrics
