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
  EXPECT_EQ(parse_complaint("downtime_s").substr(0, 15), "--fail-if:1:11:");
  EXPECT_EQ(parse_complaint("downtime_s = 0").substr(0, 15), "--fail-if:1:12:");
  EXPECT_EQ(parse_complaint("downtime_s > ").substr(0, 13), "--fail-if:1:1");
  EXPECT_EQ(parse_complaint("downtime_s > 5s").substr(0, 15), "--fail-if:1:14:");
  EXPECT_EQ(parse_complaint("downtime_s.p99 > 5").substr(0, 15), "--fail-if:1:12:");
  EXPECT_EQ(parse_complaint("> 5").substr(0, 14), "--fail-if:1:1:");
  EXPECT_EQ(parse_complaint("a.downtime_s.p5.x > 5").substr(0, 15), "--fail-if:1:17:");
  EXPECT_EQ(parse_complaint("downtime_s > nan").substr(0, 15), "--fail-if:1:14:");
}

TEST(FailIf, HoldsForTheFirstStrategyThatMeetsIt) {
  const Result result = result_of({safe("expand_contract"), naive({100, 300})});
  EXPECT_EQ(holds(parse_fail_if("failed_requests > 200"), result), "naive.failed_requests.p95 is 300, which is > 200");
  EXPECT_EQ(holds(parse_fail_if("failed_requests > 300"), result), std::nullopt);
}

TEST(FailIf, NamedStrategyAloneIsJudged) {
  const Result result = result_of({safe("expand_contract"), naive({100, 300})});
  EXPECT_EQ(holds(parse_fail_if("expand_contract.failed_requests > 0"), result), std::nullopt);
}

TEST(FailIf, OperatorsCompareAsTheyRead) {
  const Result result = result_of({naive({300, 300})});
  auto truth = [&](const std::string& op) { return holds(parse_fail_if("failed_requests " + op + " 300"), result).has_value(); };
  EXPECT_FALSE(truth(">"));
  EXPECT_TRUE(truth(">="));
  EXPECT_FALSE(truth("<"));
  EXPECT_TRUE(truth("<="));
  EXPECT_TRUE(truth("=="));
  EXPECT_FALSE(truth("!="));
}

TEST(FailIf, StatsAreTakenFromTheDistribution) {
  const Result result = result_of({naive({100, 300})});
  auto truth = [&](const std::string& text) { return holds(parse_fail_if(text), result).has_value(); };
  EXPECT_TRUE(truth("failed_requests.mean == 200"));
  EXPECT_TRUE(truth("failed_requests.p5 == 100"));
  EXPECT_TRUE(truth("failed_requests.p50 == 100"));
  EXPECT_TRUE(truth("failed_requests.p95 == 300"));
  EXPECT_TRUE(truth("deployments == 1"));
}

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
