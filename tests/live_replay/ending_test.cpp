#include <gtest/gtest.h>

#include "tests/cli/command.h"
#include "tests/live_replay/server.h"

// How `midflight replay` ends when the plan does not, and what it says stays behind.

namespace midflight::live_replay {
namespace {

using cli_test::Outcome;

constexpr const char* kScenario = R"(name: small
database: {engine: postgresql, version: 15}
schema: "CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL);"
tables:
  users: {rows: 500, row_bytes: 60}
app:
  instances: 2
  pool: 3
  versions:
    v1:
      - {name: profile, rate: 80/s, sql: "SELECT name FROM users WHERE id = $1"}
)";

/// A run on a busy machine may be called late beside; that is not what is tested.
class Ending : public ::testing::Test {
 protected:
  ~Ending() override { EXPECT_EQ(scratch_databases(), std::vector<std::string>{}); }
  Outcome replay(const std::string& plan, const std::string& more = "") {
    return cli_test::midflight("replay " + folder_.write("scenario.yaml", kScenario + plan) + " --on '" + uri() + "' --runs 2 " + more);
  }
  cli_test::Folder folder_;
};

TEST_F(Ending, AStatementThatFailsInTheMiddleIsStatus3AndSaysWhich) {
  const std::string plan = "plan: [{sql: ALTER TABLE users ADD COLUMN note text}, {id: few, sql: ALTER TABLE users ADD CONSTRAINT few CHECK (id < 50)}, {wait: 1s}]\n";
  const Outcome text = replay(plan);
  EXPECT_EQ(text.status, 3) << text.err;
  EXPECT_TRUE(has(text.err, "the plan was not carried out, and every run of the prediction does it: step few failed")) << text.err;
  EXPECT_TRUE(has(text.out, "The plan was NOT carried out: step few failed")) << text.out;
  const Outcome json = replay(plan, "--format json");
  EXPECT_EQ(json.status, 3) << json.err;
  EXPECT_TRUE(has(json.out, "\"why_incomplete\": \"step few failed: check constraint \\\"few\\\"")) << json.out;
}

// Nobody gives the lock back in time, neither here nor there.
TEST_F(Ending, APlanThatIsPredictedToGiveUpAgreesWhenItDoes) {
  const Outcome o = replay(
      "background: [{name: report, sql: SELECT count(*) FROM users, at: 0s, time: 2s}]\n"
      "plan: [{wait: 300ms}, {id: add, sql: ALTER TABLE users ADD COLUMN note text, lock_timeout: 100ms, retry: {tries: 2, pause: 100ms}}]\n");
  EXPECT_TRUE(cli_test::replayed_or_late(o)) << o.err;
  EXPECT_FALSE(has(o.err, "not carried out")) << o.err;
  EXPECT_TRUE(has(o.out, "The plan was NOT carried out: step add gave up after 2 tries")) << o.out;
  EXPECT_TRUE(has(o.out, "The prediction says so too")) << o.out;
}

// A report reads from 0 to 4 s and the change waits behind it; the connection that would see that is ended.
TEST_F(Ending, WaitsThatNobodySawAreNotCalledZero) {
  const std::string kill = "psql -X -q -A -t -h " + server().folder() + " -U midflight -d postgres -c \"SELECT pg_terminate_backend(pid) FROM "
                           "pg_stat_activity WHERE application_name = 'midflight lock samples'\" | grep -q t";
  const std::string path = folder_.write("scenario.yaml", std::string(kScenario) + "background: [{name: report, sql: SELECT count(*) FROM users, at: 0s, time: 4s}]\n"
                                                          "plan: [{wait: 300ms}, {id: add, sql: ALTER TABLE users ADD COLUMN note text}]\n");
  const Outcome o = cli_test::midflight("replay " + path + " --on '" + uri() + "' --runs 2 --quiet --format json & replay=$!; sleep 1; for i in $(seq 100); do " + kill +
                                        " && break; sleep 0.1; done; wait $replay");
  EXPECT_TRUE(has(o.out, "\"why_blind\": \"the connection to")) << o.out << o.err;
  EXPECT_TRUE(has(o.out, "\"lock_wait_s\": null")) << o.out;
  EXPECT_TRUE(has(o.out, "\"blocked_requests\": null")) << o.out;
}

TEST_F(Ending, AStoppedReplaySaysWhatStays) {
  const std::string start = "replay " + folder_.write("scenario.yaml", std::string(kScenario) + "plan: [{wait: 20s}]\n") + " --runs 2 --on '";
  const std::string stop = " & replay=$!; sleep 2; kill -INT $replay; wait $replay";
  const Outcome kept = cli_test::midflight(start + uri() + "' --keep" + stop);
  EXPECT_EQ(kept.status, 3);
  EXPECT_TRUE(has(kept.err, "its database stays, as --keep says")) << kept.err;
  EXPECT_FALSE(has(kept.err, "is removed")) << kept.err;
  ASSERT_EQ(scratch_databases().size(), 1U);
  server().connect().query("DROP DATABASE " + scratch_databases().front());
  server().connect().query("CREATE DATABASE mine");
  server().connect("mine").query("CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL)");
  const Outcome mine = cli_test::midflight(start + uri("midflight", "mine") + "' --in-place --yes" + stop);
  EXPECT_EQ(mine.status, 3);
  EXPECT_TRUE(has(mine.err, "what plan and requests have changed in postgresql://midflight@/mine")) << mine.err;
  EXPECT_FALSE(has(mine.err, "is removed")) << mine.err;
  const Outcome twice = cli_test::midflight(start + uri("midflight", "mine") + "' --in-place --yes --repeat 2");
  EXPECT_EQ(twice.status, 2);
  EXPECT_TRUE(has(twice.err, "the second replay would meet what the first one has changed")) << twice.err;
  server().connect().query("DROP DATABASE mine WITH (FORCE)");
}

}  // namespace
}  // namespace midflight::live_replay
