#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "backends/measure.h"
#include "backends/open.h"
#include "backends/plan_run.h"
#include "sim/strategy/strategy.h"
#include "tests/live_replay/server.h"
#include "tests/unit/backends/builders.h"

// Plans on a real server: what its locks, errors and timeouts do to requests and steps.

namespace midflight::backends {
namespace {

struct Ran {
  PlanRunResult run;
  DataCheck data;
  Measurement measured;
};

/// The application of the unit tests, on PostgreSQL.
struct OnPostgres : Small {
  BackendOptions backend_options;
  explicit OnPostgres(double rate = 100) : Small(rate) {
    scenario.database.dialect = {Engine::Postgresql, 15};
    scenario.schema.tables[0].columns[0].identity = true;
  }
  Ran carry_out() {
    const auto backend = open(live_replay::uri(), backend_options);
    backend->prepare(scenario.schema);
    const Catalogue catalogue(scenario.schema, proposal.plan, scenario.change);
    const ClientApplication application(proposal.versions, catalogue, backend->dialect());
    Ran ran;
    ran.run = run_plan(*backend, scenario, proposal, catalogue, application, options);
    ran.data = check_data(*backend, catalogue, application, ran.run);
    ran.measured = measure(scenario, application, ran.run, ran.data, std::nullopt);
    return ran;
  }
  void report(Duration at, Duration length, BackgroundJob::While during = BackgroundJob::While::Running) {
    scenario.background.push_back({"report", sql::parse_one("SELECT count(*) FROM users"), Distribution::constant(length),
                                   during, {}, at, false});
  }
};

Step wait_step(const std::string& id, std::int64_t milliseconds, std::vector<std::size_t> after = {}) {
  return {id, std::move(after), WaitStep{Duration::milliseconds(milliseconds)}, "", {}};
}

std::vector<ErrorKind> errors_of(const Ran& ran) {
  std::vector<ErrorKind> kinds;
  for (const ErrorCount& error : ran.measured.errors) kinds.push_back(error.kind);
  return kinds;
}

TEST(Plan, ARenameFailsTheOldVersionWithTheServersWords) {
  OnPostgres plan;
  plan.scenario.change = sql::parse_one("ALTER TABLE users RENAME COLUMN name TO full_name");
  plan.add(Version{"v2", {endpoint("profile", 50, {"SELECT full_name FROM users WHERE id = $1"}),
                          endpoint("rename", 50, {"UPDATE users SET full_name = $1 WHERE id = $2"})}, ""});
  plan.add(sql_step("rename", "ALTER TABLE users RENAME COLUMN name TO full_name"));
  plan.add(deploy_step("v2", "v2", {0}));
  const Ran ran = plan.carry_out();
  EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
  EXPECT_GT(ran.measured.failed_requests, 10);
  const auto errors = errors_of(ran);
  EXPECT_NE(std::find(errors.begin(), errors.end(), ErrorKind{ErrorClass::Schema, "42703", "column \"name\" does not exist"}), errors.end());
  EXPECT_TRUE(std::all_of(errors.begin(), errors.end(), [](const ErrorKind& e) { return e.sqlstate == "42703"; }));
  EXPECT_EQ(ran.measured.steps[0].locks, (std::vector<RelationLock>{{"users", LockMode::AccessExclusiveLock}}));
  EXPECT_TRUE(ran.data.ok()) << ran.data.text();
  EXPECT_TRUE(live_replay::scratch_databases().empty());
}

Ran carried_out(const std::string& change, const std::string& strategy) {
  OnPostgres plan;
  plan.scenario.change = sql::parse_one(change);
  plan.proposal = strategy::propose(plan.scenario, strategy);
  EXPECT_FALSE(plan.proposal.refused) << plan.proposal.why;
  return plan.carry_out();
}

// What a concurrent build holds outside a transaction is not seen.
TEST(Plan, SafeWaysToAnIndexAndToConstraintsKeepNobodyWaitingForTheRows) {
  for (const auto& [change, strategy, locks] : std::vector<std::tuple<std::string, std::string, std::vector<LockMode>>>{
           {"CREATE INDEX ON users (name)", "concurrent_index", {}},
           {"ALTER TABLE users ADD CHECK (name <> 'nobody')", "validate_later", {LockMode::AccessExclusiveLock, LockMode::ShareUpdateExclusiveLock}},
           {"ALTER TABLE users ADD CONSTRAINT same FOREIGN KEY (id) REFERENCES users (id)", "validate_later",
            {LockMode::ShareRowExclusiveLock, LockMode::ShareUpdateExclusiveLock}}}) {
    const Ran ran = carried_out(change, strategy);
    EXPECT_TRUE(ran.measured.completed) << change << ": " << ran.measured.why_incomplete;
    EXPECT_EQ(ran.measured.failed_requests, 0) << change;
    ASSERT_GE(ran.measured.steps.size(), locks.size()) << change;
    for (std::size_t i = 0; i < locks.size(); ++i) {
      const auto& taken = ran.measured.steps[i].locks;
      EXPECT_NE(std::find(taken.begin(), taken.end(), RelationLock{"users", locks[i]}), taken.end()) << change << ": " << taken.size();
    }
  }
}

/// Of users without its key, whose id may be null.
Ran keyed_by(const std::string& change) {
  OnPostgres plan;
  Table& users = plan.scenario.schema.tables[0];
  users.constraints.clear(), users.indexes.clear();
  users.columns[0].identity = false, users.columns[0].not_null = false;
  plan.scenario.change = sql::parse_one(change);
  plan.proposal = strategy::propose(plan.scenario, "key_from_index");
  EXPECT_FALSE(plan.proposal.refused) << plan.proposal.why;
  return plan.carry_out();
}

TEST(Plan, AKeyFromAnIndexIsTheKeyThatWasAskedFor) {
  const Ran primary = keyed_by("ALTER TABLE users ADD PRIMARY KEY (id) WITH (fillfactor = 70) DEFERRABLE");
  EXPECT_TRUE(primary.measured.completed) << primary.measured.why_incomplete;
  EXPECT_EQ(primary.measured.failed_requests, 0);
  EXPECT_TRUE(primary.data.ok()) << primary.data.text();
  EXPECT_EQ(primary.run.schema.tables[0].primary_key(), std::vector<std::string>{"id"});
  EXPECT_TRUE(primary.run.schema.tables[0].column("id")->not_null);
  const Ran unique = keyed_by("ALTER TABLE users ADD UNIQUE NULLS NOT DISTINCT (id) USING INDEX TABLESPACE pg_default");
  EXPECT_TRUE(unique.measured.completed) << unique.measured.why_incomplete;
  EXPECT_EQ(unique.measured.failed_requests, 0);
  EXPECT_EQ(unique.measured.steps[1].locks, (std::vector<RelationLock>{{"users", LockMode::AccessExclusiveLock}}));
}

TEST(Plan, AKeyThatTheRowsBreakFailsWithItsIndexAndLeavesTheTableToTheApplication) {
  OnPostgres plan;
  plan.scenario.schema = sql::schema_from_sql("CREATE TABLE users (id bigserial PRIMARY KEY, name text, kind text CHECK (kind IN ('a', 'b')))");
  plan.scenario.schema.tables[0].rows = 100;
  plan.scenario.change = sql::parse_one("ALTER TABLE users ADD UNIQUE (kind)");
  plan.proposal = strategy::propose(plan.scenario, "key_from_index");
  const Ran ran = plan.carry_out();
  EXPECT_FALSE(ran.measured.completed);
  EXPECT_NE(ran.measured.why_incomplete.find("could not create unique index \"users_kind_key\""), std::string::npos) << ran.measured.why_incomplete;
  EXPECT_NE(ran.measured.why_incomplete.find("DROP INDEX CONCURRENTLY IF EXISTS users_kind_key"), std::string::npos) << ran.measured.why_incomplete;
  EXPECT_EQ(ran.measured.failed_requests, 0);
}

// The report reads from 0.1 s to 1.3 s; the change asks at 0.3 s and waits 1.0 s, and everybody behind it.
TEST(Plan, AStepBehindAReaderHoldsUpWhoeverComesAfterIt) {
  OnPostgres plan;
  plan.report(Duration::milliseconds(100), Duration::milliseconds(1200));
  plan.add(wait_step("wait", 300));
  plan.add(sql_step("expand", "ALTER TABLE users ADD COLUMN note text", {0}));
  const Ran ran = plan.carry_out();
  EXPECT_NEAR(ran.measured.steps[1].lock_wait.seconds(), 1.0, 0.15);
  EXPECT_LT(ran.measured.steps[1].held.seconds(), 0.3);
  // All that came in that second, as far as eight connections could take them.
  EXPECT_GE(ran.measured.steps[1].blocked_requests, 5);
  EXPECT_NEAR(ran.measured.stall.seconds(), 1.0, 0.2);
  EXPECT_EQ(ran.measured.failed_requests, 0);
}

TEST(Plan, TheQueueBehindAReaderIsToldAsSamplesSawIt) {
  OnPostgres plan;
  plan.report(Duration::milliseconds(100), Duration::milliseconds(1200));
  plan.add(wait_step("wait", 300));
  plan.add(sql_step("expand", "ALTER TABLE users ADD COLUMN note text", {0}));
  const Ran ran = plan.carry_out();
  const std::vector<QueueMoment>& queue = ran.measured.queue;
  ASSERT_GE(queue.size(), 3U);
  // The longest: the reader holds, the change is first, and all eight connections wait behind it.
  const QueueMoment& longest = *std::max_element(queue.begin(), queue.end(), [](const QueueMoment& a, const QueueMoment& b) {
    return a.waiters.size() < b.waiters.size();
  });
  EXPECT_EQ(longest.lock, "users");
  ASSERT_EQ(longest.holders.size(), 1U);
  EXPECT_EQ(longest.holders[0].who, "report");
  EXPECT_EQ(longest.holders[0].mode, "AccessShareLock");
  ASSERT_GE(longest.waiters.size(), 2U);
  EXPECT_EQ(longest.waiters[0].who, "step expand");
  EXPECT_EQ(longest.waiters[0].mode, "AccessExclusiveLock");
  EXPECT_EQ(longest.waiters[1].who.substr(0, 3), "v1 ");
  EXPECT_TRUE(longest.waiters[1].requests);
  EXPECT_EQ(queue.back().waiters, std::vector<QueueGroup>{});
}

// It may wait 0.2 s and pauses 0.3 s: it asks at 0.3, 0.8 and 1.3 s, where the way is free since 1.2 s.
TEST(Plan, ALockTimeoutLetsRequestsThroughAndIsTriedAgain) {
  OnPostgres plan;
  plan.report(Duration::milliseconds(100), Duration::milliseconds(1100));
  plan.add(wait_step("wait", 300));
  Step expand = sql_step("expand", "ALTER TABLE users ADD COLUMN note text", {0});
  auto& step = std::get<SqlStep>(expand.action);
  step.lock_timeout = Duration::milliseconds(200);
  step.retry = {10, Duration::milliseconds(300), 1, Duration::max()};
  plan.add(expand);
  const Ran ran = plan.carry_out();
  EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
  EXPECT_EQ(ran.measured.steps[1].tries, 3);
  EXPECT_NEAR(ran.measured.steps[1].lock_wait.seconds(), 0.4, 0.1);
  EXPECT_LT(ran.measured.stall.seconds(), 0.45);
}

TEST(Plan, AnIndexBuiltConcurrentlyWaitsForAnOldSnapshotAndStopsNobody) {
  OnPostgres plan;
  plan.report(Duration::milliseconds(100), Duration::milliseconds(1000), BackgroundJob::While::Idle);
  plan.scenario.background.back().repeatable_read = true;
  plan.add(wait_step("wait", 200));
  plan.add(sql_step("index", "CREATE INDEX CONCURRENTLY users_name ON users (name)", {0}));
  const Ran ran = plan.carry_out();
  EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
  EXPECT_GT(ran.measured.steps[1].lock_wait.seconds(), 0.6);
  EXPECT_EQ(ran.measured.failed_requests, 0);
  EXPECT_LT(ran.measured.stall.seconds(), 0.3);
  EXPECT_EQ(ran.measured.steps[1].locks, (std::vector<RelationLock>{{"users", LockMode::ShareUpdateExclusiveLock}}));
}

TEST(Plan, APreparedSelectStarIsStaleUntilItIsPreparedAgain) {
  for (const bool again : {false, true}) {
    OnPostgres plan;
    plan.backend_options.prepared = true;
    plan.backend_options.prepare_again = again;
    plan.proposal.versions[0].endpoints[0] = endpoint("profile", 50, {"SELECT * FROM users WHERE id = $1"});
    plan.add(wait_step("warm", 500));  // or there would be nothing prepared yet
    plan.add(sql_step("expand", "ALTER TABLE users ADD COLUMN note text", {0}));
    const Ran ran = plan.carry_out();
    if (again) {
      EXPECT_EQ(ran.measured.failed_requests, 0);
    } else {
      EXPECT_EQ(errors_of(ran), (std::vector<ErrorKind>{{ErrorClass::StalePlan, "0A000", "cached plan must not change result type"}}));
    }
  }
}

// A client waits 0.3 s at most; the report stands in the change's way for 1 s.
TEST(Plan, AClientThatGivesUpCancelsAndTheServerSaysSo) {
  OnPostgres plan;
  plan.scenario.app.request_timeout = Duration::milliseconds(300);
  plan.report(Duration::milliseconds(100), Duration::milliseconds(1000));
  plan.add(wait_step("wait", 200));
  plan.add(sql_step("expand", "ALTER TABLE users ADD COLUMN note text", {0}));
  const Ran ran = plan.carry_out();
  const auto errors = errors_of(ran);
  EXPECT_NE(std::find(errors.begin(), errors.end(), ErrorKind{ErrorClass::RequestTimeout, "57014", "canceling statement due to user request"}), errors.end());
  EXPECT_TRUE(std::all_of(errors.begin(), errors.end(), [](const ErrorKind& e) { return e.error == ErrorClass::RequestTimeout; }));
}

TEST(Plan, AStatementThatFailsEndsThePlanAndIsRolledBack) {
  OnPostgres plan;
  plan.add(sql_step("two", "ALTER TABLE users ADD COLUMN note text; ALTER TABLE users ADD CONSTRAINT few CHECK (id < 50)"));
  const Ran ran = plan.carry_out();
  EXPECT_FALSE(ran.measured.completed);
  EXPECT_NE(ran.measured.why_incomplete.find("check constraint \"few\""), std::string::npos) << ran.measured.why_incomplete;
  EXPECT_EQ(ran.run.schema.tables[0].column("note"), nullptr);
  EXPECT_EQ(ran.measured.failed_requests, 0);
}

TEST(Plan, ABackfillCopiesEveryRowByKeyAndByPage) {
  for (const bool keyed : {true, false}) {
    OnPostgres plan;
    plan.scenario.schema.tables[0].rows = 5000;
    if (!keyed) plan.scenario.schema.tables[0].constraints.clear();
    plan.proposal.versions[0].endpoints.pop_back();
    BackfillStep copy;
    copy.update = sql::parse_one("UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name");
    copy.batch = 700;
    CheckStep equal;
    equal.kind = CheckStep::Kind::Equal;
    equal.table = "users", equal.column = "name", equal.other_column = "full_name";
    plan.add(sql_step("expand", "ALTER TABLE users ADD COLUMN full_name text"));
    plan.add({"copy", {0}, copy, "", {}});
    plan.add({"same", {1}, equal, "", {}});
    plan.add(sql_step("contract", "ALTER TABLE users DROP COLUMN name", {2}));
    const Ran ran = plan.carry_out();
    EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
    EXPECT_EQ(ran.data.disagreeing_rows, 0);
    EXPECT_EQ(ran.data.lost_writes, 0) << ran.data.text();
  }
}

TEST(Plan, EveryAcknowledgedInsertIsFound) {
  OnPostgres plan;
  plan.proposal.versions[0].endpoints.push_back(endpoint("sign-up", 50, {"INSERT INTO users (name) VALUES ($1)"}));
  plan.add(wait_step("wait", 1000));
  const Ran ran = plan.carry_out();
  EXPECT_GT(ran.data.rows_inserted, 20);
  EXPECT_TRUE(ran.data.ok()) << ran.data.text();
}

}  // namespace
}  // namespace midflight::backends
