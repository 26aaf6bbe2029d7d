// What `inspect` promises, seen on a server: the schema round trip, rates, rights, and the command around it.

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <future>
#include <memory>
#include <thread>

#include "backends/inspect/activity.h"
#include "backends/inspect/inspection.h"
#include "backends/inspect/schema_text.h"
#include "sim/kernel/error.h"
#include "tests/cli/command.h"
#include "tests/support/private_server.h"
#include "tests/support/server_process.h"

namespace midflight::testing {
namespace {

using backends::Inspection;
using backends::PostgresConnection;
using cli_test::Folder;
using cli_test::Outcome;
using namespace std::chrono_literals;

const PrivateServer& server() {
  static const PrivateServer the_server({"shared_preload_libraries=pg_stat_statements"});
  return the_server;
}

/// A new database with the schema that has one of everything.
std::string rich_database(const std::string& name) {
  server().connect().query("CREATE DATABASE " + name);
  auto session = server().connect(name);
  session.query(cli_test::read(MIDFLIGHT_SOURCE_DIR "/tests/live_inspect/schema.sql"));
  return name;
}

std::string small_database(const std::string& name) {
  server().connect().query("CREATE DATABASE " + name);
  auto session = server().connect(name);
  session.query("CREATE EXTENSION pg_stat_statements");
  session.query("CREATE TABLE users (id bigint PRIMARY KEY, name text)");
  session.query("INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 1000) AS n");
  session.query("ANALYZE users");
  return name;
}

Inspection look_at(const std::string& database, const backends::InspectOptions& options = {}) {
  return backends::inspect(server().uri(database), options);
}

/// What pg_dump says about a schema, without its comments and its random words.
std::string dumped(const std::string& database) {
  const Folder folder;
  const std::string command = server_binaries() + "/pg_dump --schema-only --host=" + server().folder() +
                              " --username=midflight " + database + " | grep -v -e '^--' -e 'restrict ' -e '^$' > " + folder.path("dump");
  return std::system(command.c_str()) == 0 ? cli_test::read(folder.path("dump")) : "";
}

bool says(const std::vector<std::string>& lines, const std::string& part) {
  for (const std::string& line : lines) {
    if (line.find(part) != std::string::npos) return true;
  }
  return false;
}

Outcome command(const std::string& database, const std::string& more = "") {
  return cli_test::midflight("inspect '" + server().uri(database) + "' " + more);
}

TEST(SchemaText, MakesTheSameSchemaAgain) {
  const Inspection first = look_at(rich_database("rich"));
  server().connect().query("CREATE DATABASE again");
  server().connect("again").query(first.schema_sql);
  EXPECT_EQ(look_at("again").schema_sql, first.schema_sql);
  EXPECT_EQ(dumped("again"), dumped("rich"));
  EXPECT_NE(dumped("rich"), "");
}

TEST(SchemaText, WhatIsLeftOutIsCounted) {
  rich_database("guarded");
  auto session = server().connect("guarded");
  session.query("CREATE POLICY own ON users USING (true); CREATE AGGREGATE most(integer) (SFUNC = int4larger, STYPE = integer)");
  const std::vector<std::string> unseen = look_at("guarded").unseen;
  EXPECT_TRUE(says(unseen, "1 row security policies"));
  EXPECT_TRUE(says(unseen, "1 aggregates"));
}

TEST(Sizes, ArePartitionsTogether) {
  rich_database("sized");
  auto session = server().connect("sized");
  session.query("INSERT INTO events (id, at) SELECT n, date '2024-01-01' + n FROM generate_series(0, 499) AS n");
  session.query("ANALYZE");
  std::int64_t whole = -1, leaf = -1;
  for (const backends::TableSize& table : look_at("sized").tables) {
    if (table.name == "events") whole = table.rows;
    if (table.name == "events_2024") leaf = table.rows;
  }
  EXPECT_EQ(whole, 500);
  EXPECT_EQ(leaf, 366);  // a leap year
}

TEST(Statements, HaveTheRateAndTheSpreadOfWhatRan) {
  small_database("busy");
  backends::InspectOptions options;
  options.between = Duration::seconds(2);
  auto seen = std::async(std::launch::async, [&] { return look_at("busy", options); });
  std::this_thread::sleep_for(300ms);
  auto session = server().connect("busy");
  // 30 calls: ten of 20 ms, twenty of 5 ms: the mean is 10 ms, the variance (10 * 100 + 20 * 25) / 30 = 50 ms2.
  for (int i = 0; i < 30; ++i) {
    session.query("SELECT name, pg_sleep(" + std::string(i % 3 == 0 ? "0.02" : "0.005") + ") FROM users WHERE id = 7");
  }
  const Inspection inspection = seen.get();
  ASSERT_EQ(inspection.statements.size(), 1U);
  const backends::StatementClass& one = inspection.statements.front();
  EXPECT_EQ(one.sql, "SELECT name, pg_sleep($1) FROM users WHERE id = $2");
  EXPECT_NEAR(one.per_second, 15, 1.5);
  EXPECT_NEAR(one.mean_s, 0.0105, 0.002);
  EXPECT_NEAR(one.deviation_s, std::sqrt(50e-6), 0.002);
}

TEST(Statements, OfDroppedTablesAndStrangeSyntaxAreLeftOutWithTheReason) {
  small_database("changed");
  auto session = server().connect("changed");
  session.query("CREATE TABLE gone (id integer)");
  session.query("SELECT * FROM gone");
  session.query("SELECT name FROM users WHERE id = 3");
  session.query("SELECT name FROM users WHERE now() - interval '3 days' < now()");
  session.query("DROP TABLE gone");
  std::this_thread::sleep_for(50ms);
  const Inspection inspection = look_at("changed");
  EXPECT_TRUE(says(inspection.unreadable, "gone is no table of this schema"));
  std::vector<std::string> texts;
  for (const auto& statement : inspection.statements) texts.push_back(statement.sql);
  EXPECT_TRUE(says(texts, "SELECT name FROM users WHERE id = $1"));
}

TEST(Statements, WithoutTheExtensionAreGuessedFromTheTables) {
  rich_database("plain");
  auto session = server().connect("plain");
  session.query("CREATE TABLE counted (id integer PRIMARY KEY, note text)");
  session.query("INSERT INTO counted SELECT n, '' FROM generate_series(1, 100000) AS n; UPDATE counted SET note = 'x' WHERE id = 5");
  session.query("SELECT pg_stat_force_next_flush()");
  session.query("SELECT 1");
  const Inspection inspection = look_at("plain");
  EXPECT_TRUE(says(inspection.unseen, "pg_stat_statements is not there"));
  std::vector<std::string> texts;
  for (const auto& statement : inspection.statements) texts.push_back(statement.sql);
  EXPECT_TRUE(says(texts, "INSERT INTO counted (id, note) VALUES ($1, $2)"));
  EXPECT_TRUE(says(texts, "UPDATE counted SET note = $2 WHERE id = $1"));
}

TEST(Transactions, AreSeenWithoutTheirLiterals) {
  small_database("reported");
  auto session = server().connect("reported");
  session.query("SET application_name = 'report'");
  session.query("BEGIN; SELECT count(*) FROM users WHERE name = 'Ada Lovelace' AND id > 17");
  std::this_thread::sleep_for(5200ms);
  const Inspection inspection = look_at("reported");
  ASSERT_EQ(inspection.transactions.size(), 1U);
  EXPECT_EQ(inspection.transactions.front().sql, "BEGIN; SELECT count(*) FROM users WHERE name = $1 AND id > $2");
  EXPECT_TRUE(inspection.transactions.front().idle);
  EXPECT_GT(inspection.transactions.front().age_s, 5);
  ASSERT_EQ(inspection.pools.size(), 1U);
  EXPECT_EQ(inspection.pools.front().application, "report");
}

TEST(Literals, BecomeParametersBehindThoseThereAre) {
  EXPECT_EQ(backends::without_literals("SELECT $2, 'a''b', 1.5e3, E'\\n', x2 FROM t"), "SELECT $2, $3, $4, $5, x2 FROM t");
}

TEST(Rights, OrdinaryUserIsToldWhatItCannotSee) {
  small_database("guarded_users");
  server().connect("guarded_users").query("SELECT name FROM users WHERE id = 1");
  server().connect().query("CREATE ROLE reader LOGIN");
  const std::string uri = "host=" + server().folder() + " user=reader dbname=guarded_users";
  const Inspection inspection = backends::inspect(uri);
  EXPECT_NE(inspection.schema_sql.find("CREATE TABLE users"), std::string::npos);
  EXPECT_EQ(inspection.tables.front().rows, 1000);
  EXPECT_TRUE(says(inspection.unseen, "pg_read_all_stats"));
}

TEST(Rights, OrdinaryUserIsToldThatPoolsAreHidden) {
  small_database("pooled");
  auto application = server().connect("pooled");
  auto owner = server().connect("pooled");
  owner.query("CREATE ROLE stranger LOGIN; ALTER ROLE stranger SET lock_timeout = '7s'");
  const std::string uri = "host=" + server().folder() + " user=stranger dbname=pooled";
  const Inspection inspection = backends::inspect(uri);
  EXPECT_TRUE(says(inspection.unseen, "pools: where 2 connections of other users come from"));
  EXPECT_FALSE(says(inspection.unseen, "no application was connected"));
  const Outcome o = cli_test::midflight("inspect '" + uri + "'");
  EXPECT_NE(o.out.find("migration:  # as sessions of stranger begin here\n  lock_timeout: 7s"), std::string::npos) << o.out;
}

TEST(Stop, EndsAStatementThatRuns) {
  small_database("slow");
  auto holder = server().connect("slow");
  holder.query("BEGIN; LOCK TABLE users");  // inspect would wait two seconds
  const auto begin = std::chrono::steady_clock::now();
  const Outcome o = cli_test::midflight("inspect '" + server().uri("slow") + "' & pid=$!; sleep 0.5; kill -INT $pid; wait $pid");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1500ms);
  EXPECT_EQ(o.status, 130);
  EXPECT_EQ(o.err, "midflight: interrupted\n");
  EXPECT_EQ(o.out, "");
}

TEST(Locks, AreNotWaitedForLong) {
  small_database("locked");
  auto holder = server().connect("locked");
  holder.query("BEGIN; LOCK TABLE users");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(look_at("locked"), Error);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
}

TEST(Skeleton, WithAChangeIsAScenario) {
  rich_database("whole");
  auto session = server().connect("whole");
  session.query("CREATE EXTENSION pg_stat_statements");
  session.query("SELECT name FROM users WHERE id = 3");
  session.query("ANALYZE");
  const Folder folder;
  const Outcome inspected = command("whole", "--output " + folder.path("scenario.yaml"));
  ASSERT_EQ(inspected.status, 0) << inspected.err;
  const std::string skeleton = cli_test::read(folder.path("scenario.yaml"));
  EXPECT_NE(skeleton.find("SELECT name FROM users WHERE id = $1"), std::string::npos) << skeleton;
  const std::string whole = folder.write("whole.yaml", skeleton + "change: ALTER TABLE users ALTER COLUMN full_name SET NOT NULL\n");
  const Outcome compared = cli_test::midflight("compare " + whole + " --runs 2");
  EXPECT_EQ(compared.status, 0) << compared.err;
  EXPECT_NE(compared.out.find("safe_not_null"), std::string::npos) << compared.out;
}

TEST(Skeleton, NamesItsSchemaFileFromWhereItStands) {
  const Folder folder;
  rich_database("apart");
  std::filesystem::create_directory(folder.path("sql"));
  const Outcome o = command("apart", "--output " + folder.path("scenario.yaml") + " --schema " + folder.path("sql/schema.sql"));
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_NE(cli_test::read(folder.path("scenario.yaml")).find("schema: \"sql/schema.sql\""), std::string::npos);
  EXPECT_EQ(cli_test::read(folder.path("sql/schema.sql")), look_at("apart").schema_sql);
}

TEST(Command, EmptyDatabaseOrNoServerIsAFailureInOneLine) {
  const Outcome empty = command("postgres");
  EXPECT_EQ(empty.status, 3);
  EXPECT_EQ(empty.err, "midflight: the database postgres has no tables\n");
  const Outcome none = cli_test::midflight("inspect 'postgresql://me:hunter2@127.0.0.1:1/shop'");
  EXPECT_EQ(none.status, 3);
  EXPECT_EQ(none.err.find("hunter2"), std::string::npos) << none.err;
  EXPECT_EQ(cli_test::midflight("inspect sqlite:x").status, 2);
}

}  // namespace
}  // namespace midflight::testing
