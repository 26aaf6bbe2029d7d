#include <gtest/gtest.h>

#include <algorithm>

#include "backends/measure.h"
#include "backends/open.h"
#include "backends/plan_run.h"
#include "tests/live_replay/server.h"
#include "tests/unit/backends/builders.h"

// What clients on a real server meet: pools, prepared statements, samples of their locks.

namespace midflight::backends {
namespace {

struct Ran {
  PlanRunResult run;
  Measurement measured;
  std::vector<ErrorKind> errors() const {
    std::vector<ErrorKind> kinds;
    for (const ErrorCount& error : measured.errors) kinds.push_back(error.kind);
    return kinds;
  }
};

/// The application of the unit tests, on PostgreSQL; a report reads from 0.1 s to 1.1 s, and a change comes at 0.2 s.
struct Traffic : Small {
  BackendOptions backend_options;
  Traffic() : Small(100) {
    scenario.database.dialect = {Engine::Postgresql, 15};
    scenario.schema.tables[0].columns[0].identity = true;
  }
  void change_behind_a_report() {
    scenario.background.push_back({"report", sql::parse_one("SELECT count(*) FROM users"), Distribution::constant(Duration::seconds(1)),
                                   BackgroundJob::While::Running, {}, Duration::milliseconds(100), false});
    add({"wait", {}, WaitStep{Duration::milliseconds(200)}, "", {}});
    add(sql_step("expand", "ALTER TABLE users ADD COLUMN note text", {0}));
  }
  Ran carry_out() {
    const auto backend = open(live_replay::uri(), backend_options);
    backend->prepare(scenario.schema);
    const Catalogue catalogue(scenario.schema, proposal.plan, scenario.change);
    const ClientApplication application(proposal.versions, catalogue, backend->dialect());
    Ran ran;
    ran.run = run_plan(*backend, scenario, proposal, catalogue, application, options);
    ran.measured = measure(scenario, application, ran.run, {}, std::nullopt);
    return ran;
  }
};

// Two connections wait behind the change, everybody else for them: all are told the same.
TEST(Traffic, AClientThatGivesUpInThePoolsQueueIsToldWhatTheServerWouldSay) {
  Traffic traffic;
  traffic.scenario.app.pool = 1;
  traffic.scenario.app.request_timeout = Duration::milliseconds(300);
  traffic.change_behind_a_report();
  const Ran ran = traffic.carry_out();
  EXPECT_GT(ran.measured.failed_requests, 20);
  for (const ErrorKind& kind : ran.errors()) {
    EXPECT_EQ(kind, (ErrorKind{ErrorClass::RequestTimeout, "57014", "canceling statement due to user request"}));
  }
}

// The change waits 0.9 s; who finds no connection within 0.2 s tries again every 0.4 s, six times.
TEST(Traffic, WhoFindsNoConnectionTriesAgain) {
  Traffic traffic;
  traffic.scenario.app.pool = 1;
  traffic.scenario.app.pool_timeout = Duration::milliseconds(200);
  traffic.scenario.app.retry = {6, Duration::milliseconds(200), 1};
  traffic.change_behind_a_report();
  const Ran ran = traffic.carry_out();
  EXPECT_EQ(ran.measured.failed_requests, 0);
  EXPECT_GT(ran.measured.stall.seconds(), 0.7);
}

/// What the application meets whose cached plans a new column makes stale.
Ran stale(const std::vector<std::string>& statements, bool again) {
  Traffic traffic;
  traffic.backend_options.prepared = true;
  traffic.backend_options.prepare_again = again;
  traffic.proposal.versions[0].endpoints[0] = endpoint("profile", 50, statements);
  traffic.add({"warm", {}, WaitStep{Duration::milliseconds(500)}, "", {}});  // or there would be nothing prepared yet
  traffic.add(sql_step("expand", "ALTER TABLE users ADD COLUMN note text", {0}));
  traffic.add({"wait", {1}, WaitStep{Duration::milliseconds(500)}, "", {}});
  return traffic.carry_out();
}

TEST(Traffic, AStatementWithoutParametersIsPreparedAndGoesStaleToo) {
  const Ran ran = stale({"SELECT * FROM users"}, false);
  EXPECT_EQ(ran.errors(), (std::vector<ErrorKind>{{ErrorClass::StalePlan, "0A000", "cached plan must not change result type"}}));
  EXPECT_GT(ran.measured.failed_requests, 10);
  EXPECT_EQ(stale({"SELECT * FROM users"}, true).measured.failed_requests, 0);
}

// In a transaction it is too late to prepare again: one fails on each of at most eight connections.
TEST(Traffic, AStalePlanInATransactionFailsOnceOnEachConnection) {
  const Ran ran = stale({"SELECT * FROM users WHERE id = $1", "SELECT 1"}, true);
  EXPECT_GE(ran.measured.failed_requests, 1);
  EXPECT_LE(ran.measured.failed_requests, 8);
}

TEST(Traffic, AStatementThatStillRunsAtTheTimeLimitIsCancelledOnTheServer) {
  Traffic traffic;
  traffic.scenario.time_limit = Duration::milliseconds(500);
  traffic.add(sql_step("long", "SELECT pg_sleep(20)"));
  const Clock::time_point begin = Clock::now();
  const Ran ran = traffic.carry_out();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(10));
  EXPECT_NE(ran.measured.why_incomplete.find("limits.time"), std::string::npos) << ran.measured.why_incomplete;
  EXPECT_TRUE(live_replay::scratch_databases().empty());
}

}  // namespace
}  // namespace midflight::backends
