#include "sim/io/fail_if.h"

#include <gtest/gtest.h>

#include "result_support.h"
#include "sim/kernel/error.h"

namespace midflight::io {
namespace {

using testing::naive;
using testing::refused;
using testing::result_of;
using testing::safe;

/// "--fail-if:1:COLUMN: message" of the error, or "" when there is none.
template <typename Action>
std::string complaint(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.problems().front().where.text() + ": " + error.problems().front().message;
  }
  return "";
}

std::string parse_complaint(const std::string& text) {
  return complaint([&] { parse_fail_if(text); });
}

TEST(FailIf, QuantityAloneMeansP95OfAnyStrategy) {
  const FailIf c = parse_fail_if("downtime_s > 0");
  EXPECT_EQ(c.strategy, "");
  EXPECT_EQ(c.quantity, "downtime_s");
  EXPECT_EQ(c.stat, FailIf::Stat::P95);
  EXPECT_EQ(c.comparison, FailIf::Comparison::Greater);
  EXPECT_EQ(c.value, 0);
}

TEST(FailIf, StrategyAndStatMayBeNamed) {
  const FailIf c = parse_fail_if("expand_contract.failed_requests.mean>=1e3");
  EXPECT_EQ(c.strategy, "expand_contract");
  EXPECT_EQ(c.quantity, "failed_requests");
  EXPECT_EQ(c.stat, FailIf::Stat::Mean);
  EXPECT_EQ(c.comparison, FailIf::Comparison::GreaterEqual);
  EXPECT_EQ(c.value, 1000);
}

TEST(FailIf, TwoNamesAreStrategyAndQuantityOrQuantityAndStat) {
  EXPECT_EQ(parse_fail_if("naive.stall_s < 1").strategy, "naive");
  EXPECT_EQ(parse_fail_if("stall_s.p50 < 1").stat, FailIf::Stat::P50);
}

TEST(FailIf, MisspeltQuantityIsPointedAtWithASuggestion) {
  const std::string said = parse_complaint("naive.downtme_s.p95 > 0");
  EXPECT_EQ(said.substr(0, 15), "--fail-if:1:7: ");
  EXPECT_NE(said.find("downtime_s"), std::string::npos) << said;
}

TEST(FailIf, EveryOtherMistakeIsPointedAt) {
  const std::vector<std::pair<std::string, int>> columns = {
      {"downtime_s", 11}, {"downtime_s = 0", 12}, {"downtime_s > ", 14}, {"downtime_s > 5s", 14}, {"downtime_s.p99 > 5", 12},
      {"> 5", 1}, {"a.downtime_s.p5.x > 5", 17}, {"downtime_s > nan", 14}};
  for (const auto& [text, column] : columns) {
    EXPECT_TRUE(parse_complaint(text).starts_with("--fail-if:1:" + std::to_string(column) + ": ")) << text << "\n" << parse_complaint(text);
  }
}

TEST(FailIf, HoldsForTheFirstStrategyThatMeetsIt) {
  const Result result = result_of({safe("expand_contract"), naive({100, 300})});
  EXPECT_EQ(holds(parse_fail_if("failed_requests > 200"), result), "naive.failed_requests.p95 is 300, which is > 200");
  EXPECT_EQ(holds(parse_fail_if("failed_requests > 300"), result), std::nullopt);
}

// 48,300,000,000 ns times 1e-9 would be 48.300000000000004.
TEST(FailIf, NumbersAreSaidInTheDigitsTheyWereCountedIn) {
  EXPECT_EQ(holds(parse_fail_if("downtime_s > 0.1"), result_of({naive({1})})), "naive.downtime_s.p95 is 48.3, which is > 0.1");
  EXPECT_EQ(holds(parse_fail_if("failed_requests.mean > 0"), result_of({naive({1, 0, 0})})), "naive.failed_requests.mean is 0.333333333, which is > 0");
}

TEST(FailIf, DowntimeThatDoesNotEndIsLongerThanAnyLimit) {
  Prediction p = naive({100, 300});
  p.runs[0].endless = true;
  const Result result = result_of({p});
  EXPECT_EQ(holds(parse_fail_if("downtime_s > 1e9"), result), "naive.downtime_s.p95 is endless, which is > 1000000000");
  EXPECT_NE(holds(parse_fail_if("downtime_s.mean > 1e9"), result), std::nullopt);
  EXPECT_EQ(holds(parse_fail_if("downtime_s.p50 > 60"), result), std::nullopt);  // 48.3 s in the better half
  EXPECT_EQ(holds(parse_fail_if("failed_requests > 300"), result), std::nullopt);
}

TEST(FailIf, NamedStrategyAloneIsJudged) {
  const Result result = result_of({safe("expand_contract"), naive({100, 300})});
  EXPECT_EQ(holds(parse_fail_if("expand_contract.failed_requests > 0"), result), std::nullopt);
}

struct Truth {
  std::string condition;
  bool holds;
};

class FailIfTruth : public ::testing::TestWithParam<Truth> {};

TEST_P(FailIfTruth, ComparesAsItReads) {
  const Result result = result_of({naive({100, 300})});
  EXPECT_EQ(holds(parse_fail_if(GetParam().condition), result).has_value(), GetParam().holds) << GetParam().condition;
}

// Of the two runs one has 100 failed requests, the other 300.
INSTANTIATE_TEST_SUITE_P(Operators, FailIfTruth,
                         ::testing::Values(Truth{"failed_requests > 300", false}, Truth{"failed_requests >= 300", true},
                                           Truth{"failed_requests < 300", false}, Truth{"failed_requests <= 300", true},
                                           Truth{"failed_requests == 300", true}, Truth{"failed_requests != 300", false}));
INSTANTIATE_TEST_SUITE_P(Stats, FailIfTruth,
                         ::testing::Values(Truth{"failed_requests.mean == 200", true}, Truth{"failed_requests.p5 == 100", true},
                                           Truth{"failed_requests.p50 == 100", true}, Truth{"failed_requests.p95 == 300", true},
                                           Truth{"deployments == 1", true}));

TEST(FailIf, UnknownStrategyIsAMistakeWithASuggestion) {
  const Result result = result_of({safe("expand_contract")});
  const std::string said = complaint([&] { holds(parse_fail_if("expand_contrct.stall_s > 0"), result); });
  EXPECT_NE(said.find("expand_contract"), std::string::npos) << said;
}

TEST(FailIf, GateOnARefusedStrategyNeverPassesSilently) {
  const Result result = result_of({safe("expand_contract"), refused("shadow_table", "no key")});
  const std::string said = complaint([&] { holds(parse_fail_if("shadow_table.stall_s > 0"), result); });
  EXPECT_NE(said.find("shadow_table was refused: no key"), std::string::npos) << said;
  EXPECT_EQ(holds(parse_fail_if("stall_s > 0"), result), std::nullopt);
}

}  // namespace
}  // namespace midflight::io
