#include "sim/kernel/portable_math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/kernel/random.h"

namespace midflight {
namespace {

/// The distance in units of the last place of `expected`.
double ulps(double value, double expected) {
  if (value == expected) return 0;
  const double last = std::nextafter(std::fabs(expected), std::numeric_limits<double>::infinity()) - std::fabs(expected);
  return std::fabs(value - expected) / last;
}

TEST(PortableMath, ExpIsWithinTwoUlpOfTheLibrary) {
  double worst = 0;
  for (double x = -745; x < 709.7; x += 0.0137) worst = std::max(worst, ulps(portable_exp(x), std::exp(x)));
  for (double x = 1e-20; x < 1; x *= 1.01) {
    worst = std::max({worst, ulps(portable_exp(x), std::exp(x)), ulps(portable_exp(-x), std::exp(-x))});
  }
  EXPECT_LE(worst, 2);
}

TEST(PortableMath, LogIsWithinTwoUlpOfTheLibrary) {
  double worst = 0;
  for (double x = 1e-320; x < 1e308; x *= 1.0137) worst = std::max(worst, ulps(portable_log(x), std::log(x)));
  for (double x = 0.25; x < 4; x += 0.000137) worst = std::max(worst, ulps(portable_log(x), std::log(x)));
  for (double d = 1e-16; d < 0.5; d *= 1.1) {
    worst = std::max({worst, ulps(portable_log(1 + d), std::log(1 + d)), ulps(portable_log(1 - d), std::log(1 - d))});
  }
  EXPECT_LE(worst, 2);
}

TEST(PortableMath, EndsOfTheRangeAreThoseOfTheLibrary) {
  EXPECT_EQ(portable_exp(0), 1);
  EXPECT_EQ(portable_exp(710), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isfinite(portable_exp(709.78)));
  EXPECT_EQ(portable_exp(-746), 0);
  EXPECT_GT(portable_exp(-745), 0);
  EXPECT_EQ(portable_log(1), 0);
  EXPECT_EQ(portable_log(0), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(portable_log(-1)));
  EXPECT_TRUE(std::isnan(portable_exp(std::nan(""))));
}

TEST(PortableMath, Log1pKeepsSmallArguments) {
  for (double x = 1e-20; x < 0.9; x *= 1.3) {
    EXPECT_NEAR(portable::log1p(x) / std::log1p(x), 1, 1e-14) << x;
    EXPECT_NEAR(portable::log1p(-x) / std::log1p(-x), 1, 1e-14) << x;
  }
}

TEST(PortableMath, ErfcAgreesWithTheLibrary) {
  for (double x = -6; x < 26; x += 0.0137) EXPECT_NEAR(portable::erfc(x) / std::erfc(x), 1, 1e-13) << x;
}

}  // namespace
}  // namespace midflight
