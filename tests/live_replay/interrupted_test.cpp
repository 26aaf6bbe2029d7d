#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <future>
#include <thread>

#include "tests/live_replay/fault.h"

// What ends a replay that has begun: signals, connections that are cut, servers that go away or hang.

namespace midflight::live_replay {
namespace {

class Interrupted : public Fault {};

TEST_F(Interrupted, CtrlCAndSigtermAreNoMeasurement) {
  for (const char* signal : {"INT", "TERM"}) {
    const Outcome o = disturbed(std::string("kill -") + signal + " $replay");
    EXPECT_EQ(o.status, 3);
    EXPECT_TRUE(has(o.err, "stopped before its end; nothing was measured")) << o.err;
    EXPECT_EQ(o.out, "");
    EXPECT_EQ(scratch_databases().size(), 0U);
  }
}

TEST_F(Interrupted, AnEarlySignalLeavesNothingEither) {
  for (const char* moment : {"0.05", "0.3", "0.8"}) {
    const Outcome o = cli_test::midflight("replay " + scenario() + " --on '" + uri() + "' --runs 2 & replay=$!; sleep " + moment +
                                          "; kill -TERM $replay; wait $replay");
    EXPECT_EQ(o.status, 3) << moment << o.err;
    EXPECT_EQ(o.out, "");
    EXPECT_EQ(scratch_databases().size(), 0U) << moment;
  }
}

TEST_F(Interrupted, ASignalWhileMillionsOfRowsAreFilledOrIndexedEndsTheReplaySoon) {
  for (const char* statement : {"COPY", "CREATE INDEX"}) {
    const Outcome o = disturbed_at(statement, "kill -INT $replay; begin=$(date +%s); wait $replay; status=$?; echo $(( $(date +%s) - begin )); exit $status");
    EXPECT_EQ(o.status, 3) << statement << o.err;
    EXPECT_TRUE(has(o.err, "stopped before its end; nothing was measured")) << statement << o.err;
    EXPECT_LE(std::atoi(o.out.c_str()), 5) << statement;
    EXPECT_EQ(scratch_databases().size(), 0U) << statement;
  }
}

TEST_F(Interrupted, AServerThatHangsDuringAFillKeepsNobodyWaiting) {
  const auto begin = std::chrono::steady_clock::now();
  const Outcome o = disturbed_at("COPY", everybody() + "; kill -STOP $all; sleep 1; kill -INT $replay; wait $replay; status=$?; kill -CONT $all; exit $status");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(40));
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "could not be removed: the server does not answer")) << o.err;
  cli_test::midflight("replay " + scenario("plan: [{wait: 100ms}]\n") + " --on '" + modest() + "' --runs 2");
}

// Behind a server that hangs the end takes its time.  What a second signal leaves is removed by the next replay.
TEST_F(Interrupted, ASecondSignalEndsAtOnce) {
  const Outcome o = disturbed(everybody() + "; kill -STOP $all; kill -INT $replay; sleep 1; kill -INT $replay; wait $replay; status=$?; kill -CONT $all; exit $status");
  EXPECT_EQ(o.status, 130) << o.err;
  EXPECT_EQ(o.out, "");
  cli_test::midflight("replay " + scenario("plan: [{wait: 100ms}]\n") + " --on '" + uri() + "' --runs 2");
}

TEST_F(Interrupted, AConnectionThatIsCut) {
  const Outcome o = disturbed(sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'midflight instance%' LIMIT 1"));
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "is lost: terminating connection due to administrator command")) << o.err;
  EXPECT_EQ(o.out, "");
}

TEST_F(Interrupted, AStepWhoseConnectionIsCut) {
  const std::string path = folder_.write("step.yaml", std::string(kScenario) + "plan: [{id: long, sql: DO $$BEGIN PERFORM pg_sleep(20); END$$}]\n");
  const Outcome o = cli_test::midflight("replay " + path + " --on '" + uri() + "' --runs 2 & replay=$!; sleep 3; " +
                                        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'midflight step long'") + "; wait $replay");
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "is lost: terminating connection due to administrator command")) << o.err;
  EXPECT_EQ(o.out, "");
}

TEST_F(Interrupted, AMaintenanceConnectionThatIsCutHindersNothing) {
  const std::string path = folder_.write("short.yaml", std::string(kScenario) + "plan: [{wait: 5s}]\n");
  const Outcome o = cli_test::midflight("replay " + path + " --on '" + uri() + "' --runs 2 & replay=$!; sleep 3; " +
                                        sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1835623526") + "; wait $replay");
  EXPECT_TRUE(cli_test::replayed_or_late(o)) << o.err;
  EXPECT_FALSE(has(o.err, "could not be removed")) << o.err;
}

TEST_F(Interrupted, AServerThatIsRestarted) {
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

TEST_F(Interrupted, AScratchDatabaseThatTheServerDoesNotRemoveIsToldInItsWords) {
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
TEST_F(Interrupted, AServerThatCrashesAndComesBack) {
  const Outcome o = disturbed("kill -9 $(psql -X -A -t -h " + server().folder() + " -U midflight -d postgres -c "
                              "\"SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'midflight instance%' LIMIT 1\")");
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "is lost")) << o.err;
  EXPECT_EQ(o.out, "");
}

// Stopped, it takes connections and never answers.  A later replay tidies up.
TEST_F(Interrupted, AServerThatHangsKeepsNobodyWaiting) {
  const auto begin = std::chrono::steady_clock::now();
  const Outcome o = disturbed(everybody() + "; kill -STOP $all; sleep 1; kill -INT $replay; wait $replay; status=$?; kill -CONT $all; exit $status");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(40));
  EXPECT_EQ(o.status, 3);
  EXPECT_EQ(o.out, "");
  EXPECT_TRUE(has(o.err, "could not be removed: the server does not answer")) << o.err;
  EXPECT_FALSE(has(o.err, "is removed")) << o.err;
  const Outcome later = replay(uri(), "--scale 100");
  EXPECT_TRUE(cli_test::replayed_or_late(later)) << later.err;
}

TEST_F(Interrupted, WhatAKilledReplayLeftIsRemovedByTheNextOne) {
  disturbed("kill -9 $replay");
  ASSERT_EQ(scratch_databases().size(), 1U);
  EXPECT_EQ(replay(uri(), "--strategy nonsense --seed x").status, 2);  // begins nothing
  ASSERT_EQ(scratch_databases().size(), 1U);
  cli_test::midflight("replay " + scenario() + " --on '" + uri() + "' --runs 2 & replay=$!; sleep 1.5; kill -INT $replay; wait $replay");
}

TEST_F(Interrupted, AReplayThatRunsIsNotTidiedAwayByAnother) {
  const std::string start = "replay " + scenario() + " --on '" + uri() + "' --runs 2";
  const Outcome o = cli_test::midflight(start + " & first=$!; sleep 3; timeout --foreground -s INT 2 " MIDFLIGHT_BINARY " " + start + "; kill -0 $first && echo still there; kill -INT $first; wait $first");
  EXPECT_TRUE(has(o.out, "still there")) << o.out << o.err;
  EXPECT_FALSE(has(o.err, "is lost")) << o.err;
}

}  // namespace
}  // namespace midflight::live_replay
