#include <gtest/gtest.h>

#include <thread>

#include "backends/open.h"
#include "backends/plan_run.h"
#include "sim/kernel/error.h"
#include "tests/unit/backends/builders.h"

// However a plan ends, nobody is waited for without limit.

namespace midflight::backends {
namespace {

PlanRunResult carry_out(const Small& small, Backend& backend) {
  const Catalogue catalogue(small.scenario.schema, small.proposal.plan, small.scenario.change);
  const ClientApplication application(small.proposal.versions, catalogue, backend.dialect());
  return run_plan(backend, small.scenario, small.proposal, catalogue, application, small.options);
}

TEST(RunEnd, AStatementThatStillRunsAtTheTimeLimitIsCancelled) {
  FakeBackend fake;
  Small small;
  small.scenario.time_limit = Duration::milliseconds(300);
  fake.script({"ADD COLUMN", {}, Duration::seconds(20), -1, {}});
  small.add(sql_step("expand", "ALTER TABLE users ADD COLUMN note text"));
  const Clock::time_point begin = Clock::now();
  const PlanRunResult run = carry_out(small, fake);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
  EXPECT_NE(run.why_incomplete.find("limits.time"), std::string::npos) << run.why_incomplete;
  EXPECT_EQ(fake.open_sessions(), 0);
}

TEST(RunEnd, AStepBesideTheOneThatFailedIsCancelled) {
  FakeBackend fake;
  Small small;
  fake.script({"ADD COLUMN", {}, Duration::seconds(20), -1, {}});
  fake.script({"UNIQUE INDEX", {ErrorClass::Constraint, "", "not unique"}, Duration::milliseconds(100), -1, {}});
  small.add(sql_step("expand", "ALTER TABLE users ADD COLUMN note text"));
  small.add(sql_step("index", "CREATE UNIQUE INDEX same ON users (name)"));
  const Clock::time_point begin = Clock::now();
  const PlanRunResult run = carry_out(small, fake);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
  EXPECT_NE(run.why_incomplete.find("not unique"), std::string::npos) << run.why_incomplete;
}

// A check looks at every row, and its plan does not wait for it either.
TEST(RunEnd, ACheckIsCancelledToo) {
  FakeBackend fake;
  Small small;
  small.scenario.time_limit = Duration::milliseconds(300);
  fake.script({"NOT EXISTS", {}, Duration::seconds(20), -1, {}});
  CheckStep filled;
  filled.kind = CheckStep::Kind::Filled;
  filled.table = "users", filled.column = "name";
  small.add({"filled", {}, filled, "", {}});
  const Clock::time_point begin = Clock::now();
  carry_out(small, fake);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
}

/// Its UPDATEs hang until everything is cancelled, whatever their deadline says.
class Hanging final : public Backend {
 public:
  class Hung final : public Session {
   public:
    explicit Hung(const std::atomic<bool>& over) : over_(over) {}
    Answer begin(bool, const Limits&) override { return {}; }
    Answer run(const std::string& sql, const Row&, const Limits&) override {
      while (sql.find("UPDATE") != std::string::npos) {
        if (over_) throw Error(ErrorCode::Interrupted, "stopped");
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      return {};
    }
    Answer commit(const Limits&) override { return {}; }
    void rollback() noexcept override {}
    std::vector<Row> query(const std::string&, const Row&) override { return {}; }

   private:
    const std::atomic<bool>& over_;
  };
  std::string name() const override { return "hanging"; }
  std::string server_version() const override { return "0"; }
  Dialect dialect() const override { return {Engine::Sqlite, 340}; }
  void prepare(const Schema&, const Schema&) override {}
  std::unique_ptr<Session> open(const std::string&, Role) override { return std::make_unique<Hung>(over_); }
  std::vector<LockSample> locks() const override { return {}; }
  void cancel() noexcept override { over_ = true; }

 private:
  std::atomic<bool> over_{false};
};

// It is given the request timeout and five seconds more.
TEST(RunEnd, RequestsThatNeverEndAreOverloadAndNoInterruption) {
  Hanging backend;
  Small small;
  small.scenario.app.request_timeout = Duration::milliseconds(100);
  small.add({"wait", {}, WaitStep{Duration::milliseconds(100)}, "", {}});
  const PlanRunResult run = carry_out(small, backend);
  EXPECT_TRUE(run.overloaded);
  EXPECT_EQ(run.why_incomplete, "");
}

}  // namespace
}  // namespace midflight::backends
