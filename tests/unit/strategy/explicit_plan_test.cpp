#include <gtest/gtest.h>

#include "sim/kernel/error.h"
#include "tests/unit/strategy/builders.h"

namespace midflight::strategy::testing {
namespace {

Step deploy(const std::string& name) {
  Step step;
  step.id = "deploy-" + name;
  step.action = DeployStep{name, {}};
  step.where = {"scenario.yaml", 12, 5};
  return step;
}

Step sql_step(const std::string& id, const std::string& text) {
  Step step;
  step.id = id;
  SqlStep action;
  action.statements = {sql::parse_one(text)};
  step.action = action;
  return step;
}

Plan plan_of(std::vector<Step> steps) {
  Plan plan;
  plan.steps = std::move(steps);
  return plan;
}

TEST(ExplicitPlan, RunsAsItIsAndIsTheOnlyProposal) {
  Scenario s = scenario();
  s.plan = plan_of({sql_step("expand", "ALTER TABLE users ADD COLUMN full_name text"), deploy("v1.1"), deploy("v2")});
  const std::vector<Proposal> all = propose_all(s);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().name, "plan");
  EXPECT_EQ(text(all.front().plan), text(*s.plan));
  EXPECT_FALSE(std::get<SqlStep>(all.front().plan.steps[0].action).lock_timeout.has_value());
}

TEST(ExplicitPlan, DerivesTheVersionsItDeploys) {
  Scenario s = scenario();
  s.plan = plan_of({deploy("v1.1"), deploy("v2")});
  const Proposal p = explicit_plan(s);
  EXPECT_EQ(versions_text(p), "v1 v1.1 v2");
  EXPECT_EQ(statements_text(p, "v2"), statements_text(propose(scenario(), "naive"), "v2"));
}

TEST(ExplicitPlan, StoppingTheApplicationNeedsNoVersion) {
  Scenario s = scenario();
  s.plan = plan_of({deploy(""), deploy("v2")});
  EXPECT_EQ(versions_text(explicit_plan(s)), "v1 v2");
}

TEST(ExplicitPlan, ListedVersionsAreTakenAsTheyAre) {
  Scenario s = scenario();
  s.change.reset();
  s.app.versions.push_back(version("next", {"SELECT full_name FROM users"}));
  s.plan = plan_of({deploy("next")});
  const Proposal p = explicit_plan(s);
  EXPECT_EQ(versions_text(p), "v1 next");
  EXPECT_EQ(statements_text(p, "next"), "SELECT full_name FROM users\n");
}

TEST(ExplicitPlan, FollowsATypeChangeToTheColumnThePlanAdds) {
  Scenario s = scenario("ALTER TABLE users ALTER COLUMN name TYPE text");
  s.plan = plan_of({sql_step("expand", "ALTER TABLE users ADD COLUMN long_name text"), deploy("v2")});
  EXPECT_NE(statements_text(explicit_plan(s), "v2").find("long_name"), std::string::npos);
}

std::string problem(const Scenario& s) {
  try {
    explicit_plan(s);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::BadInput);
    return error.problems().front().where.text() + " " + error.problems().front().message;
  }
  return "no error";
}

TEST(ExplicitPlan, UnknownVersionIsReportedAtItsStep) {
  Scenario s = scenario();
  s.plan = plan_of({deploy("v3")});
  EXPECT_EQ(problem(s), "scenario.yaml:12:5 step deploy-v3 deploys v3, which app.versions does not list");
}

TEST(ExplicitPlan, DoubleWritesNeedAColumnToWriteTo) {
  Scenario s = scenario("ALTER TABLE users ALTER COLUMN name TYPE text");
  s.plan = plan_of({deploy("v1.1")});
  EXPECT_NE(problem(s).find("does not add exactly one"), std::string::npos);
}

}  // namespace
}  // namespace midflight::strategy::testing
