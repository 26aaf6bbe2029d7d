#include <gtest/gtest.h>

#include "tests/unit/io/scenario_support.h"

namespace midflight::io::testing {
namespace {

constexpr const char* kExpandContract =
    "  - {id: expand, sql: ALTER TABLE users ADD COLUMN full_name varchar(50), lock_timeout: 1s}\n"
    "  - {id: double-write, deploy: v1.1}\n"
    "  - {id: copy, backfill: UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name, batch: 500, pause: 100ms}\n"
    "  - {id: filled, check: \"equal(users.name, users.full_name)\"}\n"
    "  - {id: read-new, deploy: v1.2, after: [filled]}\n"
    "  - {wait: 1h}\n"
    "  - {id: stop-old, deploy: v2}\n"
    "  - {id: contract, sql: ALTER TABLE users DROP COLUMN name}\n";

/// A plan beside the change of the good scenario.
std::string beside_change(const std::string& steps) { return good_scenario() + "plan:\n" + steps; }

const Step& step_named(const Scenario& scenario, const std::string& id) {
  for (const Step& step : scenario.plan->steps) {
    if (step.id == id) return step;
  }
  throw std::runtime_error("no step " + id);
}

TEST(PlanReader, StepsFollowEachOtherUnlessAfterSaysOtherwise) {
  const Scenario scenario = parsed(beside_change(kExpandContract));
  const std::vector<Step>& steps = scenario.plan->steps;
  ASSERT_EQ(steps.size(), 8U);
  EXPECT_TRUE(steps[0].after.empty());
  EXPECT_EQ(steps[1].after, (std::vector<std::size_t>{0U}));
  EXPECT_EQ(steps[4].after, (std::vector<std::size_t>{3U}));
  EXPECT_EQ(steps[7].after, (std::vector<std::size_t>{6U}));
  EXPECT_EQ(steps[5].id, "wait-6");
  EXPECT_EQ(scenario.plan->deployments(), 3);
}

TEST(PlanReader, EveryKindOfStepKeepsItsKeys) {
  const Scenario scenario = parsed(beside_change(kExpandContract));
  const auto& expand = std::get<SqlStep>(step_named(scenario, "expand").action);
  EXPECT_EQ(expand.lock_timeout, Duration::seconds(1));
  EXPECT_EQ(expand.retry, Retry{});
  const auto& copy = std::get<BackfillStep>(step_named(scenario, "copy").action);
  EXPECT_EQ(copy.batch, 500);
  EXPECT_EQ(copy.pause, Duration::milliseconds(100));
  EXPECT_EQ(copy.update.kind, StatementKind::Update);
  const auto& filled = std::get<CheckStep>(step_named(scenario, "filled").action);
  EXPECT_EQ(filled.kind, CheckStep::Kind::Equal);
  EXPECT_EQ(filled.table + "." + filled.column + "=" + filled.other_column, "users.name=full_name");
  EXPECT_EQ(std::get<WaitStep>(step_named(scenario, "wait-6").action).length, Duration::hours(1));
  EXPECT_EQ(std::get<DeployStep>(step_named(scenario, "stop-old").action).version, "v2");
}

TEST(PlanReader, AStepMayRetryDeployItsOwnWayAndStopTheApplication) {
  const Scenario scenario = parsed(with_plan(
      "  - id: one\n"
      "    sql: [ALTER TABLE users ADD COLUMN a int, ALTER TABLE users ADD COLUMN b int]\n"
      "    statement_timeout: 3s\n"
      "    retry: {tries: unlimited, pause: 2s, backoff: 2, cap: 1min}\n"
      "  - {id: stop, deploy: none}\n"
      "  - {id: start, deploy: v1, rollout: {kind: canary, stages: [{share: 2%, hold: 5min}, {share: 50%, hold: 1min}]}}\n"));
  const auto& one = std::get<SqlStep>(step_named(scenario, "one").action);
  EXPECT_EQ(one.statements.size(), 2U);
  EXPECT_EQ(one.statement_timeout, Duration::seconds(3));
  EXPECT_EQ(one.retry, (Retry{Retry::kUnlimited, Duration::seconds(2), 2, Duration::minutes(1)}));
  EXPECT_EQ(std::get<DeployStep>(step_named(scenario, "stop").action).version, "");
  const Rollout& rollout = *std::get<DeployStep>(step_named(scenario, "start").action).rollout;
  EXPECT_EQ(rollout.kind, RolloutKind::Canary);
  ASSERT_EQ(rollout.stages.size(), 2U);
  EXPECT_EQ(rollout.stages[0].share, (InstanceCount{2, true}));
  EXPECT_EQ(rollout.startup, scenario.app.rollout.startup);
}

TEST(PlanReader, ChecksReadAsTheyAreWritten) {
  const Scenario scenario = parsed(with_plan(
      "  - {id: a, check: filled(users.name), every: 1s, timeout: 1min}\n"
      "  - {id: b, check: \"SELECT count(*) = 0 FROM users WHERE name IS NULL\", assume: false}\n"
      "  - {id: c, check: valid(users_pkey)}\n"));
  const auto& a = std::get<CheckStep>(step_named(scenario, "a").action);
  EXPECT_EQ(a.kind, CheckStep::Kind::Filled);
  EXPECT_EQ(a.every, Duration::seconds(1));
  EXPECT_EQ(a.timeout, Duration::minutes(1));
  const auto& b = std::get<CheckStep>(step_named(scenario, "b").action);
  EXPECT_EQ(b.kind, CheckStep::Kind::Sql);
  EXPECT_FALSE(b.assume);
  EXPECT_EQ(std::get<CheckStep>(step_named(scenario, "c").action).constraint, "users_pkey");
}

struct BadPlan {
  std::string steps, says;
};

TEST(PlanReader, MistakesInStepsAreNamed) {
  const std::vector<BadPlan> cases = {
      {"  - {id: a, wait: 1s, after: c}\n  - {id: b, wait: 1s}\n  - {id: c, wait: 1s}\n", "has a cycle: `a` -> `b` -> `c` -> `a`"},
      {"  - {id: a, wait: 1s, after: a}\n", "has a cycle: `a` -> `a`"},
      {"  - {id: a, wait: 1s}\n  - {id: a, wait: 2s}\n", "s.yaml:16:5: `plan.a` has the id `a`, which an earlier step has"},
      {"  - {id: first, wait: 1s}\n  - {wait: 2s, after: frst}\n", "names `frst`, a step the plan does not have; did you mean `first`?"},
      {"  - {wait: 1s, deploy: v1}\n", "is more than one step: it has `wait` and `deploy`"},
      {"  - {id: a}\n", "is no step"},
      {"  - wait\n", "must be a step such as"},
      {"  - {deploy: v7}\n", "step `deploy-1` deploys v7, a version the scenario does not have"},
      {"  - {deploy: v1.1}\n", "deploys v1.1, a version the scenario does not have"},
      {"  - {backfill: DELETE FROM users}\n", "must be an UPDATE"},
      {"  - {backfill: UPDATE users SET nme = name}\n", "step `backfill-1` writes users.nme"},
      {"  - {backfill: UPDATE users SET name = name, batch: 0}\n", "from 1 to 100000000"},
      {"  - {wait: 1 hour}\n", "unknown unit `hour`"},
      {"  - {wait: 1s, btch: 3}\n", "unknown key `btch`"},
      {"  - {sql: []}\n", "has no SQL statement"},
      {"  - {sql: ALTER TABLE users DROP COLUMN nme}\n", "step `sql-1` does not fit the schema"},
      {"  - {sql: [CREATE INDEX CONCURRENTLY i ON users (name), ALTER TABLE users ADD COLUMN a int]}\n",
       "refuses to run inside a transaction"},
      {"  - {check: filed(users.name)}\n", "unknown condition `filed`; did you mean `filled`?"},
      {"  - {check: filled(name)}\n", "must read filled(table.column)"},
      {"  - {check: filled(users.nme)}\n", "step `check-1` reads users.nme"},
      {"  - {check: \"equal(users.name, orders.name)\"}\n", "both of one table"},
      {"  - {check: valid(nothing)}\n", "names the constraint nothing"},
      {"  - {check: SELECT true}\n", "needs `assume: true` or `assume: false`"},
      {"  - {check: filled(users.name), timeout: 1s}\n", "needs `every`"},
      {"  - {id: a b, wait: 1s}\n", "must consist of letters"},
      {"  []\n", "must be a list of steps"}};
  for (const BadPlan& bad : cases) {
    EXPECT_EQ(problems(with_plan(bad.steps)).size(), 1U) << bad.steps << all_problems(with_plan(bad.steps));
    EXPECT_TRUE(says(all_problems(with_plan(bad.steps)), bad.says)) << bad.steps;
  }
}

TEST(PlanReader, StatementsAreCheckedUnderTheSchemaTheStepsBeforeLeave) {
  EXPECT_TRUE(problems(with_plan("  - {sql: ALTER TABLE users ADD COLUMN extra int}\n"
                                 "  - {backfill: UPDATE users SET extra = 1}\n"
                                 "  - {sql: ALTER TABLE users DROP COLUMN extra}\n")).empty());
  EXPECT_TRUE(says(all_problems(with_plan("  - {id: late, sql: ALTER TABLE users ADD COLUMN extra int, after: early}\n"
                                     "  - {id: early, backfill: UPDATE users SET extra = 1, after: []}\n")), "step `early` writes users.extra"));
}

TEST(PlanReader, LaterVersionsMustFitTheSchemaAtSomeMoment) {
  const auto later = [](const std::string& column) {
    std::string yaml = with_plan("  - {sql: ALTER TABLE users RENAME COLUMN name TO full_name}\n  - {deploy: v2}\n");
    const std::string version = "    v2:\n      - {name: profile, rate: 50/s, sql: SELECT " + column + " FROM users}\n";
    return yaml.insert(yaml.find("plan:"), version);
  };
  EXPECT_TRUE(problems(later("full_name")).empty()) << all_problems(later("full_name"));
  EXPECT_TRUE(problems(later("name")).empty());
  EXPECT_TRUE(says(all_problems(later("fullname")), "v2/profile reads users.fullname"));
}

}  // namespace
}  // namespace midflight::io::testing
