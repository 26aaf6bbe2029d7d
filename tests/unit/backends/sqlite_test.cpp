#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "backends/open.h"
#include "sim/kernel/error.h"
#include "tests/conformance/subject.h"
#include "tests/support/folder.h"

namespace midflight::backends {
namespace {

namespace fs = std::filesystem;

/// An empty directory as TMPDIR.
class Sqlite : public ::testing::Test {
 protected:
  Sqlite() { ::setenv("TMPDIR", directory_.c_str(), 1); }
  ~Sqlite() override { ::unsetenv("TMPDIR"); }
  bool empty() const { return fs::is_empty(directory_); }
  static ErrorKind error_of(Session& session, const std::string& sql) { return session.run(sql, {}, {}).error; }

  const midflight::testing::Folder folder_;
  const fs::path& directory_ = folder_.path();
};

TEST_F(Sqlite, LeavesNothingBehind) {
  {
    const auto backend = open("sqlite:", {});
    backend->prepare(users_schema());
    const auto session = backend->open("a");
    session->run("INSERT INTO users (name) VALUES ('x')", {}, {});
    EXPECT_FALSE(empty());
  }
  EXPECT_TRUE(empty());
}

TEST_F(Sqlite, LeavesNothingBehindWhenAnExceptionUnwinds) {
  try {
    const auto backend = open("sqlite:", {});
    backend->prepare(users_schema());
    throw std::runtime_error("unwind");
  } catch (const std::runtime_error&) {
  }
  EXPECT_TRUE(empty());
}

// A child process opens a scratch database and is killed: nothing of its own runs any more.
TEST_F(Sqlite, TheNextStartRemovesWhatAKilledProcessLeft) {
  const pid_t child = ::fork();
  if (child == 0) {
    open("sqlite:", {})->prepare(users_schema());
    const auto backend = open("sqlite:", {});
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_FALSE(empty());
  open("sqlite:", {});
  EXPECT_TRUE(empty());
}

TEST_F(Sqlite, ScratchThatIsInUseOrKeptOrNotOursStays) {
  BackendOptions keep;
  keep.keep = true;
  open("sqlite:", keep)->prepare(users_schema());
  fs::create_directory(directory_ / "midflight-mine__");
  const auto in_use = open("sqlite:", {});
  in_use->prepare(users_schema());
  open("sqlite:", {});
  EXPECT_EQ(in_use->open("a")->query("SELECT count(*) FROM users")[0][0], Value(std::int64_t{100}));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()), 3);
}

TEST_F(Sqlite, AFileThatExistsIsRefusedAndUntouched) {
  const fs::path path = directory_ / "mine.db";
  { std::FILE* f = std::fopen(path.c_str(), "w"); std::fputs("mine", f); std::fclose(f); }
  EXPECT_THROW(open("sqlite:" + path.string(), {}), Error);
  EXPECT_EQ(fs::file_size(path), 4U);
}

TEST_F(Sqlite, InPlaceKeepsTheFileAndItsRows) {
  const fs::path path = directory_ / "mine.db";
  BackendOptions options;
  options.keep = true;
  open("sqlite:" + path.string(), options)->prepare(users_schema());
  ASSERT_TRUE(fs::exists(path));
  options.keep = false;
  options.in_place = true;
  {
    const auto backend = open("sqlite:" + path.string(), options);
    backend->prepare(users_schema());
    EXPECT_EQ(backend->open("a")->query("SELECT count(*) FROM users")[0][0], Value(std::int64_t{100}));
  }
  EXPECT_TRUE(fs::exists(path));
}

TEST_F(Sqlite, ADirectoryThatIsNotThereIsADatabaseError) {
  ::setenv("TMPDIR", "/nonexistent/midflight", 1);
  try {
    open("sqlite:", {});
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Database);
    EXPECT_NE(std::string(error.what()).find("TMPDIR"), std::string::npos);
  }
}

TEST_F(Sqlite, OtherUrisSayWhatTheyAreNot) {
  EXPECT_THROW(open("postgresql://u:secret@127.0.0.1:1/d", {}), Error);
  try {
    open("mysql://u:secret@h/d", {});
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
  }
}

TEST(WithoutPassword, HidesJustThePassword) {
  EXPECT_EQ(without_password("postgresql://me:secret@host:5432/db"), "postgresql://me:***@host:5432/db");
  EXPECT_EQ(without_password("postgresql://me@host:5432/db"), "postgresql://me@host:5432/db");
  EXPECT_EQ(without_password("sqlite:/tmp/a:b@c"), "sqlite:/tmp/a:b@c");
}

TEST_F(Sqlite, ErrorsHaveOurClassesAndSqlitesMessages) {
  const auto backend = open("sqlite:", {});
  backend->prepare(users_schema());
  const auto s = backend->open("a");
  s->run("CREATE TABLE strict_one (a text NOT NULL UNIQUE CHECK (a <> 'x'))", {}, {});
  EXPECT_EQ(error_of(*s, "SELECT nam FROM users"), (ErrorKind{ErrorClass::Schema, "", "no such column: nam"}));
  EXPECT_EQ(error_of(*s, "SELECT 1 FROM nowhere"), (ErrorKind{ErrorClass::Schema, "", "no such table: nowhere"}));
  EXPECT_EQ(error_of(*s, "INSERT INTO users (nam) VALUES (1)"),
            (ErrorKind{ErrorClass::Schema, "", "table users has no column named nam"}));
  EXPECT_EQ(error_of(*s, "INSERT INTO strict_one VALUES (NULL)"),
            (ErrorKind{ErrorClass::Constraint, "", "NOT NULL constraint failed: strict_one.a"}));
  EXPECT_EQ(error_of(*s, "INSERT INTO strict_one VALUES ('x')").error, ErrorClass::Constraint);
  EXPECT_TRUE(s->run("INSERT INTO strict_one VALUES ('y')", {}, {}).ok());
  EXPECT_EQ(error_of(*s, "INSERT INTO strict_one VALUES ('y')").error, ErrorClass::Constraint);
  EXPECT_THROW(error_of(*s, "SELEC 1"), Error);
}

TEST_F(Sqlite, AKnownStatementFailsTheMomentItsColumnIsRenamed) {
  const auto backend = open("sqlite:", {});
  backend->prepare(users_schema());
  const auto app = backend->open("app"), ddl = backend->open("ddl");
  const std::string sql = "SELECT name FROM users WHERE id = ?1";
  ASSERT_EQ(app->run(sql, {std::int64_t{7}}, {}).rows, 1);
  ASSERT_TRUE(ddl->run("ALTER TABLE users RENAME COLUMN name TO full_name", {}, {}).ok());
  EXPECT_EQ(app->run(sql, {std::int64_t{7}}, {}).error.message, "no such column: name");
  ASSERT_TRUE(ddl->run("ALTER TABLE users RENAME COLUMN full_name TO name", {}, {}).ok());
  EXPECT_EQ(app->run(sql, {std::int64_t{7}}, {}).rows, 1);
}

TEST_F(Sqlite, WalReadersGoOnWhileAWriterHoldsTheLockAndDeleteReadersWaitForItsCommit) {
  for (const Journal journal : {Journal::Wal, Journal::Delete}) {
    BackendOptions options;
    options.journal = journal;
    const auto backend = open("sqlite:", options);
    backend->prepare(users_schema());
    const auto reader = backend->open("reader"), writer = backend->open("writer");
    ASSERT_TRUE(reader->begin(false, {}).ok());
    ASSERT_TRUE(reader->run("SELECT count(*) FROM users", {}, {}).ok());
    ASSERT_TRUE(writer->begin(true, {}).ok());
    ASSERT_TRUE(writer->run("UPDATE users SET name = 'x' WHERE id = 1", {}, {}).ok());
    Limits limits;
    limits.lock_timeout = Duration::milliseconds(50);
    const Answer commit = writer->commit(limits);
    EXPECT_EQ(commit.ok(), journal == Journal::Wal);
    EXPECT_EQ(commit.lock_wait > Duration{}, journal == Journal::Delete);
  }
}

TEST_F(Sqlite, AStaleReaderThatWantsToWriteFailsAtOnce) {
  const auto backend = open("sqlite:", {});
  backend->prepare(users_schema());
  const auto stale = backend->open("stale"), other = backend->open("other");
  ASSERT_TRUE(stale->begin(false, {}).ok());
  ASSERT_TRUE(stale->run("SELECT name FROM users WHERE id = 1", {}, {}).ok());
  ASSERT_TRUE(other->run("UPDATE users SET name = 'x' WHERE id = 1", {}, {}).ok());
  const Clock::time_point begin = Clock::now();
  EXPECT_EQ(stale->run("UPDATE users SET name = 'y' WHERE id = 1", {}, {}).error.error, ErrorClass::LockTimeout);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(1));
}

TEST_F(Sqlite, FillsUniqueKeysAndForeignKeysThatExist) {
  Schema schema = users_schema();
  schema.tables[0].columns.push_back({"email", "character varying(50)", true, {}, false, false});
  schema.tables[0].constraints.push_back({"users_email_key", ConstraintKind::Unique, {"email"}, "", "", {}, true, ""});
  Table orders;
  orders.name = "orders";
  orders.columns = {{"id", "bigint", true, {}, true, false}, {"user_id", "bigint", true, {}, false, false}};
  orders.constraints = {{"orders_pkey", ConstraintKind::PrimaryKey, {"id"}, "", "", {}, true, ""},
                        {"orders_user_id_fkey", ConstraintKind::ForeignKey, {"user_id"}, "", "users", {"id"}, true, ""}};
  orders.rows = 250;
  schema.tables.push_back(orders);
  const auto backend = open("sqlite:", {});
  backend->prepare(schema);
  const auto s = backend->open("a");
  EXPECT_EQ(s->query("SELECT count(DISTINCT email) FROM users")[0][0], Value(std::int64_t{100}));
  EXPECT_EQ(s->query("SELECT max(length(email)) <= 50 FROM users")[0][0], Value(std::int64_t{1}));
  EXPECT_EQ(s->query("SELECT count(*) FROM orders o JOIN users u ON u.id = o.user_id")[0][0], Value(std::int64_t{250}));
}

TEST_F(Sqlite, FillsAMillionRowsWithinSeconds) {
  Schema schema = users_schema();
  schema.tables[0].rows = 1'000'000;
  const auto backend = open("sqlite:", {});
  const Clock::time_point begin = Clock::now();
  backend->prepare(schema);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(backend->open("a")->query("SELECT max(id) FROM users")[0][0], Value(std::int64_t{1'000'000}));
}

TEST_F(Sqlite, AStopWhileFillingLeavesNothingBehind) {
  std::atomic<bool> stop{true};
  BackendOptions options;
  Schema schema = users_schema();
  {
    const auto backend = open("sqlite:", options);
    EXPECT_NO_THROW(backend->prepare(schema));
  }
  options.stop = &stop;
  EXPECT_THROW(open("sqlite:", options)->prepare(schema), Error);
  EXPECT_TRUE(empty());
}

}  // namespace
}  // namespace midflight::backends
