#include <gtest/gtest.h>

#include <algorithm>

#include "backends/open.h"
#include "backends/plan_run.h"
#include "tests/unit/backends/builders.h"

// Clients of a replay try again, and give up, as those of a simulated run do.

namespace midflight::backends {
namespace {

PlanRunResult carry_out(const Small& small, Backend& backend) {
  const Catalogue catalogue(small.scenario.schema, small.proposal.plan, small.scenario.change);
  const ClientApplication application(small.proposal.versions, catalogue, backend.dialect());
  return run_plan(backend, small.scenario, small.proposal, catalogue, application, small.options);
}

Step wait_step(std::int64_t milliseconds) { return {"wait", {}, WaitStep{Duration::milliseconds(milliseconds)}, "", {}}; }

std::int64_t failed(const PlanRunResult& run) {
  return std::count_if(run.requests.begin(), run.requests.end(), [](const RequestRecord& r) { return r.error != 0; });
}

// The first UPDATE keeps each instance's only connection for 0.3 s.  Whoever comes meanwhile waits 0.1 s
// for it, pauses 0.15 s, and finds it free, or free within another 0.1 s.
TEST(Retry, APoolTimeoutIsTriedAgain) {
  FakeBackend fake;
  Small small;
  small.scenario.app.pool = 1;
  small.scenario.app.pool_timeout = Duration::milliseconds(100);
  small.scenario.app.retry = {3, Duration::milliseconds(150), 1};
  fake.script({"UPDATE users", {}, Duration::milliseconds(300), 2, {}});
  small.add(wait_step(700));
  const PlanRunResult run = carry_out(small, fake);
  EXPECT_EQ(failed(run), 0);
  EXPECT_TRUE(std::any_of(run.requests.begin(), run.requests.end(), [](const RequestRecord& r) {
    return r.end - r.arrival >= Duration::milliseconds(250);
  }));
}

// Every try fails at once and the next one would come after 1 s, but the client waits 0.3 s.
TEST(Retry, AClientGivesUpWhileItPauses) {
  FakeBackend fake;
  Small small;
  small.scenario.app.request_timeout = Duration::milliseconds(300);
  small.scenario.app.retry = {5, Duration::seconds(1), 1};
  fake.script({"UPDATE users", {ErrorClass::Constraint, "", "no"}, {}, -1, {}});
  small.add(wait_step(500));
  const PlanRunResult run = carry_out(small, fake);
  EXPECT_GT(failed(run), 10);
  for (const RequestRecord& r : run.requests) {
    if (r.error == 0) continue;
    EXPECT_EQ(run.errors[r.error], (ErrorKind{ErrorClass::RequestTimeout, "", "interrupted"}));
    EXPECT_GE(r.end - r.arrival, Duration::milliseconds(300));
    EXPECT_LE(r.end - r.arrival, Duration::milliseconds(350));
  }
}

// v1 fails every UPDATE, and is gone for about 0.4 s before v2 comes: a client that pauses then tries on,
// one that arrives then is told so at once.
TEST(Retry, NoInstanceOnATryIsTriedAgainAndOnArrivalIsNot) {
  FakeBackend fake;
  Small small(200);
  small.scenario.app.retry = {50, Duration::milliseconds(50), 1};
  small.scenario.app.rollout.kind = RolloutKind::Recreate;
  small.add(Version{"v2", {endpoint("profile", 100, {"SELECT name FROM users WHERE id = $1"}),
                           endpoint("rename", 100, {"UPDATE users SET note = $1 WHERE id = $2"})}, ""});
  small.scenario.schema.tables[0].columns.push_back(small.scenario.schema.tables[0].columns[1]);
  small.scenario.schema.tables[0].columns.back().name = "note";
  fake.script({"SET name", {ErrorClass::Constraint, "", "no"}, {}, -1, {}});
  small.add(deploy_step("v2", "v2"));
  const PlanRunResult run = carry_out(small, fake);
  EXPECT_GT(failed(run), 10);
  std::int64_t carried_over = 0;
  for (const RequestRecord& r : run.requests) {
    if (r.error == 0) {
      carried_over += r.version == 1 && r.end - r.arrival > Duration::milliseconds(250) ? 1 : 0;
      continue;
    }
    EXPECT_EQ(run.errors[r.error].error, ErrorClass::NoInstance);
    EXPECT_EQ(r.end, r.arrival);
  }
  EXPECT_GT(carried_over, 5);
}

}  // namespace
}  // namespace midflight::backends
