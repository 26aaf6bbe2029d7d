// What the connection and the private server promise, seen on a server.

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <thread>

#include "sim/kernel/error.h"
#include "tests/support/private_server.h"
#include "tests/support/server_process.h"

namespace midflight::testing {
namespace {

using backends::PostgresConnection;

class Connection : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<PrivateServer>(); }
  static void TearDownTestSuite() { server_.reset(); }
  static PostgresConnection connect() { return server_->connect(); }

 private:
  static inline std::unique_ptr<PrivateServer> server_;
};

TEST_F(Connection, RowsAreTextAndNullsHaveNone) {
  const auto rows = connect().query("SELECT 1, NULL, 'a' UNION ALL SELECT 2, 'x', ''");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0], (backends::TextRow{"1", std::nullopt, "a"}));
  EXPECT_EQ(rows[1], (backends::TextRow{"2", "x", ""}));
}

TEST_F(Connection, RefusedStatementIsAValueWithItsState) {
  PostgresConnection session = connect();
  const auto reply = session.run("SELECT missing FROM nowhere");
  EXPECT_EQ(reply.sqlstate, "42P01");
  EXPECT_EQ(reply.message, "relation \"nowhere\" does not exist");
  EXPECT_EQ(session.value("SELECT 1"), "1");
}

TEST_F(Connection, QueryThatMustWorkThrowsWithTheStatement) {
  try {
    connect().query("SELEC 1");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("`SELEC 1`"), std::string::npos) << e.what();
  }
}

TEST_F(Connection, RowsChangedAreCounted) {
  PostgresConnection session = connect();
  session.query("CREATE TEMPORARY TABLE t (id integer)");
  EXPECT_EQ(session.run("INSERT INTO t SELECT generate_series(1, 5)").affected, 5);
  EXPECT_EQ(session.run("DELETE FROM t WHERE id > 3").affected, 2);
}

TEST_F(Connection, NoticesAreKeptUntilTaken) {
  PostgresConnection session = connect();
  session.query("DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two'; END $$");
  EXPECT_EQ(session.take_notices(), (std::vector<std::string>{"NOTICE:  one", "WARNING:  two"}));
  EXPECT_TRUE(session.take_notices().empty());
}

TEST_F(Connection, TransactionSpansCalls) {
  PostgresConnection session = connect();
  session.query("BEGIN");
  session.query("CREATE TABLE gone (id integer)");
  session.query("ROLLBACK");
  EXPECT_EQ(session.run("SELECT * FROM gone").sqlstate, "42P01");
}

TEST_F(Connection, DeadlockHasItsState) {
  PostgresConnection a = connect(), b = connect();
  a.query("CREATE TABLE IF NOT EXISTS one (id integer); CREATE TABLE IF NOT EXISTS two (id integer)");
  for (PostgresConnection* session : {&a, &b}) session->query("SET deadlock_timeout = '50ms'; BEGIN");
  a.query("LOCK TABLE one");
  b.query("LOCK TABLE two");
  auto waiting = std::async(std::launch::async, [&] {
    auto reply = a.run("LOCK TABLE two");
    a.run("ROLLBACK");
    return reply;
  });
  const auto second = b.run("LOCK TABLE one");
  b.run("ROLLBACK");
  const auto first = waiting.get();
  EXPECT_TRUE((first.sqlstate == "40P01") != (second.sqlstate == "40P01")) << first.sqlstate << " " << second.sqlstate;
}

TEST_F(Connection, CancelEndsWhatRuns) {
  PostgresConnection session = connect(), watcher = connect();
  auto sleeping = std::async(std::launch::async, [&] { return session.run("SELECT pg_sleep(60)"); });
  const std::string busy = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep' AND pid = ";
  while (watcher.value(busy + std::to_string(session.process_id())) == "0") {
  }
  session.cancel();
  EXPECT_EQ(sleeping.get().sqlstate, "57014");
  EXPECT_EQ(session.value("SELECT 1"), "1");
}

TEST_F(Connection, LostOneIsNotOpenedAgain) {
  PostgresConnection session = connect(), other = connect();
  other.query("SELECT pg_terminate_backend(" + std::to_string(session.process_id()) + ")");
  EXPECT_THROW(session.query("SELECT 1"), Error);
  EXPECT_THROW(session.query("SELECT 1"), Error);
}

TEST_F(Connection, VersionIsTheServersOwn) { EXPECT_EQ(connect().major_version(), server_major()); }

TEST(PrivateServer, LeavesNothingBehind) {
  std::string folder;
  {
    const PrivateServer server;
    folder = server.folder();
    EXPECT_TRUE(std::filesystem::exists(folder));
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

/// In a process of its own: starts a server, says where, and is killed.
[[noreturn]] void start_and_die(int say) {
  const PrivateServer server;
  const std::string folder = server.folder() + "\n";
  if (write(say, folder.data(), folder.size()) < 0) _exit(1);
  kill(getpid(), SIGKILL);
  _exit(1);
}

std::string read_line(int from) {
  std::string line;
  for (char c = 0; read(from, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

TEST(PrivateServer, EndsWithATestThatIsKilled) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) start_and_die(ends[1]);
  close(ends[1]);
  const std::string folder = read_line(ends[0]);
  close(ends[0]);
  waitpid(child, nullptr, 0);
  ASSERT_FALSE(folder.empty());
  for (int look = 0; look < 1000 && std::filesystem::exists(folder); ++look) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace midflight::testing
