#include "sim/run/critical_steps.h"

#include "tests/support/closed_forms.h"

// Which steps make a plan as long as it is.

namespace midflight::testing {
namespace {

std::string critical(const std::string& plan) {
  const Prediction p = run(scenario(one_reader("10/s", "plan:\n" + plan)), options(2, false));
  std::string names;
  for (const std::size_t step : critical_steps(p)) names += (names.empty() ? "" : " ") + p.proposal.plan.steps[step].id;
  return names;
}

const std::string kBegin = "  - {id: begin, wait: 1s}\n";
const std::string kEnd = "  - {id: end, wait: 1s, after: [short, long-b]}\n";

//  0   1          4    5
//  |begin|--short--|
//      |-long-a-|-long-b-|end|     2 + 2 against 3
TEST(CriticalSteps, AreThoseOfTheLongerBranch) {
  EXPECT_EQ(critical(kBegin + "  - {id: short, wait: 3s}\n  - {id: long-a, wait: 2s, after: [begin]}\n  - {id: long-b, wait: 2s}\n" + kEnd),
            "begin long-a long-b end");
}

TEST(CriticalSteps, StepThatRunsBesideTheOthersMayBeTheWholePath) {
  EXPECT_EQ(critical(kBegin + "  - {id: aside, wait: 9s, after: []}\n"), "aside");
}

// v1 again rolls the fleet of 10 in waves; the second deployment waits for its turn, which is part of its length.
TEST(CriticalSteps, DeploymentThatWaitsForItsTurnCountsItsWait) {
  EXPECT_EQ(critical("  - {id: one, deploy: v1}\n  - {id: two, deploy: v1, after: []}\n  - {id: end, wait: 1s, after: [one, two]}\n"),
            "two end");
}

TEST(CriticalSteps, OfAPlanWithoutBranchesAreNotNamed) { EXPECT_EQ(critical(kBegin + "  - {id: next, wait: 1s}\n"), ""); }

TEST(CriticalSteps, OfAPlanThatStopsAreNotNamed) {
  EXPECT_EQ(critical(kBegin + "  - {id: aside, wait: 9s, after: []}\n"
                              "  - {id: wrong, check: SELECT false, assume: false, after: [begin]}\n"), "");
}

}  // namespace
}  // namespace midflight::testing
