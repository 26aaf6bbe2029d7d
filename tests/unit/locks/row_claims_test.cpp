#include "sim/locks/row_claims.h"

#include <gtest/gtest.h>

namespace midflight::locks {
namespace {

constexpr RelationId kUsers = 1;
Instant at_ms(std::int64_t ms) { return Instant{} + Duration::milliseconds(ms); }

TEST(RowClaims, RowsAreLockedAsTheyAreReached) {
  RowClaims claims;
  claims.add(7, kUsers, 1000, 100, at_ms(0), Duration::milliseconds(50));
  EXPECT_EQ(claims.holder(kUsers, 1000, at_ms(0)), kNobody);
  EXPECT_EQ(claims.holder(kUsers, 1049, at_ms(25)), 7U);
  EXPECT_EQ(claims.holder(kUsers, 1050, at_ms(25)), kNobody);
  EXPECT_EQ(claims.holder(kUsers, 1099, at_ms(50)), 7U);
  EXPECT_EQ(claims.holder(kUsers, 1099, at_ms(900)), 7U);
}

TEST(RowClaims, RowsOutsideTheRangeAndOtherTablesAreFree) {
  RowClaims claims;
  claims.add(7, kUsers, 1000, 100, at_ms(0), Duration::milliseconds(50));
  EXPECT_EQ(claims.holder(kUsers, 999, at_ms(60)), kNobody);
  EXPECT_EQ(claims.holder(kUsers, 1100, at_ms(60)), kNobody);
  EXPECT_EQ(claims.holder(2, 1050, at_ms(60)), kNobody);
}

TEST(RowClaims, CommitGivesAllRowsBack) {
  RowClaims claims;
  claims.add(7, kUsers, 0, 100, at_ms(0), Duration::milliseconds(50));
  claims.add(8, kUsers, 100, 100, at_ms(0), Duration::milliseconds(50));
  claims.drop(7);
  EXPECT_EQ(claims.holder(kUsers, 50, at_ms(60)), kNobody);
  EXPECT_EQ(claims.holder(kUsers, 150, at_ms(60)), 8U);
  claims.drop(8);
  EXPECT_TRUE(claims.empty());
}

TEST(RowClaims, WriterOfManyRowsMeetsAnyHolderOfTheTable) {
  RowClaims claims;
  claims.add(7, kUsers, 0, 100, at_ms(0), Duration::milliseconds(50));
  EXPECT_EQ(claims.any_holder(kUsers), 7U);
  EXPECT_EQ(claims.any_holder(2), kNobody);
}

TEST(RowClaims, UpdateWithoutLengthHasAllRowsAtOnce) {
  RowClaims claims;
  claims.add(7, kUsers, 0, 100, at_ms(5), Duration{});
  EXPECT_EQ(claims.holder(kUsers, 99, at_ms(5)), 7U);
}

// 100 rows reached evenly in 10 s: after 3 s those from 0 to 29.
TEST(RowClaims, RangeMeetsOnlyRowsThatAreReachedByAnother) {
  RowClaims claims;
  claims.add(7, 1, 0, 100, Instant{}, Duration::seconds(10));
  const Instant now = Instant{} + Duration::seconds(3);
  EXPECT_EQ(claims.holder_within(1, 29, 10, 8, now), 7U);
  EXPECT_EQ(claims.holder_within(1, 30, 10, 8, now), kNobody);
  EXPECT_EQ(claims.holder_within(1, 0, 10, 7, now), kNobody);
  EXPECT_EQ(claims.holder_within(2, 0, 10, 8, now), kNobody);
}

}  // namespace
}  // namespace midflight::locks
