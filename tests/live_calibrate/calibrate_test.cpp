// What `calibrate` promises, on a server of its own: a profile, and nothing left behind.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "backends/calibrate/load_bench.h"
#include "backends/calibrate/machine.h"
#include "backends/calibrate/server_calibration.h"
#include "backends/postgres/neighbours.h"
#include "backends/postgres/server_facts.h"
#include "sim/io/profile.h"
#include "sim/kernel/error.h"
#include "tests/cli/command.h"
#include "tests/support/private_server.h"

namespace midflight::testing {
namespace {

using cli_test::Folder;
using cli_test::Outcome;

const PrivateServer& server() {
  static const PrivateServer the_server({"shared_buffers=64MB"});
  return the_server;
}

std::string databases() {
  return server().connect().value("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database");
}

TEST(Calibration, FitsEveryFamilyAndLeavesNothingBehind) {
  backends::CalibrateOptions options;
  options.size = 0.05;
  double share = -1;
  options.progress = [&](const std::string&, double now) {
    EXPECT_GE(now, share);
    share = now;
  };
  const auto calibration = backends::calibrate_server(server().uri("postgres"), options);
  EXPECT_EQ(databases(), "postgres template0 template1");
  EXPECT_LE(share, 1);
  EXPECT_EQ(calibration.residuals.size(), 17U);
  EXPECT_EQ(calibration.under_load.size(), 4U);
  EXPECT_GT(calibration.capacity.per_second, 100);
  EXPECT_GT(calibration.services.front().time.a, 0);
  EXPECT_EQ(calibration.profile.machine, backends::local_fingerprint());
  // A server without flushes on a small table is far from the documented default.
  EXPECT_NE(calibration.profile.metadata_s, cost::Profile{}.metadata_s);
  EXPECT_LT(calibration.profile.commit_s, 0.1);
}

TEST(Calibration, StoppedInTheMiddleItRemovesItsDatabase) {
  std::atomic<bool> stop{false};
  backends::CalibrateOptions options;
  options.stop = &stop;
  std::thread impatient([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(800));
    stop = true;
  });
  try {
    backends::calibrate_server(server().uri("postgres"), options);
    ADD_FAILURE() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Interrupted) << error.what();
  }
  impatient.join();
  EXPECT_EQ(databases(), "postgres template0 template1");
}

TEST(Command, WritesAProfileThatIsReadBack) {
  const Folder folder;
  const std::string path = folder.path("profile.yaml");
  const Outcome o = cli_test::midflight("calibrate '" + server().uri("postgres") + "' --size 0.01 --output " + path);
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_NE(o.out.find("rewrite, 3 indexes"), std::string::npos) << o.out;
  const cost::Profile profile = io::read_profile(path, {});
  EXPECT_EQ(profile.machine, backends::local_fingerprint());
  EXPECT_EQ(profile.server.substr(0, 11), "PostgreSQL ");
  EXPECT_NE(cli_test::read(path).find("# Settings of the server:"), std::string::npos);
}

// With so little to measure, a statement by key runs at most of these moments, or a crowd waits for a lock.
TEST(Command, ASignalIsOneLineAndItsStatusAtAnyMomentAndRemovesTheDatabase) {
  for (const char* moment : {"0.3", "0.7", "1.1", "1.9", "3.3", "5.3"}) {
    const bool term = moment[0] == '1';
    const Outcome o = cli_test::midflight("calibrate '" + server().uri("postgres") + "' --size 0.01 >/dev/null & pid=$!; sleep " + moment +
                                          "; kill -" + (term ? "TERM" : "INT") + " $pid; wait $pid");
    EXPECT_EQ(o.status, term ? 143 : 130) << moment;
    EXPECT_EQ(o.err, "midflight: interrupted\n") << moment;
    EXPECT_EQ(databases(), "postgres template0 template1") << moment;
  }
}

TEST(Command, TwoCalibrationsOrAReplayBesideOneAreRefused) {
  const Folder folder;
  const std::string scenario = folder.write("scenario.yaml", cli_test::small_scenario());
  const std::string start = "calibrate '" + server().uri("postgres") + "' --size 0.05";
  const Outcome o = cli_test::midflight(start + " >/dev/null & first=$!; sleep 1; " MIDFLIGHT_BINARY " calibrate '" + server().uri("template1") +
                                        "'; echo status $?; " MIDFLIGHT_BINARY " replay " + scenario + " --strategy naive --on '" +
                                        "postgresql://midflight@/postgres?host=" + server().folder() + "'; echo status $?; kill -INT $first; wait $first");
  EXPECT_EQ(o.out, "status 3\nstatus 3\n");
  EXPECT_EQ(o.err, "midflight: another calibration runs on this server: the numbers of both would be wrong\n"
                   "midflight: a calibration runs on this server: the numbers of both would be wrong\nmidflight: interrupted\n");
}

// Each makes itself known before it looks, so neither passes the other unseen.
TEST(Calibration, OfAReplayAndACalibrationThatBeginTogetherOneIsRefused) {
  {
    auto replay = server().connect(), other = server().connect(), calibration = server().connect();
    backends::claim_for_replay(replay);
    backends::claim_for_replay(other);
    EXPECT_THROW(backends::claim_for_calibration(calibration), Error);
  }
  // A session's locks go with its process.
  for (auto watcher = server().connect(); watcher.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") != "0";) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  auto calibration = server().connect(), replay = server().connect();
  backends::claim_for_calibration(calibration);
  EXPECT_THROW(backends::claim_for_replay(replay), Error);
}

TEST(Command, CalibrationBesideAReplayIsRefused) {
  auto replay = server().connect();
  replay.query("SELECT pg_advisory_lock(1, 1835623526)");  // as a replay holds one
  const Outcome o = cli_test::midflight("calibrate '" + server().uri("template1") + "'");
  EXPECT_EQ(o.status, 3);
  EXPECT_EQ(o.err, "midflight: a replay runs on this server: the numbers of both would be wrong\n");
}

TEST(Command, OtherWorkAndARoughProfileAreSaid) {
  auto busy = server().connect();
  std::thread sleeper([&] { busy.run("SELECT pg_sleep(100)"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const Outcome o = cli_test::midflight("calibrate '" + server().uri("postgres") + "' --size 0.001");
  busy.cancel();
  sleeper.join();
  ASSERT_EQ(o.status, 0) << o.err;
  for (const std::string& text : {o.err, o.out}) {
    EXPECT_NE(text.find("1 other session at work on this server"), std::string::npos) << text;
    EXPECT_NE(text.find("the profile is rough"), std::string::npos) << text;
  }
}

TEST(Calibration, EndsInTimeAndSaysWhatWasLeftOut) {
  backends::CalibrateOptions options;
  options.size = 0.2;
  options.seconds_most = 0.5;  // too short for any server
  const auto begin = std::chrono::steady_clock::now();
  const auto calibration = backends::calibrate_server(server().uri("postgres"), options);
  // Requests and stalls take their 20 s whatever the tables are.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
  EXPECT_EQ(calibration.residuals.size(), 17U);
  ASSERT_FALSE(calibration.remarks.empty());
  EXPECT_NE(calibration.remarks.front().find("to end in time, "), std::string::npos) << calibration.remarks.front();
}

/// Connections until only so many of the server's 40 are left.
std::vector<backends::PostgresConnection> occupied(int left) {
  std::vector<backends::PostgresConnection> sessions;
  sessions.push_back(server().connect());
  const int used = std::stoi(sessions.front().value("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"));
  for (int i = used + left; i < 40; ++i) sessions.push_back(server().connect());
  return sessions;
}

TEST(Calibration, WithHardlyAConnectionLeftIsRefusedAtOnce) {
  const auto begin = std::chrono::steady_clock::now();
  try {
    const auto sessions = occupied(6);  // less than is spared for others
    backends::calibrate_server(server().uri("postgres"), {});
    ADD_FAILURE() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("too few connections left on the server to measure its capacity: "), 0U) << error.what();
    EXPECT_NE(std::string(error.what()).find(" of max_connections = 40 are in use"), std::string::npos) << error.what();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(databases(), "postgres template0 template1");
}

TEST(Crowd, ComesWhileTheConnectionsOfOthersStillEnd) {
  auto sessions = occupied(1);
  std::thread others([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    sessions.clear();
  });
  EXPECT_NO_THROW(backends::ReadingCrowd(server().uri("postgres"), 4, 1, nullptr));
  others.join();
}

TEST(Crowd, OfNobodyKeepsNobodyWaiting) {
  EXPECT_EQ(backends::ReadingCrowd(server().uri("postgres"), -1, 1, nullptr).answered(), 0);
}

TEST(Calibration, FindsTheSessionsOfOthersForAnOrdinaryRole) {
  server().connect().query("CREATE ROLE modest LOGIN CREATEDB");
  const auto session = std::make_unique<backends::PostgresConnection>(server().uri("postgres"));
  backends::PostgresConnection modest("host=" + server().folder() + " user=modest dbname=postgres");
  // The server takes its time to end the sessions of the test before.
  for (int i = 0; i < 100 && backends::examine(modest).settings.in_use > 1; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(backends::examine(modest).settings.in_use, 1);
  EXPECT_NE(backends::other_work(modest).find("1 other session of other users"), std::string::npos);
  server().connect().query("DROP ROLE modest");
}

TEST(Command, RoleThatMayNotCreateDatabasesIsRefused) {
  server().connect().query("CREATE ROLE plain LOGIN");
  const Outcome o = cli_test::midflight("calibrate 'host=" + server().folder() + " user=plain dbname=postgres'");
  EXPECT_EQ(o.status, 3);
  EXPECT_NE(o.err.find("create"), std::string::npos) << o.err;
}

}  // namespace
}  // namespace midflight::testing
