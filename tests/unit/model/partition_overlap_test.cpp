#include "sim/model/partition_overlap.h"

#include <gtest/gtest.h>

namespace midflight {
namespace {

std::string range(const std::string& from, const std::string& to) { return "FOR VALUES FROM (" + from + ") TO (" + to + ")"; }

TEST(PartitionOverlap, RangesThatShareAValueOverlap) {
  EXPECT_TRUE(bounds_overlap(range("1", "10"), range("9", "20")));
  EXPECT_TRUE(bounds_overlap(range("-5", "10"), range("-1", "0")));
  EXPECT_TRUE(bounds_overlap(range("'2024-01-01'", "'2025-01-01'"), range("'2024-12-31'", "'2026-01-01'")));
}

TEST(PartitionOverlap, TheUpperEndOfARangeIsOutside) {
  EXPECT_FALSE(bounds_overlap(range("1", "10"), range("10", "20")));
  EXPECT_FALSE(bounds_overlap(range("'2024-01-01'", "'2025-01-01'"), range("'2025-01-01'", "'2026-01-01'")));
}

TEST(PartitionOverlap, OpenEndsReachEverywhere) {
  EXPECT_TRUE(bounds_overlap(range("MINVALUE", "10"), range("-100", "-50")));
  EXPECT_TRUE(bounds_overlap(range("10", "MAXVALUE"), range("1000", "2000")));
  EXPECT_FALSE(bounds_overlap(range("MINVALUE", "10"), range("10", "MAXVALUE")));
}

// How text sorts depends on its collation, and '9' may be a number or text.
TEST(PartitionOverlap, TextAndMixedNotationsAreNotJudged) {
  EXPECT_FALSE(bounds_overlap(range("'a'", "'m'"), range("'b'", "'c'")));
  EXPECT_FALSE(bounds_overlap(range("'9'", "'20'"), range("'10'", "'11'")));
  EXPECT_FALSE(bounds_overlap(range("1, 5", "2, 5"), range("1, 6", "1, 7")));
}

TEST(PartitionOverlap, ListsOverlapInACommonValue) {
  EXPECT_TRUE(bounds_overlap("FOR VALUES IN ('de', 'fr')", "FOR VALUES IN ('it', 'fr')"));
  EXPECT_FALSE(bounds_overlap("FOR VALUES IN ('de')", "FOR VALUES IN ('fr')"));
}

// Rows of remainder 3 modulo 4 are those of remainder 1 modulo 2, half of them.
TEST(PartitionOverlap, RemaindersOverlapModuloTheCommonDivisor) {
  const std::string odd = "FOR VALUES WITH (MODULUS 2, REMAINDER 1)";
  EXPECT_TRUE(bounds_overlap(odd, "FOR VALUES WITH (MODULUS 4, REMAINDER 3)"));
  EXPECT_FALSE(bounds_overlap(odd, "FOR VALUES WITH (MODULUS 4, REMAINDER 2)"));
}

TEST(PartitionOverlap, ADefaultPartitionStandsBesideAllButAnother) {
  EXPECT_TRUE(bounds_overlap("DEFAULT", "DEFAULT"));
  EXPECT_FALSE(bounds_overlap("DEFAULT", range("1", "2")));
}

}  // namespace
}  // namespace midflight
