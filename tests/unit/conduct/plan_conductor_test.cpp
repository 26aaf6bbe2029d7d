#include "sim/conduct/plan_conductor.h"

#include <gtest/gtest.h>

#include "tests/unit/conduct/story.h"

namespace midflight::conduct {
namespace {

using Words = Story::Words;

TEST(PlanConductor, AnEmptyPlanIsDoneAtOnce) {
  EXPECT_EQ(Story(plan_of({})).begin(), (Words{"plan done"}));
}

// a -> {b, c} -> d
TEST(PlanConductor, StepsRunBesideEachOtherWhereThePlanAllowsIt) {
  Story story(plan_of({step_of("a", DeployStep{"v2", {}}), step_of("b", DeployStep{"v3", {}}, {0}),
                       step_of("c", WaitStep{Duration::seconds(1)}, {0}), step_of("d", CheckStep{}, {1, 2})}));
  EXPECT_EQ(story.begin(), (Words{"began 0", "rollout 0"}));
  EXPECT_EQ(story.rolled_out(0), (Words{"ended 0", "began 1", "rollout 1", "began 2", "timer 1s"}));
  EXPECT_EQ(story.ring(), (Words{"ended 2"}));
  EXPECT_EQ(story.rolled_out(1), (Words{"ended 1", "began 3", "ask 3"}));
  EXPECT_EQ(story.answer(true, 3), (Words{"ended 3", "plan done"}));
}

// There is one fleet: b and c begin as steps together, as rollouts one after the other.
TEST(PlanConductor, DeploymentsSideBySideTakeTurns) {
  Story story(plan_of({step_of("a", WaitStep{}), step_of("b", DeployStep{"v2", {}}, {0}),
                       step_of("c", DeployStep{"v3", {}}, {0}), step_of("d", DeployStep{"v4", {}}, {1})}));
  EXPECT_EQ(story.begin(), (Words{"began 0", "ended 0", "began 1", "rollout 1", "began 2"}));
  EXPECT_EQ(story.rolled_out(1), (Words{"ended 1", "began 3", "rollout 2"}));
  EXPECT_EQ(story.rolled_out(2), (Words{"ended 2", "rollout 3"}));
  EXPECT_EQ(story.rolled_out(3), (Words{"ended 3", "plan done"}));
}

TEST(PlanConductor, StepsThatTakeNoTimeFollowEachOtherWhateverTheirOrder) {
  Story story(plan_of({step_of("last", WaitStep{}, {1}), step_of("middle", WaitStep{}, {2}),
                       step_of("first", WaitStep{})}));
  EXPECT_EQ(story.begin(),
            (Words{"began 2", "ended 2", "began 1", "ended 1", "began 0", "ended 0", "plan done"}));
}

TEST(PlanConductor, StopsAtTheFirstStepThatCannotGoOnAndStaysSilent) {
  Story story(plan_of({step_of("filled", CheckStep{}), step_of("", WaitStep{Duration::seconds(1)}),
                       step_of("next", WaitStep{}, {0})}));
  story.begin();
  EXPECT_EQ(story.answer(false, 0), (Words{"step filled failed: its condition does not hold"}));
  EXPECT_TRUE(story.conductor().ended());
  EXPECT_EQ(story.ring(), Words{});
  EXPECT_EQ(story.begin(), Words{});
}

TEST(PlanConductor, EventsOfStepsThatHaveEndedAreIgnored) {
  Story story(plan_of({step_of("a", DeployStep{"v2", {}}), step_of("b", DeployStep{"v3", {}}, {0})}));
  story.begin();
  EXPECT_EQ(story.rolled_out(1), Words{});  // has not begun
  story.rolled_out(0);
  EXPECT_EQ(story.rolled_out(0), Words{});
  EXPECT_EQ(story.rolled_out(1), (Words{"ended 1", "plan done"}));
}

TEST(PlanConductor, AStepWithoutANameIsCalledByItsNumber) {
  Story story(plan_of({step_of("", CheckStep{})}));
  story.begin();
  EXPECT_EQ(story.answer(false), (Words{"step 1 failed: its condition does not hold"}));
}

TEST(PlanConductorDeathTest, ACycleIsRefused) {
  EXPECT_DEATH(Story(plan_of({step_of("a", WaitStep{}, {1}), step_of("b", WaitStep{}, {0})})), "can_be_ordered");
}

}  // namespace
}  // namespace midflight::conduct
