#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <future>
#include <thread>

#include "tests/cli/command.h"
#include "tests/live_replay/old_server.h"
#include "tests/live_replay/server.h"

// What can go wrong with `midflight replay` on a server: a message, exit status 3, and nothing left behind.

namespace midflight::live_replay {
namespace {

using cli_test::Outcome;

constexpr const char* kScenario = R"(name: rename
database: {engine: postgresql, version: 15}
schema: "CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL);"
tables:
  users: {rows: 500, row_bytes: 60}
app:
  instances: 2
  pool: 3
  rollout: {kind: rolling, startup: 500ms, drain: 100ms}
  versions:
    v1:
      - {name: profile, rate: 80/s, sql: "SELECT name FROM users WHERE id = $1"}
      - {name: rename, rate: 20/s, sql: "UPDATE users SET name = $1 WHERE id = $2"}
)";
constexpr const char* kWaits = "plan: [{wait: 20s}]\n";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class Fault : public ::testing::Test {
 protected:
  ~Fault() override { EXPECT_EQ(scratch_databases(), std::vector<std::string>{}); }

  std::string scenario(const std::string& plan = kWaits) { return folder_.write("scenario.yaml", kScenario + plan); }
  Outcome replay(const std::string& where, const std::string& more = "") {
    return cli_test::midflight("replay " + scenario() + " --on '" + where + "' --runs 2 " + more);
  }
  /// Starts a replay; a second later, when requests run, the command does its worst to it ($! is its process).
  Outcome disturbed(const std::string& command) {
    return cli_test::midflight("replay " + scenario() + " --on '" + uri() + "' --runs 2 & replay=$!; sleep 3; " + command + "; wait $replay");
  }
  static std::string query(const std::string& text) {
    return "psql -X -q -A -t -h " + server().folder() + " -U midflight -d postgres -c \"" + text + "\"";
  }
  static std::string sql(const std::string& text) { return query(text) + " >/dev/null 2>&1"; }

  /// The server's processes, in $all.
  static std::string everybody() { return "server=$(head -1 " + server().folder() + "/data/postmaster.pid); all=\"$server $(pgrep -P $server)\""; }

  /// A role that may create databases and nothing else.
  static std::string modest() {
    auto connection = server().connect();
    if (connection.value("SELECT count(*) FROM pg_roles WHERE rolname = 'modest'") == "0") connection.query("CREATE ROLE modest LOGIN CREATEDB");
    return uri("modest");
  }
  /// Starts a replay of that role with a large table; once the server works on such a statement, the command follows.
  Outcome disturbed_at(const std::string& statement, const std::string& command) {
    std::string text = kScenario;
    text.replace(text.find("rows: 500"), 9, "rows: 2000000");
    text.replace(text.find("NOT NULL);"), 10, "NOT NULL); CREATE INDEX users_name ON users (name);");
    const std::string large = folder_.write("large.yaml", text + kWaits);
    const std::string seen = query("SELECT count(*) FROM pg_stat_activity WHERE usename = 'modest' AND state = 'active' AND query LIKE '" + statement + "%'");
    return cli_test::midflight("replay " + large + " --on '" + modest() + "' --runs 2 & replay=$!; until [ \"$(" + seen +
                               ")\" = 1 ] || ! kill -0 $replay; do sleep 0.05; done; sleep 0.3; " + command + "; wait $replay");
  }

  cli_test::Folder folder_;
};

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
  EXPECT_EQ(o.status, 0) << o.err;
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

TEST_F(Fault, CtrlCAndSigtermAreNoMeasurement) {
  for (const char* signal : {"INT", "TERM"}) {
    const Outcome o = disturbed(std::string("kill -") + signal + " $replay");
    EXPECT_EQ(o.status, 3);
    EXPECT_TRUE(has(o.err, "stopped before its end; nothing was measured")) << o.err;
    EXPECT_EQ(o.out, "");
    EXPECT_EQ(scratch_databases().size(), 0U);
  }
}

TEST_F(Fault, AnEarlySignalLeavesNothingEither) {
  for (const char* moment : {"0.05", "0.3", "0.8"}) {
    const Outcome o = cli_test::midflight("replay " + scenario() + " --on '" + uri() + "' --runs 2 & replay=$!; sleep " + moment +
                                          "; kill -TERM $replay; wait $replay");
    EXPECT_EQ(o.status, 3) << moment << o.err;
    EXPECT_EQ(o.out, "");
    EXPECT_EQ(scratch_databases().size(), 0U) << moment;
  }
}

TEST_F(Fault, ASignalWhileMillionsOfRowsAreFilledOrIndexedEndsTheReplaySoon) {
  for (const char* statement : {"COPY", "CREATE INDEX"}) {
    const Outcome o = disturbed_at(statement, "kill -INT $replay; begin=$(date +%s); wait $replay; status=$?; echo $(( $(date +%s) - begin )); exit $status");
    EXPECT_EQ(o.status, 3) << statement << o.err;
    EXPECT_TRUE(has(o.err, "stopped before its end; nothing was measured")) << statement << o.err;
    EXPECT_LE(std::atoi(o.out.c_str()), 5) << statement;
    EXPECT_EQ(scratch_databases().size(), 0U) << statement;
  }
}

TEST_F(Fault, AServerThatHangsDuringAFillKeepsNobodyWaiting) {
  const auto begin = std::chrono::steady_clock::now();
  const Outcome o = disturbed_at("COPY", everybody() + "; kill -STOP $all; sleep 1; kill -INT $replay; wait $replay; status=$?; kill -CONT $all; exit $status");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(40));
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "could not be removed: the server does not answer")) << o.err;
  cli_test::midflight("replay " + scenario("plan: [{wait: 100ms}]\n") + " --on '" + modest() + "' --runs 2");
}

// Behind a server that hangs the end takes its time.  What a second signal leaves is removed by the next replay.
TEST_F(Fault, ASecondSignalEndsAtOnce) {
  const Outcome o = disturbed(everybody() + "; kill -STOP $all; kill -INT $replay; sleep 1; kill -INT $replay; wait $replay; status=$?; kill -CONT $all; exit $status");
  EXPECT_EQ(o.status, 130) << o.err;
  EXPECT_EQ(o.out, "");
  cli_test::midflight("replay " + scenario("plan: [{wait: 100ms}]\n") + " --on '" + uri() + "' --runs 2");
}

TEST_F(Fault, AConnectionThatIsCut) {
  const Outcome o = disturbed(sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'midflight instance%' LIMIT 1"));
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "is lost: terminating connection due to administrator command")) << o.err;
  EXPECT_EQ(o.out, "");
}

TEST_F(Fault, AStepWhoseConnectionIsCut) {
  const std::string path = folder_.write("step.yaml", std::string(kScenario) + "plan: [{id: long, sql: DO $$BEGIN PERFORM pg_sleep(20); END$$}]\n");
  const Outcome o = cli_test::midflight("replay " + path + " --on '" + uri() + "' --runs 2 & replay=$!; sleep 3; " +
                                        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'midflight step long'") + "; wait $replay");
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "is lost: terminating connection due to administrator command")) << o.err;
  EXPECT_EQ(o.out, "");
}

TEST_F(Fault, AMaintenanceConnectionThatIsCutHindersNothing) {
  const std::string path = folder_.write("short.yaml", std::string(kScenario) + "plan: [{wait: 5s}]\n");
  const Outcome o = cli_test::midflight("replay " + path + " --on '" + uri() + "' --runs 2 & replay=$!; sleep 3; " +
                                        sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1835623526") + "; wait $replay");
  EXPECT_TRUE(o.status == 0 || has(o.err, "fell behind")) << o.err;
  EXPECT_FALSE(has(o.err, "could not be removed")) << o.err;
}

TEST_F(Fault, AServerThatIsRestarted) {
  for (const int signal : {SIGINT, SIGQUIT}) {
    auto replayed = std::async(std::launch::async, [&] { return cli_test::midflight("replay " + scenario() + " --on '" + uri() + "' --runs 2"); });
    std::this_thread::sleep_for(std::chrono::seconds(3));
    server().restart(signal);
    const Outcome o = replayed.get();
    EXPECT_EQ(o.status, 3) << signal;
    EXPECT_TRUE(has(o.err, "is lost")) << o.err;
    EXPECT_FALSE(has(o.err, "could not be removed")) << o.err;
    EXPECT_EQ(o.out, "");
    EXPECT_EQ(scratch_databases().size(), 0U) << signal;
  }
}

TEST_F(Fault, AScratchDatabaseThatTheServerDoesNotRemoveIsToldInItsWords) {
  auto replayed = std::async(std::launch::async, [&] {
    return cli_test::midflight("replay " + scenario() + " --on '" + modest() + "' --runs 2 & replay=$!; sleep 4; kill -INT $replay; wait $replay");
  });
  std::this_thread::sleep_for(std::chrono::seconds(3));
  const std::vector<std::string> scratch = scratch_databases();
  ASSERT_EQ(scratch.size(), 1U);
  {
    auto superuser = server().connect(scratch[0]);
    const Outcome o = replayed.get();
    EXPECT_EQ(o.status, 3);
    EXPECT_TRUE(has(o.err, "database " + scratch[0] + " could not be removed: ")) << o.err;
    EXPECT_TRUE(has(o.err, "must be a superuser to terminate superuser process")) << o.err;
  }
  server().connect().query("DROP DATABASE " + scratch[0] + " WITH (FORCE)");
}

// A killed session makes the server end all others and recover: to its clients, a restart.
TEST_F(Fault, AServerThatCrashesAndComesBack) {
  const Outcome o = disturbed("kill -9 $(psql -X -A -t -h " + server().folder() + " -U midflight -d postgres -c "
                              "\"SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'midflight instance%' LIMIT 1\")");
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "is lost")) << o.err;
  EXPECT_EQ(o.out, "");
}

// Stopped, it takes connections and never answers.  A later replay tidies up.
TEST_F(Fault, AServerThatHangsKeepsNobodyWaiting) {
  const auto begin = std::chrono::steady_clock::now();
  const Outcome o = disturbed(everybody() + "; kill -STOP $all; sleep 1; kill -INT $replay; wait $replay; status=$?; kill -CONT $all; exit $status");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(40));
  EXPECT_EQ(o.status, 3);
  EXPECT_EQ(o.out, "");
  EXPECT_TRUE(has(o.err, "could not be removed: the server does not answer")) << o.err;
  EXPECT_FALSE(has(o.err, "is removed")) << o.err;
  const Outcome later = replay(uri(), "--scale 100");
  EXPECT_EQ(later.status, 0) << later.err;
}

TEST_F(Fault, WhatAKilledReplayLeftIsRemovedByTheNextOne) {
  disturbed("kill -9 $replay");
  ASSERT_EQ(scratch_databases().size(), 1U);
  EXPECT_EQ(replay(uri(), "--strategy nonsense --seed x").status, 2);  // begins nothing
  ASSERT_EQ(scratch_databases().size(), 1U);
  cli_test::midflight("replay " + scenario() + " --on '" + uri() + "' --runs 2 & replay=$!; sleep 1.5; kill -INT $replay; wait $replay");
}

TEST_F(Fault, AReplayThatRunsIsNotTidiedAwayByAnother) {
  const std::string start = "replay " + scenario() + " --on '" + uri() + "' --runs 2";
  const Outcome o = cli_test::midflight(start + " & first=$!; sleep 3; timeout --foreground -s INT 2 " MIDFLIGHT_BINARY " " + start + "; kill -0 $first && echo still there; kill -INT $first; wait $first");
  EXPECT_TRUE(has(o.out, "still there")) << o.out << o.err;
  EXPECT_FALSE(has(o.err, "is lost")) << o.err;
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
  EXPECT_TRUE(o.status == 0 || has(o.err, "fell behind")) << o.err;
  const auto kept = scratch_databases();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(has(o.err, kept[0])) << o.err;
  const Outcome next = cli_test::midflight("replay " + path + " --on '" + uri() + "' --runs 2 --quiet");
  EXPECT_TRUE(next.status == 0 || has(next.err, "fell behind")) << next.err;  // a busy machine is no fault of the server
  EXPECT_EQ(scratch_databases(), kept);
  server().connect().query("DROP DATABASE " + kept[0]);
}

}  // namespace
}  // namespace midflight::live_replay
