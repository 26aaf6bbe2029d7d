#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/live_replay/fault.h"
#include "tests/live_replay/old_server.h"

// What keeps `midflight replay` from beginning on a server: a message, exit status 3, and nothing left behind.

namespace midflight::live_replay {
namespace {

TEST_F(Fault, NoServer) {
  const Outcome o = replay("postgresql://alice:hidden@127.0.0.1:1/app");
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "no connection to database app on 127.0.0.1:1 as alice")) << o.err;
  EXPECT_FALSE(has(o.err, "hidden"));
  EXPECT_EQ(o.out, "");
}

TEST_F(Fault, AProfileOfAnotherServerIsNoticed) {
  const std::string file = folder_.write("profile.yaml", "name: old\nserver: PostgreSQL 12.1\nmachine: remote 1\n");
  const Outcome o = cli_test::midflight("replay " + scenario("plan: [{wait: 100ms}]\n") + " --on '" + uri() + "' --runs 2 --profile " + file);
  EXPECT_TRUE(cli_test::replayed_or_late(o)) << o.err;
  EXPECT_TRUE(has(o.err, "the profile `old` was measured on another machine, PostgreSQL 12.1, the server is 15.")) << o.err;
}

TEST_F(Fault, WrongDatabase) {
  const Outcome o = replay(uri("midflight", "nowhere"));
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "database \"nowhere\" does not exist")) << o.err;
}

TEST_F(Fault, WrongPasswordIsNeverRepeated) {
  const std::string rules = server().folder() + "/data/pg_hba.conf";
  std::ifstream in(rules);
  const std::string old((std::istreambuf_iterator<char>(in)), {});
  std::ofstream(rules) << "local all walled scram-sha-256\n" << old;
  auto connection = server().connect();
  connection.query("CREATE ROLE walled LOGIN CREATEDB PASSWORD 'right'");
  connection.query("SELECT pg_reload_conf()");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const Outcome o = replay(uri("walled:wr0ng-one"));
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "password authentication failed")) << o.err;
  EXPECT_FALSE(has(o.err, "wr0ng-one")) << o.err;
  // With the right one: its arguments, as everybody on the machine may read them, do not hold it.
  const Outcome seen = cli_test::midflight("replay " + scenario() + " --on '" + uri("walled:right") +
                                           "' --runs 2 & replay=$!; sleep 0.5; tr '\\0' ' ' </proc/$replay/cmdline; kill -INT $replay; wait $replay");
  EXPECT_TRUE(has(seen.out, "walled:*****@")) << seen.out;
  EXPECT_FALSE(has(seen.out + seen.err, "right")) << seen.out;
  connection.query("DROP ROLE walled");
  std::ofstream(rules) << old;
}

TEST_F(Fault, NoRightToCreateDatabases) {
  auto connection = server().connect();
  connection.query("CREATE ROLE plain LOGIN");
  const Outcome o = replay(uri("plain"));
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "the role plain may not create databases")) << o.err;
  connection.query("DROP ROLE plain");
}

TEST_F(Fault, PoolsThatTheServerHasNoConnectionsFor) {
  const std::string path = folder_.write("large.yaml", std::string(kScenario).replace(std::string(kScenario).find("pool: 3"), 7, "pool: 30") + kWaits);
  const Outcome o = cli_test::midflight("replay " + path + " --on '" + uri() + "' --runs 2");
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "60 connections (2 instances, 30 each)")) << o.err;
  EXPECT_TRUE(has(o.err, "max_connections = 40")) << o.err;
}

// PostgreSQL takes a page of which only a part could be written for a full disk, and so does one whose files may not grow.
TEST_F(Fault, ADiskThatIsFullWhileTablesAreFilled) {
  rlimit usual{};
  getrlimit(RLIMIT_FSIZE, &usual);
  const rlimit cramped{20'481'024, usual.rlim_max};
  setrlimit(RLIMIT_FSIZE, &cramped);
  const midflight::testing::PrivateServer small;
  setrlimit(RLIMIT_FSIZE, &usual);
  std::string text = kScenario;
  const std::string large = folder_.write("large.yaml", text.replace(text.find("rows: 500"), 9, "rows: 600000") + kWaits);
  const Outcome o = cli_test::midflight("replay " + large + " --on 'postgresql://midflight@/postgres?host=" + small.folder() + "' --runs 2");
  EXPECT_EQ(o.status, 3) << o.err;
  EXPECT_TRUE(has(o.err, "the disk of the server is full")) << o.err;
  EXPECT_EQ(o.out, "");
  EXPECT_EQ(small.connect().value("SELECT count(*) FROM pg_database WHERE datname LIKE 'midflight\\_%'"), "0");
}

TEST_F(Fault, AServerThatIsTooOld) {
  const OldServer old("9.6.24");
  const std::string where = "postgresql://alice:hidden@127.0.0.1:" + std::to_string(old.port()) + "/app?sslmode=disable";
  for (const std::string& verb : {"replay " + scenario() + " --on '" + where + "'", "calibrate '" + where + "'", "inspect '" + where + "'"}) {
    const Outcome o = cli_test::midflight(verb + " 2>&1");
    EXPECT_EQ(o.status, 3) << verb << o.out;
    EXPECT_TRUE(has(o.out, "9.6.24 is too old")) << verb << o.out;
    EXPECT_FALSE(has(o.out, "hidden")) << o.out;
  }
}

TEST_F(Fault, InPlaceAsksAndKeepsOthersOut) {
  auto connection = server().connect();
  connection.query("CREATE DATABASE mine");
  server().connect("mine").query("CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL)");
  server().connect("mine").query("INSERT INTO users (name) SELECT 'n' || i FROM generate_series(1, 500) i");
  const std::string where = uri("midflight", "mine");
  const Outcome refused = replay(where, "--in-place </dev/null");
  EXPECT_EQ(refused.status, 2);
  EXPECT_TRUE(has(refused.err, "--yes says that this is meant")) << refused.err;
  const std::string start = "replay " + scenario() + " --on '" + where + "' --runs 2 --in-place --yes";
  const Outcome second = cli_test::midflight(start + " & first=$!; sleep 2; " MIDFLIGHT_BINARY " " + start + "; echo status $?; kill -INT $first; wait $first");
  EXPECT_TRUE(has(second.out, "status 3")) << second.out;
  EXPECT_TRUE(has(second.err, "another replay works in database mine")) << second.err;
  EXPECT_EQ(server().connect("mine").value("SELECT count(*) FROM users"), "500");
  EXPECT_EQ(server().connect("mine").value("SELECT count(*) FROM pg_stat_activity WHERE datname = 'mine' AND application_name LIKE 'midflight%'"), "0");
  connection.query("DROP DATABASE mine WITH (FORCE)");
}

TEST_F(Fault, KeptRowsStayUntilSomebodyRemovesThem) {
  const std::string path = folder_.write("short.yaml", std::string(kScenario) + "plan: [{wait: 100ms}]\n");
  const Outcome o = cli_test::midflight("replay " + path + " --on '" + uri() + "' --runs 2 --keep --quiet");
  EXPECT_TRUE(cli_test::replayed_or_late(o)) << o.err;
  const auto kept = scratch_databases();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(has(o.err, kept[0])) << o.err;
  const Outcome next = cli_test::midflight("replay " + path + " --on '" + uri() + "' --runs 2 --quiet");
  EXPECT_TRUE(cli_test::replayed_or_late(next)) << next.err;
  EXPECT_EQ(scratch_databases(), kept);
  server().connect().query("DROP DATABASE " + kept[0]);
}

}  // namespace
}  // namespace midflight::live_replay
