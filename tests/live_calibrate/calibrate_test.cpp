// What `calibrate` promises, on a server of its own: a profile, and nothing left behind.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "backends/calibrate/machine.h"
#include "backends/calibrate/server_calibration.h"
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
  EXPECT_EQ(calibration.residuals.size(), 16U);
  EXPECT_EQ(calibration.under_load.size(), 3U);
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
  EXPECT_THROW(backends::calibrate_server(server().uri("postgres"), options), Error);
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

TEST(Command, CtrlCRemovesTheDatabase) {
  const Outcome o = cli_test::midflight("calibrate '" + server().uri("postgres") + "' & pid=$!; sleep 1; kill -INT $pid; wait $pid");
  EXPECT_NE(o.status, 0);
  EXPECT_EQ(databases(), "postgres template0 template1");
}

TEST(Command, RoleThatMayNotCreateDatabasesIsRefused) {
  server().connect().query("CREATE ROLE plain LOGIN");
  const Outcome o = cli_test::midflight("calibrate 'host=" + server().folder() + " user=plain dbname=postgres'");
  EXPECT_EQ(o.status, 3);
  EXPECT_NE(o.err.find("create"), std::string::npos) << o.err;
}

}  // namespace
}  // namespace midflight::testing
