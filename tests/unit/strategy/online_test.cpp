#include <gtest/gtest.h>

#include "sim/rules/rules.h"
#include "tests/unit/strategy/builders.h"

// Indexes and constraints that come while writers go on.

namespace midflight::strategy::testing {
namespace {

constexpr const char* kOrders =
    "CREATE TABLE customers (id bigint PRIMARY KEY);"
    "CREATE TABLE orders (id bigserial PRIMARY KEY, customer_id bigint, note text);"
    "CREATE TABLE parted (id bigint, day date) PARTITION BY RANGE (day);";

Scenario orders(const std::string& change) {
  Scenario s = scenario(change, kOrders);
  s.app.versions = {version("v1", {"INSERT INTO orders (note) VALUES ($1)"})};
  return s;
}

const char* const kIndex = "CREATE UNIQUE INDEX IF NOT EXISTS by_note ON orders (note) WHERE note <> 'index'";
const char* const kForeignKey = "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers DEFERRABLE";

/// The locks of each step on orders, and whether it passes over the rows.
std::string locks_text(const Proposal& proposal, const Scenario& s) {
  std::string out;
  Schema schema = s.schema;
  for (const Step& step : proposal.plan.steps) {
    for (const Statement& statement : std::get<SqlStep>(step.action).statements) {
      const Phase phase = rules::locks_and_work(statement, schema, s.database.dialect).phases.front();
      out += step.id + ": " + std::string(lock_mode_name(phase.locks.front().mode)) + (phase.work.front().kind == WorkKind::Metadata ? "" : ", rows") + "\n";
      for (const Operation& operation : statement.operations) EXPECT_EQ(apply(operation, schema), "");
    }
  }
  return out;
}

TEST(ConcurrentIndex, IsTheSameIndexBuiltBesideWriters) {
  const Proposal p = propose(orders(kIndex), "concurrent_index");
  EXPECT_EQ(text(p.plan), "index: CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS by_note ON orders (note) WHERE note <> 'index'\n");
  EXPECT_EQ(versions_text(p), "v1");
  ASSERT_EQ(p.assumptions.size(), 1U);
  EXPECT_NE(p.assumptions[0].find("No two rows of orders"), std::string::npos);
  EXPECT_EQ(names_text(propose_all(orders(kIndex))), "concurrent_index naive");
}

TEST(ConcurrentIndex, IsLeftOutWhereTheChangeIsConcurrentAlready) {
  EXPECT_EQ(names_text(propose_all(orders("CREATE INDEX CONCURRENTLY by_note ON orders (note)"))), "naive");
}

TEST(ConcurrentIndex, IsRefusedWhereTheDatabaseRefusesIt) {
  EXPECT_NE(propose(orders("CREATE INDEX by_day ON parted (day)"), "concurrent_index").why.find("cannot create index on partitioned table"),
            std::string::npos);
  Scenario s = orders(kIndex);
  s.database.dialect = {Engine::Sqlite, 340};
  EXPECT_NE(propose(s, "concurrent_index").why.find("SQLite"), std::string::npos);
}

TEST(ValidateLater, ReadsTheRowsUnderTheWeakLockOnly) {
  const Scenario s = orders(kForeignKey);
  const Proposal p = propose(s, "validate_later");
  EXPECT_EQ(text(p.plan), std::string("add: ") + kForeignKey + " NOT VALID\nvalidate: ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey\n");
  EXPECT_EQ(locks_text(p, s), "add: ShareRowExclusiveLock\nvalidate: ShareUpdateExclusiveLock, rows\n");
  EXPECT_EQ(p.assumptions, std::vector<std::string>{"Every row of orders that names a row of customers finds it when the plan begins."});
  EXPECT_EQ(names_text(propose_all(s)), "validate_later naive");
}

TEST(ValidateLater, TakesAnUnnamedCheckToo) {
  const Scenario s = orders("ALTER TABLE orders ADD CHECK (note <> '')");
  const Proposal p = propose(s, "validate_later");
  EXPECT_EQ(text(p.plan), "add: ALTER TABLE orders ADD CHECK (note <> '') NOT VALID\nvalidate: ALTER TABLE orders VALIDATE CONSTRAINT orders_note_check\n");
  EXPECT_EQ(locks_text(p, s), "add: AccessExclusiveLock\nvalidate: ShareUpdateExclusiveLock, rows\n");
}

TEST(ValidateLater, SaysNotValidInFrontOfACommentThatEndsTheChange) {
  const Scenario s = orders("ALTER TABLE orders ADD CHECK (note <> '') -- why");
  EXPECT_EQ(text(propose(s, "validate_later").plan),
            "add: ALTER TABLE orders ADD CHECK (note <> '') NOT VALID -- why\nvalidate: ALTER TABLE orders VALIDATE CONSTRAINT orders_note_check\n");
  EXPECT_EQ(locks_text(propose(s, "validate_later"), s), "add: AccessExclusiveLock\nvalidate: ShareUpdateExclusiveLock, rows\n");
}

TEST(ValidateLater, DeploysTheReleaseThatIsListed) {
  Scenario s = orders(kForeignKey);
  s.app.versions.push_back(version("v2", {"SELECT note FROM orders WHERE id = $1"}));
  EXPECT_NE(text(propose(s, "validate_later").plan).find("deploy: deploy v2"), std::string::npos);
}

TEST(ValidateLater, IsLeftOutOfWhatReadsNoRowsAndRefusedWhereNotValidIs) {
  EXPECT_EQ(names_text(propose_all(orders(std::string(kForeignKey) + " NOT VALID"))), "naive");
  Scenario s = orders("ALTER TABLE parted ADD FOREIGN KEY (id) REFERENCES customers");
  EXPECT_NE(propose(s, "validate_later").why.find("before version 18"), std::string::npos);
  s.database.dialect.version = 18;
  EXPECT_FALSE(propose(s, "validate_later").refused);
  s.database.dialect = {Engine::Sqlite, 340};
  EXPECT_NE(propose(s, "validate_later").why.find("NOT VALID"), std::string::npos);
}

}  // namespace
}  // namespace midflight::strategy::testing
