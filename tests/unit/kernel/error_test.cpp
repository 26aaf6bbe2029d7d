#include "sim/kernel/error.h"

#include <gtest/gtest.h>

namespace midflight {
namespace {

TEST(Error, PositionLeavesOutWhatIsUnknown) {
  EXPECT_EQ((Position{"scenario.yaml", 12, 3}.text()), "scenario.yaml:12:3");
  EXPECT_EQ((Position{"scenario.yaml", 12, 0}.text()), "scenario.yaml:12");
  EXPECT_EQ((Position{"scenario.yaml", 0, 0}.text()), "scenario.yaml");
  EXPECT_EQ((Position{"", 12, 3}.text()), "12:3");
  EXPECT_EQ(Position{}.text(), "");
}

TEST(Error, SaysEveryProblemOnItsOwnLine) {
  const Error error(ErrorCode::BadInput, {{{"a.yaml", 1, 2}, "no rows"}, {{}, "no traffic"}});
  EXPECT_STREQ(error.what(), "a.yaml:1:2: no rows\nno traffic");
  EXPECT_EQ(error.problems().size(), 2U);
  EXPECT_EQ(error.code(), ErrorCode::BadInput);
}

TEST(Error, OneMessageIsOneProblem) {
  const Error error(ErrorCode::Database, "the server is gone");
  ASSERT_EQ(error.problems().size(), 1U);
  EXPECT_EQ(error.problems()[0].message, "the server is gone");
}

TEST(CheckDeathTest, BrokenPromiseEndsTheProcessAndIsNamed) {
  EXPECT_DEATH(MIDFLIGHT_CHECK(1 + 1 == 3), "1 \\+ 1 == 3");
}

}  // namespace
}  // namespace midflight
