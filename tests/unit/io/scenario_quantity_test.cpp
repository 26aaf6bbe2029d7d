#include <gtest/gtest.h>

#include "sim/io/yaml_quantity.h"
#include "tests/unit/io/scenario_support.h"

namespace midflight::io {
namespace {

using testing::says;

TEST(Quantity, DurationsCarryTheirUnit) {
  const std::vector<std::pair<std::string, std::int64_t>> cases = {
      {"1.5s", 1'500'000'000}, {"250ms", 250'000'000}, {"1h", 3'600'000'000'000}, {"2d", 172'800'000'000'000},
      {"7us", 7'000},          {"3ns", 3},             {"1min", 60'000'000'000},  {"0", 0},
      {"0s", 0},               {"5 s", 5'000'000'000}, {"1e3ms", 1'000'000'000},  {"0.1s", 100'000'000},
      {"3650d", kDurationMax.ns}};
  for (const auto& [text, ns] : cases) {
    const Parsed<Duration> parsed = parse_duration(text);
    ASSERT_TRUE(parsed.value) << text << ": " << parsed.problem;
    EXPECT_EQ(parsed.value->ns, ns) << text;
  }
}

TEST(Quantity, WrongDurationsSayWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"5 sec", "unknown unit `sec`; units of time are ns, us, ms, s, min, h and d"},
      {"5", "a unit is missing, as in 5s or 5ms"},
      {"", "not a length of time"},
      {"s", "not a length of time"},
      {"-1s", "never negative"},
      {"nan", "not a length of time"},
      {"infs", "not a length of time"},
      {"1e300s", "the longest time is 3650d"},
      {"1e999s", "not a length of time"},
      {"3651d", "the longest time is 3650d"},
      {"0.1ns", "the shortest time is 1ns"},
      {"1.2.3s", "not a length of time"},
      {"1h30min", "unknown unit `h30min`"}};
  for (const auto& [text, problem] : cases) {
    const Parsed<Duration> parsed = parse_duration(text);
    EXPECT_FALSE(parsed.value) << text;
    EXPECT_TRUE(says(parsed.problem, problem)) << text;
  }
}

TEST(Quantity, RatesArePerUnitOfTime) {
  EXPECT_DOUBLE_EQ(*parse_rate("50/s").value, 50);
  EXPECT_DOUBLE_EQ(*parse_rate("30/min").value, 0.5);
  EXPECT_DOUBLE_EQ(*parse_rate("1 / ms").value, 1000);
  EXPECT_DOUBLE_EQ(*parse_rate("1e7/s").value, kRateMax);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"0/s", "above 0 and at most 10000000/s"}, {"-5/s", "above 0"}, {"1.1e7/s", "at most 10000000/s"},
      {"50", "such as 50/s"},                    {"50/sec", "unknown unit `sec`"}, {"x/s", "not a number"},
      {"nan/s", "not a finite number"},          {"5/", "a unit is missing"}};
  for (const auto& [text, problem] : cases) {
    EXPECT_FALSE(parse_rate(text).value) << text;
    EXPECT_TRUE(says(parse_rate(text).problem, problem)) << text;
  }
}

TEST(Quantity, CountsAreWholeNumbers) {
  EXPECT_EQ(parse_count("3000000").value, 3'000'000);
  EXPECT_EQ(parse_count("3_000_000").value, 3'000'000);
  EXPECT_EQ(parse_count("1e9").value, 1'000'000'000);
  EXPECT_EQ(parse_count("9223372036854775807").value, 9223372036854775807);
  for (const std::string text : {"1.5", "1e300", "inf", "nan", "0x10", "1,000", "_1", "1_", "", " ", "--1", "+-1"}) {
    EXPECT_FALSE(parse_count(text).value) << text;
  }
}

TEST(Quantity, PercentagesNeedTheirSign) {
  EXPECT_DOUBLE_EQ(*parse_percent("25%").value, 25);
  EXPECT_DOUBLE_EQ(*parse_percent("0.5 %").value, 0.5);
  for (const std::string text : {"25", "101%", "-1%", "%", "1%%", "nan%"}) EXPECT_FALSE(parse_percent(text).value) << text;
}

TEST(Quantity, DistributionsReadAsTheyAreWritten) {
  const Duration ms = Duration::milliseconds(1);
  EXPECT_EQ(parse_distribution("1ms").value, Distribution::constant(ms));
  EXPECT_EQ(parse_distribution("constant(1ms)").value, Distribution::constant(ms));
  EXPECT_EQ(parse_distribution("exponential(5ms)").value, Distribution::exponential(ms * 5));
  EXPECT_EQ(parse_distribution("lognormal(1ms, 0.5)").value, Distribution::lognormal(ms, 0.5));
  EXPECT_EQ(parse_distribution("uniform( 1ms ,2ms )").value, Distribution::uniform(ms, ms * 2));
  for (const char* text : {"lognormal(1ms, 0.5)", "exponential(5ms)", "uniform(1ms, 2ms)"}) {
    EXPECT_EQ(parse_distribution(text).value->text(), text);
  }
}

TEST(Quantity, WrongDistributionsSayWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"gamma(1ms, 2)", "unknown distribution `gamma`; there are constant(a)"},
      {"lognormal(1ms)", "lognormal takes two arguments, not 1"},
      {"constant(1ms, 2ms)", "constant takes one argument, not 2"},
      {"lognormal(1ms, 0.5", "a closing parenthesis is missing"},
      {"lognormal(1ms, 5s)", "sigma, a number without a unit"},
      {"lognormal(1ms, -1)", "sigma must be from 0 to 5"},
      {"lognormal(1ms, 9)", "sigma must be from 0 to 5"},
      {"lognormal(0, 1)", "median of a lognormal must be above 0"},
      {"uniform(2ms, 1ms)", "below its lower end"},
      {"exponential(5)", "a unit is missing"},
      {"exponential()", "not a length of time"}};
  for (const auto& [text, problem] : cases) {
    EXPECT_FALSE(parse_distribution(text).value) << text;
    EXPECT_TRUE(says(parse_distribution(text).problem, problem)) << text;
  }
}

}  // namespace
}  // namespace midflight::io
