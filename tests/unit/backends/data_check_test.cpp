#include "backends/data_check.h"

#include <gtest/gtest.h>

#include "backends/data/removals.h"
#include "backends/open.h"
#include "tests/unit/backends/builders.h"

namespace midflight::backends {
namespace {

/// What the check says where `sql` runs after the plan, and before anybody looks.
DataCheck after(const std::string& sql, Small small = Small(), bool filled = true) {
  small.add({"wait", {}, WaitStep{Duration::milliseconds(500)}, "", {}});
  const auto backend = open("sqlite:", {});
  backend->prepare(small.scenario.schema);
  const Catalogue catalogue(small.scenario.schema, small.proposal.plan, small.scenario.change);
  const ClientApplication application(small.proposal.versions, catalogue, backend->dialect());
  const PlanRunResult run = run_plan(*backend, small.scenario, small.proposal, catalogue, application, small.options);
  EXPECT_TRUE(backend->open("a")->run(sql, {}, {}).ok()) << sql;
  return check_data(*backend, catalogue, application, run, filled);
}

TEST(DataCheck, WrittenRowsThatNothingTakesAwayAreLostWhenTheyAreGone) {
  const DataCheck all = after("SELECT 1");
  EXPECT_TRUE(all.ok()) << all.text();
  const DataCheck none = after("DELETE FROM users");
  EXPECT_GT(none.rows_gone, 5);
  EXPECT_EQ(none.lost_writes, none.rows_gone);
  EXPECT_EQ(none.rows_written, none.rows_gone);
  EXPECT_NE(none.text().find("that nothing takes away are gone"), std::string::npos) << none.text();
}

// 100 rows, all of which are looked at because their column moves.
TEST(DataCheck, RowsThatNobodyWroteAreLostTheSame) {
  Small moving;
  moving.scenario.change = sql::parse_one("ALTER TABLE users RENAME COLUMN name TO full_name");
  moving.proposal.versions[0].endpoints.pop_back();
  const DataCheck check = after("DELETE FROM users WHERE id > 90", moving);
  EXPECT_EQ(check.rows_gone, 10);
  EXPECT_EQ(check.lost_writes, 10);
  EXPECT_EQ(check.rows_as_filled, 100);
  EXPECT_EQ(check.rows_not_looked_at, 0);
}

// 193 requests inserted a row each, and two columns of it are looked at.
TEST(DataCheck, OfSeveralColumnsValuesAreCountedAndNotRows) {
  DataCheck check;
  check.values = {"users.name", "users.note"};
  check.rows_inserted = 386;
  EXPECT_EQ(check.text(), "checked users.name, users.note in 386 values that clients inserted: no acknowledged write is lost, no value diverges");
  check.rows_written = check.rows_gone = check.lost_writes = check.diverged_rows = 2;
  EXPECT_NE(check.text().find("2 values diverge; 2 values of rows that nothing takes away are gone"), std::string::npos) << check.text();
  check.values = {"users.name"};
  EXPECT_NE(check.text().find("386 rows that clients inserted"), std::string::npos) << check.text();
}

TEST(DataCheck, RowsThatTheApplicationDeletesMayBeMissing) {
  Small deleting;
  deleting.proposal.versions[0].endpoints.push_back(endpoint("leave", 20, {"DELETE FROM users WHERE id = $1"}));
  EXPECT_TRUE(after("SELECT 1", deleting).ok());
}

TEST(DataCheck, RowsOfADatabaseInPlaceMayNeverHaveBeenThere) {
  EXPECT_TRUE(after("DELETE FROM users", Small(), false).ok());
}

// Rows 51 to 100 have the keys 1,000 to 1,049.
TEST(DataCheck, RowsOfPartitionsWhoseKeysHaveGapsAreNotMissing) {
  Schema schema = sql::schema_from_sql(
      "CREATE TABLE users (id bigint PRIMARY KEY, name text) PARTITION BY RANGE (id);"
      "CREATE TABLE u1 PARTITION OF users FOR VALUES FROM (1) TO (1000);"
      "CREATE TABLE u2 PARTITION OF users FOR VALUES FROM (1000) TO (2000);");
  schema.table("u1")->rows = schema.table("u2")->rows = 50;
  const Small small;
  const Catalogue catalogue(schema, {}, sql::parse_one("ALTER TABLE users RENAME COLUMN name TO full_name"));
  const auto backend = open("sqlite:", {});
  const auto session = backend->open("a");
  session->query("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)");
  for (std::int64_t r = 1; r <= 100; ++r) {
    session->query("INSERT INTO users VALUES (?1, ?2)", {catalogue.fill("users", "id").value(r), catalogue.fill("users", "name").value(r)});
  }
  PlanRunResult run;
  run.schema = small.scenario.schema;
  const ClientApplication application(small.proposal.versions, catalogue, backend->dialect());
  const DataCheck check = check_data(*backend, catalogue, application, run, true);
  EXPECT_EQ(check.lost_writes, 0) << check.text();
}

std::set<std::string> losing(const std::string& sql) {
  const Schema schema = sql::schema_from_sql(
      "CREATE FUNCTION tools.\"Tidy\"(keep int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE TABLE users (id bigint PRIMARY KEY, name text);"
      "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE, note text);"
      "CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE CASCADE);"
      "CREATE TABLE logs (id bigint, at date) PARTITION BY RANGE (at);"
      "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');");
  const Statement statement = sql::parse_one(sql);
  return tables_losing_rows({&statement}, schema);
}

TEST(DataCheck, WhatTakesRowsAwayIsKnown) {
  using Names = std::set<std::string>;
  EXPECT_EQ(losing("UPDATE users SET name = $1 WHERE id = $2"), Names{});
  EXPECT_EQ(losing("INSERT INTO users (id, name) VALUES ($1, $2)"), Names{});
  EXPECT_EQ(losing("DELETE FROM users WHERE id = $1"), (Names{"users", "orders", "lines"}));
  EXPECT_EQ(losing("WITH gone AS (DELETE FROM lines WHERE id = $1 RETURNING id) SELECT count(*) FROM gone"), Names{"lines"});
  EXPECT_EQ(losing("UPDATE users SET id = $1 WHERE id = $2"), (Names{"users", "orders", "lines"}));
  EXPECT_EQ(losing("TRUNCATE lines"), Names{"lines"});
  EXPECT_EQ(losing("DELETE FROM logs_1"), (Names{"logs", "logs_1"}));
  EXPECT_EQ(losing("SELECT tools.\"Tidy\"($1)").size(), 5U);
  EXPECT_EQ(losing("SELECT lower(name) FROM users WHERE id = $1"), Names{});
  EXPECT_EQ(losing("DO $$ BEGIN PERFORM 1; END $$").size(), 5U);
}

}  // namespace
}  // namespace midflight::backends
