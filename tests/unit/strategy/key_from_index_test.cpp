#include <gtest/gtest.h>

#include "sim/rules/rules.h"
#include "tests/unit/strategy/builders.h"

// UNIQUE and PRIMARY KEY that come while writers go on.

namespace midflight::strategy::testing {
namespace {

constexpr const char* kSchema =
    "CREATE TABLE orders (id bigserial PRIMARY KEY, number bigint, note text);"
    "CREATE TABLE lines (order_id bigint, position integer NOT NULL, note text);"
    "CREATE TABLE parent (id bigint); CREATE TABLE heir (more text) INHERITS (parent);"
    "CREATE TABLE parted (id bigint, day date) PARTITION BY RANGE (day);";

Scenario under(const std::string& change) {
  Scenario s = scenario(change, kSchema);
  s.app.versions = {version("v1", {"INSERT INTO orders (note) VALUES ($1)"})};
  return s;
}

Proposal proposed(const std::string& change) { return propose(under(change), "key_from_index"); }
std::string plan_text(const std::string& change) { return text(proposed(change).plan); }

/// The steps that pass over rows while nobody may use the table.
std::string blocking_passes(const Proposal& proposal, const Scenario& s) {
  std::string out;
  Schema schema = s.schema;
  for (const Step& step : proposal.plan.steps) {
    for (const Statement& statement : std::get<SqlStep>(step.action).statements) {
      const Phase phase = rules::locks_and_work(statement, schema, s.database.dialect).phases.front();
      for (const Work& work : phase.work) {
        if (work.kind != WorkKind::Metadata && phase.locks.front().mode == LockMode::AccessExclusiveLock) out += step.id + " ";
      }
      for (const Operation& operation : statement.operations) EXPECT_EQ(apply(operation, schema), "");
    }
  }
  return out;
}

TEST(KeyFromIndex, BuildsTheIndexOfAUniqueConstraintUnderTheConstraintsName) {
  const Scenario s = under("ALTER TABLE orders ADD CONSTRAINT once UNIQUE (number, note)");
  const Proposal p = propose(s, "key_from_index");
  EXPECT_EQ(text(p.plan), "index: CREATE UNIQUE INDEX CONCURRENTLY once ON orders (number, note)\n"
                          "constraint: ALTER TABLE orders ADD CONSTRAINT once UNIQUE USING INDEX once\n");
  EXPECT_EQ(p.assumptions, std::vector<std::string>{"No two rows of orders are equal in (number, note) when the plan begins."});
  EXPECT_EQ(blocking_passes(p, s), "");
  EXPECT_NE(blocking_passes(propose(s, "naive"), s), "");
  EXPECT_EQ(names_text(propose_all(s)), "key_from_index naive");
}

TEST(KeyFromIndex, TakesTheNameThatTheServerWouldChoose) {
  Scenario s = under("ALTER TABLE orders ADD UNIQUE (note)");
  EXPECT_NE(text(propose(s, "key_from_index").plan).find("ADD CONSTRAINT orders_note_key UNIQUE USING INDEX orders_note_key\n"), std::string::npos);
  s.schema = sql::schema_from_sql(std::string(kSchema) + "CREATE INDEX orders_note_key ON lines (note);");
  EXPECT_NE(text(propose(s, "key_from_index").plan).find("ADD CONSTRAINT orders_note_key1 UNIQUE USING INDEX orders_note_key1\n"), std::string::npos);
}

TEST(KeyFromIndex, ProvesTheColumnsOfAPrimaryKeyThatMayBeNull) {
  const Scenario s = under("ALTER TABLE lines ADD PRIMARY KEY (order_id, position)");
  const Proposal p = propose(s, "key_from_index");
  EXPECT_EQ(text(p.plan),
            "not-null-check: ALTER TABLE lines ADD CONSTRAINT lines_order_id_not_null CHECK (order_id IS NOT NULL) NOT VALID\n"
            "validate: ALTER TABLE lines VALIDATE CONSTRAINT lines_order_id_not_null\n"
            "set-not-null: ALTER TABLE lines ALTER COLUMN order_id SET NOT NULL\n"
            "drop-check: ALTER TABLE lines DROP CONSTRAINT lines_order_id_not_null\n"
            "index: CREATE UNIQUE INDEX CONCURRENTLY lines_pkey ON lines (order_id, position)\n"
            "constraint: ALTER TABLE lines ADD CONSTRAINT lines_pkey PRIMARY KEY USING INDEX lines_pkey\n");
  EXPECT_EQ(blocking_passes(p, s), "");
  ASSERT_EQ(p.assumptions.size(), 2U);
  EXPECT_EQ(p.assumptions[1], "No row has a null in lines.order_id when the plan begins.");
}

TEST(KeyFromIndex, ProvesNothingTwice) {
  Scenario s = under("ALTER TABLE lines ADD PRIMARY KEY (order_id)");
  s.schema = sql::schema_from_sql(std::string(kSchema) + "ALTER TABLE lines ADD CHECK (order_id IS NOT NULL);");
  const Proposal p = propose(s, "key_from_index");
  EXPECT_EQ(p.plan.steps.size(), 2U);
  EXPECT_EQ(blocking_passes(p, s), "");
  s.database.dialect.version = 11;
  EXPECT_NE(propose(s, "key_from_index").why.find("before version 12"), std::string::npos);
}

TEST(KeyFromIndex, KeepsEveryClauseWhereItBelongs) {
  EXPECT_EQ(plan_text("ALTER TABLE orders ADD CONSTRAINT \"the key\" UNIQUE NULLS NOT DISTINCT (number) WITH (fillfactor = 70, deduplicate_items) "
                      "USING INDEX TABLESPACE fast NOT DEFERRABLE -- as ever"),
            "index: CREATE UNIQUE INDEX CONCURRENTLY \"the key\" ON orders (number) NULLS NOT DISTINCT "
            "WITH (fillfactor = 70, deduplicate_items) TABLESPACE fast\n"
            "constraint: ALTER TABLE orders ADD CONSTRAINT \"the key\" UNIQUE USING INDEX \"the key\" NOT DEFERRABLE\n");
}

TEST(KeyFromIndex, OfADeferrableConstraintIsNotDeferrableBeforeItIsThere) {
  const Proposal p = proposed("ALTER TABLE orders ADD CONSTRAINT once UNIQUE (number) DEFERRABLE INITIALLY DEFERRED");
  EXPECT_NE(text(p.plan).find("UNIQUE USING INDEX once DEFERRABLE INITIALLY DEFERRED\n"), std::string::npos);
  ASSERT_EQ(p.assumptions.size(), 2U);
  EXPECT_NE(p.assumptions[1].find("until then its index refuses equal rows at once"), std::string::npos);
}

TEST(KeyFromIndex, IsLeftOutWhereTheIndexIsThereAndOfChangesWithMoreParts) {
  Scenario s = under("ALTER TABLE orders ADD UNIQUE USING INDEX by_note");
  s.schema = sql::schema_from_sql(std::string(kSchema) + "CREATE UNIQUE INDEX by_note ON orders (note);");
  EXPECT_EQ(names_text(propose_all(s)), "naive");
  EXPECT_EQ(names_text(propose_all(under("ALTER TABLE orders ADD UNIQUE (note), ADD UNIQUE (number)"))), "naive");
}

TEST(KeyFromIndex, SaysWhyItIsRefused) {
  EXPECT_NE(proposed("ALTER TABLE orders ADD EXCLUDE USING btree (note WITH =)").why.find("takes no index that is there already"), std::string::npos);
  EXPECT_NE(proposed("ALTER TABLE parted ADD UNIQUE (id, day)").why.find("parted is partitioned"), std::string::npos);
  EXPECT_NE(proposed("ALTER TABLE orders ADD UNIQUE (number, note WITHOUT OVERLAPS)").why.find("WITHOUT OVERLAPS"), std::string::npos);
  EXPECT_NE(proposed("ALTER TABLE orders ADD UNIQUE (number) INCLUDE (note)").why.find("INCLUDE"), std::string::npos);
  EXPECT_NE(proposed("ALTER TABLE ONLY parent ADD PRIMARY KEY (id)").why.find("ONLY leaves out what inherits from parent"), std::string::npos);
  EXPECT_NE(proposed("ALTER TABLE IF EXISTS missing ADD UNIQUE (id)").why.find("no table missing"), std::string::npos);
  Scenario s = under("ALTER TABLE orders ADD UNIQUE (note)");
  s.database.dialect = {Engine::Sqlite, 340};
  EXPECT_NE(propose(s, "key_from_index").why.find("SQLite"), std::string::npos);
}

}  // namespace
}  // namespace midflight::strategy::testing
