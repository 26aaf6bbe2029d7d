#include "backends/plan_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "backends/measure.h"
#include "backends/open.h"
#include "backends/stale_reads.h"
#include "sim/kernel/error.h"
#include "sim/traffic/merge.h"
#include "tests/unit/backends/builders.h"

namespace midflight::backends {
namespace {

struct Ran {
  PlanRunResult run;
  DataCheck data;
  std::optional<std::int64_t> stale_reads;
  Measurement measured;
};

Ran carry_out(const Small& small, Backend& backend) {
  const Catalogue catalogue(small.scenario.schema, small.proposal.plan, small.scenario.change);
  const ClientApplication application(small.proposal.versions, catalogue, backend.dialect());
  Ran ran;
  ran.run = run_plan(backend, small.scenario, small.proposal, catalogue, application, small.options);
  if (backend.name() == "sqlite") ran.data = check_data(backend, catalogue, application, ran.run);
  ran.stale_reads = count_stale_reads(catalogue, application, ran.run);
  ran.measured = measure(small.scenario, application, ran.run, ran.data, ran.stale_reads);
  return ran;
}

Ran on_sqlite(const Small& small) {
  const auto backend = open("sqlite:", {});
  backend->prepare(small.scenario.schema);
  return carry_out(small, *backend);
}

Step wait_step(const std::string& id, Duration length, std::vector<std::size_t> after = {}) {
  return {id, std::move(after), WaitStep{length}, "", {}};
}

TEST(PlanRun, MeetsTheArrivalsOfTheSimulatedRun) {
  Small small;
  small.add(wait_step("wait", Duration::seconds(1)));
  const Ran ran = on_sqlite(small);
  const traffic::Environment environment(small.options.seed, 0);
  traffic::Merge arrivals;
  for (const char* name : {"profile", "rename"}) arrivals.add({environment.arrivals(name), 50});
  arrivals.seek(Instant{} - small.options.lead_in);
  ASSERT_GT(ran.run.requests.size(), 100U);
  for (const RequestRecord& request : ran.run.requests) {
    EXPECT_EQ(request.arrival, arrivals.at());
    arrivals.advance();
  }
}

TEST(PlanRun, AHarmlessPlanFailsNothingAndLosesNothing) {
  Small small;
  small.add(sql_step("expand", "ALTER TABLE users ADD COLUMN note text"));
  small.add(wait_step("wait", Duration::milliseconds(500), {0}));
  const Ran ran = on_sqlite(small);
  EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
  EXPECT_EQ(ran.measured.failed_requests, 0);
  EXPECT_EQ(ran.measured.downtime, Duration{});
  EXPECT_GT(ran.measured.requests, 50);
  EXPECT_TRUE(ran.data.ok()) << ran.data.text();
  EXPECT_GT(ran.data.rows_checked(), 10);
  ASSERT_EQ(ran.measured.steps.size(), 2U);
  EXPECT_TRUE(ran.measured.steps[0].reached);
  EXPECT_EQ(ran.measured.steps[0].tries, 1);
  EXPECT_GT(ran.measured.steps[0].held, Duration{});
}

TEST(PlanRun, ANaiveRenameFailsTheOldVersionUntilItIsGone) {
  Small small;
  small.scenario.change = sql::parse_one("ALTER TABLE users RENAME COLUMN name TO full_name");
  small.add(Version{"v2",
                    {endpoint("profile", 50, {"SELECT full_name FROM users WHERE id = $1"}),
                     endpoint("rename", 50, {"UPDATE users SET full_name = $1 WHERE id = $2"})},
                    ""});
  small.add(sql_step("rename", "ALTER TABLE users RENAME COLUMN name TO full_name"));
  small.add(deploy_step("v2", "v2", {0}));
  const Ran ran = on_sqlite(small);
  EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
  EXPECT_GT(ran.measured.failed_requests, 10);
  EXPECT_GT(ran.measured.downtime, Duration::milliseconds(200));
  EXPECT_EQ(ran.measured.deployments, 1);
  ASSERT_FALSE(ran.measured.errors.empty());
  for (const ErrorCount& error : ran.measured.errors) {
    EXPECT_EQ(error.version, "v1");
    EXPECT_EQ(error.kind.error, ErrorClass::Schema);
    EXPECT_EQ(error.kind.message, "no such column: name");
  }
  EXPECT_TRUE(ran.data.ok()) << ran.data.text();
}

TEST(PlanRun, ABackfillBesideASingleWriterLosesWrites) {
  // v1 writes the old column only, and nothing copies what it wrote after the backfill.
  Small small(200);
  small.scenario.change = sql::parse_one("ALTER TABLE users RENAME COLUMN name TO full_name");
  BackfillStep copy;
  copy.update = sql::parse_one("UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name");
  copy.batch = 50;
  small.add(sql_step("expand", "ALTER TABLE users ADD COLUMN full_name text"));
  small.add({"copy", {0}, copy, "", {}});
  small.add(wait_step("wait", Duration::milliseconds(500), {1}));
  small.add(sql_step("contract", "ALTER TABLE users DROP COLUMN name", {2}));
  const Ran ran = on_sqlite(small);
  EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
  EXPECT_GT(ran.data.disagreeing_rows, 5);
  EXPECT_EQ(ran.measured.lost_writes, ran.data.lost_writes);
  EXPECT_GE(ran.data.lost_writes, ran.data.disagreeing_rows);
  EXPECT_EQ(ran.measured.steps[1].tries, 1);
}

// v2 reads a column that nobody has filled: every profile it serves is stale.
TEST(PlanRun, ReadsOfAColumnNotYetFilledAreStale) {
  Small small(200);
  small.scenario.change = sql::parse_one("ALTER TABLE users RENAME COLUMN name TO full_name");
  small.add(Version{"v2", {endpoint("profile", 100, {"SELECT full_name AS name FROM users WHERE id = $1"})}, ""});
  small.add(sql_step("expand", "ALTER TABLE users ADD COLUMN full_name text"));
  small.add(deploy_step("read-new", "v2", {0}));
  const Ran ran = on_sqlite(small);
  const auto by_v2 = std::count_if(ran.run.requests.begin(), ran.run.requests.end(),
                                   [](const RequestRecord& r) { return r.version == 1 && r.error == 0; });
  EXPECT_GT(by_v2, 20);
  EXPECT_EQ(ran.measured.stale_reads, by_v2);
}

TEST(PlanRun, ReadsOfTheLastAcknowledgedValueAreNotStale) {
  Small small(400);
  small.scenario.change = sql::parse_one("ALTER TABLE users RENAME COLUMN name TO full_name");
  small.add(wait_step("wait", Duration::seconds(1)));
  const Ran ran = on_sqlite(small);
  EXPECT_EQ(ran.stale_reads, 0);
}

TEST(PlanRun, ReadsThatClientsCannotCheckAreNotCalledFresh) {
  Small small(50);
  small.scenario.change = sql::parse_one("ALTER TABLE users RENAME COLUMN name TO full_name");
  small.proposal.versions[0].endpoints[0] = endpoint("profile", 25, {"SELECT upper(name) FROM users WHERE id = $1"});
  small.add(wait_step("wait", Duration::milliseconds(100)));
  EXPECT_EQ(on_sqlite(small).stale_reads, std::nullopt);
}

TEST(PlanRun, AFillWithoutWritersCopiesEveryRow) {
  Small small;
  for (Version& version : small.proposal.versions) version.endpoints.pop_back();
  BackfillStep copy;
  copy.update = sql::parse_one("UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name");
  copy.batch = 30;
  CheckStep equal;
  equal.kind = CheckStep::Kind::Equal;
  equal.table = "users", equal.column = "name", equal.other_column = "full_name";
  small.add(sql_step("expand", "ALTER TABLE users ADD COLUMN full_name text"));
  small.add({"copy", {0}, copy, "", {}});
  small.add({"same", {1}, equal, "", {}});
  small.add(sql_step("contract", "ALTER TABLE users DROP COLUMN name", {2}));
  const Ran ran = on_sqlite(small);
  EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
  EXPECT_EQ(ran.data.disagreeing_rows, 0);
  EXPECT_EQ(ran.data.lost_writes, 0);
}

TEST(PlanRun, WithARollbackJournalAnOpenReaderHoldsTheCommitUp) {
  // The report reads from 0.1 s to 0.9 s.  An UPDATE that comes in between holds the right to
  // write until then, so the change, which asks at 0.4 s, waits 0.5 s or more.
  BackendOptions options;
  options.journal = Journal::Delete;
  Small small;
  small.scenario.background = {{"report", sql::parse_one("SELECT count(*) FROM users"),
                                Distribution::constant(Duration::milliseconds(800)), BackgroundJob::While::Running, {},
                                Duration::milliseconds(100), false}};
  small.add(wait_step("wait", Duration::milliseconds(400)));
  small.add(sql_step("expand", "ALTER TABLE users ADD COLUMN note text", {0}));
  const auto backend = open("sqlite:", options);
  backend->prepare(small.scenario.schema);
  const Ran ran = carry_out(small, *backend);
  EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
  EXPECT_GE(ran.measured.steps[1].lock_wait, Duration::milliseconds(300));
  EXPECT_GE(ran.measured.steps[1].blocked_requests, 5);
  EXPECT_TRUE(ran.data.ok()) << ran.data.text();
}

TEST(PlanRun, ARefusedLockIsTriedAgainAndCounted) {
  FakeBackend fake;
  fake.script({"ADD COLUMN", {ErrorClass::LockTimeout, "", "database is locked"}, Duration::milliseconds(40), 2, {}});
  Small small;
  Step step = sql_step("expand", "ALTER TABLE users ADD COLUMN note text");
  std::get<SqlStep>(step.action).retry = {5, Duration::milliseconds(30), 1, Duration::max()};
  small.add(step);
  const Ran ran = carry_out(small, fake);
  EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
  EXPECT_EQ(ran.measured.steps[0].tries, 3);
  EXPECT_GE(ran.measured.steps[0].lock_wait, Duration::milliseconds(80));
  EXPECT_EQ(fake.open_sessions(), 0);
}

// Reading all rows takes 0.2 s, once, and the step begins after that.
TEST(PlanRun, RowsThatDisagreeAreCountedOnceAndBeforeTheStepsTime) {
  FakeBackend fake;
  fake.script({"DROP COLUMN", {ErrorClass::LockTimeout, "", "database is locked"}, Duration::milliseconds(10), 2, {}});
  fake.script({"SELECT count(*)", {}, Duration::milliseconds(200), -1, {{Value(std::int64_t{7})}}});
  Small small;
  small.scenario.change = sql::parse_one("ALTER TABLE users RENAME COLUMN name TO full_name");
  small.add(sql_step("expand", "ALTER TABLE users ADD COLUMN full_name text"));
  Step step = sql_step("contract", "ALTER TABLE users DROP COLUMN name", {0});
  std::get<SqlStep>(step.action).retry = {5, Duration::milliseconds(30), 1, Duration::max()};
  small.add(step);
  const Ran ran = carry_out(small, fake);
  EXPECT_TRUE(ran.measured.completed) << ran.measured.why_incomplete;
  EXPECT_EQ(ran.measured.steps[1].tries, 3);
  EXPECT_EQ(ran.run.disagreeing_rows, 7);
  EXPECT_GE(ran.measured.steps[1].start - ran.measured.steps[0].end, Duration::milliseconds(200));
  const auto calls = fake.calls();
  EXPECT_EQ(std::count_if(calls.begin(), calls.end(), [](const auto& call) { return call.sql.find("SELECT count(*)") != std::string::npos; }), 1);
}

TEST(PlanRun, AStalledConnectionFailsWhoeverWaitsForItInTheirOwnTime) {
  // Each instance's only connection hangs for 0.6 s from its first UPDATE;
  // whoever came in its first 0.4 s waits longer than the pool allows.
  FakeBackend fake;
  Small small(100);
  small.scenario.app.pool = 1;
  small.scenario.app.pool_timeout = Duration::milliseconds(200);
  small.scenario.app.request_timeout = Duration::milliseconds(600);
  small.options.lead_in = Duration::milliseconds(10);
  fake.script({"UPDATE users", {}, Duration::seconds(10), 2, {}});
  small.add(wait_step("wait", Duration::milliseconds(700)));
  const Ran ran = carry_out(small, fake);
  std::int64_t pool = 0, client = 0;
  for (const RequestRecord& r : ran.run.requests) {
    const ErrorClass error = ran.run.errors[r.error].error;
    if (error == ErrorClass::PoolTimeout) {
      ++pool;
      EXPECT_GE(r.end - r.arrival, Duration::milliseconds(200));
      EXPECT_LE(r.end - r.arrival, Duration::milliseconds(230));
    } else if (error == ErrorClass::RequestTimeout) {
      ++client;
      EXPECT_GE(r.end - r.arrival, Duration::milliseconds(600));
      EXPECT_LE(r.end - r.arrival, Duration::milliseconds(660));
    } else {
      EXPECT_LE(r.end - r.arrival, Duration::milliseconds(230));
    }
  }
  EXPECT_EQ(client, 2);
  EXPECT_GT(pool, 15);
}

TEST(PlanRun, StopsWithinAFifthOfASecondAndClosesEverySession) {
  std::atomic<bool> stop{false};
  FakeBackend fake;
  Small small;
  small.options.stop = &stop;
  small.add(wait_step("wait", Duration::minutes(5)));
  Clock::time_point stopped;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    stopped = Clock::now();
    stop = true;
  });
  try {
    carry_out(small, fake);
    ADD_FAILURE() << "not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Interrupted);
  }
  stopper.join();
  EXPECT_LT(Clock::now() - stopped, std::chrono::milliseconds(200));
  EXPECT_EQ(fake.open_sessions(), 0);
}

TEST(PlanRun, AnExceptionOfAnyThreadReachesTheCaller) {
  /// Its sessions break when they run an UPDATE.
  class Broken final : public Session {
    Answer begin(bool, const Limits&) override { return {}; }
    Answer run(const std::string& sql, const Row&, const Limits&) override {
      if (sql.find("UPDATE") != std::string::npos) throw Error(ErrorCode::Database, "the disk is gone");
      return {};
    }
    Answer commit(const Limits&) override { return {}; }
    void rollback() noexcept override {}
    std::vector<Row> query(const std::string&, const Row&) override { return {}; }
  };
  class BrokenBackend final : public Backend {
    std::string name() const override { return "broken"; }
    std::string server_version() const override { return "0"; }
    Dialect dialect() const override { return {Engine::Sqlite, 340}; }
    void prepare(const Schema&, const Schema&) override {}
    std::unique_ptr<Session> open(const std::string&, Role) override { return std::make_unique<Broken>(); }
    std::vector<LockSample> locks() const override { return {}; }
    void cancel() noexcept override {}
  };
  BrokenBackend broken;
  Small small;
  small.add(wait_step("wait", Duration::minutes(5)));
  try {
    carry_out(small, broken);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Database);
    EXPECT_EQ(std::string(error.what()), "the disk is gone");
  }
}

TEST(PlanRun, OverlapIsTheTimeTwoVersionsServe) {
  // Two instances, one at a time (surge 25% of 2 is 1): the first new one serves
  // after 0.3 s, the second 0.3 s after that; then the last old one is stopped.
  FakeBackend fake;
  Small small;
  small.add(small.proposal.versions[0]);
  small.proposal.versions[1].name = "v2";
  small.add(deploy_step("v2", "v2"));
  const Ran ran = carry_out(small, fake);
  EXPECT_EQ(ran.measured.deployments, 1);
  EXPECT_GE(ran.measured.overlap, Duration::milliseconds(250));
  EXPECT_LE(ran.measured.overlap, Duration::milliseconds(600));
}

// What shares a thread with the generator and blocks it for 0.4 s makes requests that late.
TEST(PlanRun, AFrozenGeneratorIsSeenByItsLatestRequest) {
  class SharedThreads final : public Backend {
   public:
    std::string name() const override { return fake.name(); }
    std::string server_version() const override { return fake.server_version(); }
    Dialect dialect() const override { return fake.dialect(); }
    void prepare(const Schema&, const Schema&) override {}
    std::unique_ptr<Session> open(const std::string& name, Role role) override { return fake.open(name, role); }
    bool shares_threads() const override { return true; }
    std::vector<LockSample> locks() const override { return {}; }
    void cancel() noexcept override { fake.cancel(); }
    FakeBackend fake;
  };
  SharedThreads backend;
  Small small;
  small.options.lead_in = Duration{};
  backend.fake.script({"UPDATE users", {}, Duration::milliseconds(400), 4, {}});
  small.add(wait_step("wait", Duration::milliseconds(600)));
  const Ran ran = carry_out(small, backend);
  EXPECT_GE(ran.run.lateness.max, Duration::milliseconds(300));
  EXPECT_EQ(invalid_because_of({{}, Duration::milliseconds(20), Duration::milliseconds(120)}), "");
  EXPECT_NE(invalid_because_of({{}, Duration::milliseconds(20), Duration::milliseconds(300)}), "");
  EXPECT_NE(invalid_because_of({{}, Duration::milliseconds(60), Duration::milliseconds(70)}), "");
}

TEST(PlanRun, AThousandRequestsASecondOverEightyConnectionsAreOnTime) {
  Small small(1000);
  small.scenario.app.instances = 8;
  small.scenario.app.pool = 10;
  small.add(wait_step("wait", Duration::seconds(2)));
  const Ran ran = on_sqlite(small);
  EXPECT_GT(ran.measured.requests, 1800);
  EXPECT_LT(ran.run.lateness.p99, Duration::milliseconds(50));
  EXPECT_EQ(ran.measured.failed_requests, 0);
  EXPECT_TRUE(ran.data.ok()) << ran.data.text();
}

}  // namespace
}  // namespace midflight::backends
