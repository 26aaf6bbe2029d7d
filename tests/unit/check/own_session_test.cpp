#include <gtest/gtest.h>

#include <algorithm>

#include "sim/check/check.h"
#include "sim/sql/parse.h"

// What belongs to the session of a script alone: its search path and its temporary tables.

namespace midflight::check {
namespace {

constexpr const char* kSchema = "CREATE SCHEMA app;\nCREATE TYPE app.mood AS ENUM ('fine');\n"
                                "CREATE TABLE app.users (id bigint PRIMARY KEY, name text, mood app.mood);\n"
                                "CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY);\n";

Checker checker() {
  Options options;
  options.timeouts = {Duration::seconds(2), Duration::minutes(1), Duration::minutes(1)};
  options.schema = sql::schema_from_sql(kSchema);
  options.schema_is_complete = true;
  return Checker(options);
}

ScriptReport report(const std::string& text) { return checker().check({"m.sql", "plain", "", Wrapping::EachStatement, text, {}}); }

std::vector<std::string> found(const std::string& text) {
  std::vector<std::string> out;
  const ScriptReport all = report(text);
  for (const Finding& finding : all.findings) out.push_back(finding.rule);
  return out;
}

/// The relations that the last statement locks.
std::vector<std::string> locked(const std::string& text) {
  std::vector<std::string> out;
  const ScriptReport all = report(text);
  for (const RelationLock& lock : all.statements.back().work.phases.at(0).locks) out.push_back(lock.relation);
  return out;
}

using Names = std::vector<std::string>;

TEST(SearchPath, NamesWithoutASchemaAreFoundAlongIt) {
  EXPECT_EQ(locked("ALTER TABLE users ADD COLUMN x int;"), Names{"users"});
  EXPECT_EQ(locked("SET search_path = app, public; ALTER TABLE users ADD COLUMN x int;"), Names{"app.users"});
  EXPECT_EQ(locked("SET search_path TO app; SELECT * FROM users u WHERE u.id = 1;"), Names{"app.users"});
  EXPECT_EQ(locked("SET SCHEMA 'app'; DROP TABLE users;"), (Names{"app.users", "app.users_pkey"}));
  EXPECT_EQ(locked("SELECT pg_catalog.set_config('search_path', 'app, public', false); ALTER TABLE orders ADD COLUMN x int;"), Names{"orders"});
}

TEST(SearchPath, WhatIsMadeLiesInTheFirstSchemaOfIt) {
  EXPECT_EQ(locked("SET search_path = app, public; CREATE TABLE orders (id int); COMMIT; ALTER TABLE orders ADD COLUMN y int;"), Names{"app.orders"});
  EXPECT_EQ(found("SET search_path = app; CREATE TABLE notes (mood mood); ALTER TABLE app.notes ADD COLUMN z int;"), Names{});
}

TEST(SearchPath, CommonTableExpressionsAreNoRelations) {
  EXPECT_EQ(locked("SET search_path = app; WITH orders AS (SELECT 1) SELECT * FROM orders;"), Names{});
}

TEST(SearchPath, LocalOneEndsWithItsTransaction) {
  EXPECT_EQ(locked("BEGIN; SET LOCAL search_path = app; SELECT * FROM users; COMMIT; SELECT * FROM users;"), Names{"users"});
  EXPECT_EQ(locked("SET search_path = app; RESET search_path; SELECT * FROM users;"), Names{"users"});
}

TEST(SearchPath, EndsWithTheScript) {
  Checker one = checker();
  one.check({"1.sql", "plain", "", Wrapping::EachStatement, "SET search_path = app;", {}});
  const ScriptReport second = one.check({"2.sql", "plain", "", Wrapping::EachStatement, "ALTER TABLE users ADD COLUMN x int;", {}});
  EXPECT_EQ(second.statements.at(0).work.phases.at(0).locks.at(0).relation, "users");
}

TEST(TemporaryTable, IsInNobodysWay) {
  EXPECT_EQ(found("CREATE TEMP TABLE ids (id bigint); INSERT INTO ids (id) VALUES (1);\nCREATE INDEX ON ids (id);\n"
                  "ALTER TABLE ids ALTER COLUMN id TYPE int;\nUPDATE ids SET id = 2;\nTRUNCATE ids;\nLOCK TABLE ids;"),
            Names{});
}

TEST(TemporaryTable, MayHideAnotherOfItsName) {
  EXPECT_EQ(found("CREATE TEMP TABLE users (id bigint);"), Names{});
}

TEST(TemporaryTable, EndsWithTheScript) {
  Checker one = checker();
  const Migration script{"1.sql", "plain", "", Wrapping::EachStatement, "CREATE TEMP TABLE ids (id bigint);", {}};
  one.check(script);
  EXPECT_TRUE(one.check(script).findings.empty());
}

}  // namespace
}  // namespace midflight::check
