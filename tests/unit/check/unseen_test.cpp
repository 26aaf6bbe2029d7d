#include <gtest/gtest.h>

#include <algorithm>

#include "sim/check/check.h"
#include "sim/sql/parse.h"

// What is said of tables that nobody has shown, and of statements that the server refuses.

namespace midflight::check {
namespace {

using Ids = std::vector<std::string>;

std::vector<Finding> findings(const std::string& text, Wrapping wrapping = Wrapping::EachStatement) {
  Options options;
  options.timeouts = {Duration::seconds(2), Duration::minutes(1), Duration::minutes(1)};
  return Checker(options).check({"m.sql", "plain", "", wrapping, text, {}}).findings;
}

Ids found(const std::string& text, Wrapping wrapping = Wrapping::EachStatement) {
  Ids out;
  for (const Finding& finding : findings(text, wrapping)) out.push_back(finding.rule);
  return out;
}

TEST(Unseen, RowsOfATableThatNobodyHasShownAreChangedAllTheSame) {
  EXPECT_EQ(found("UPDATE users SET a = 1;"), Ids{"update-all-rows"});
  EXPECT_EQ(found("DELETE FROM users WHERE state = 'old';"), Ids{"delete-all-rows"});
}

TEST(Unseen, ColumnCalledIdIsLikelyTheKey) {
  EXPECT_EQ(found("UPDATE users SET a = 1 WHERE id = 5;"), Ids{});
  EXPECT_EQ(found("CREATE TABLE users (id int, a int); INSERT INTO users (id) VALUES (1);\nUPDATE users SET a = 1 WHERE id = 5;"),
            Ids{"update-all-rows"});
}

TEST(Unseen, MergeChangesTheRowsThatItsSourceFinds) {
  const std::string merge = "MERGE INTO orders o USING incoming i ON o.id = i.id WHEN MATCHED THEN ";
  EXPECT_EQ(found(merge + "UPDATE SET a = i.a;"), Ids{"update-all-rows"});
  EXPECT_EQ(found(merge + "DELETE;"), Ids{"delete-all-rows"});
  EXPECT_EQ(found("MERGE INTO orders o USING incoming i ON o.id = i.id WHEN NOT MATCHED THEN INSERT (id) VALUES (i.id);"), Ids{});
  EXPECT_EQ(found("MERGE INTO orders o USING (VALUES (1)) i(id) ON o.id = i.id WHEN MATCHED THEN DELETE;"), Ids{});
}

TEST(Unseen, QueryOfAMaterializedViewReadsItsTable) {
  Options options;
  const ScriptReport report = Checker(options).check({"m.sql", "plain", "", Wrapping::EachStatement, "CREATE MATERIALIZED VIEW m AS SELECT 1 FROM r;", {}});
  ASSERT_EQ(report.statements.size(), 1U);
  const std::vector<Work>& work = report.statements[0].work.phases.at(0).work;
  EXPECT_NE(std::find(work.begin(), work.end(), Work{WorkKind::Scan, "r"}), work.end());
}

TEST(Unseen, WhatWasTakenForATableMayTurnOutToBeAView) {
  EXPECT_EQ(found("SELECT * FROM v; DROP VIEW v; CREATE VIEW v AS SELECT 1;"), Ids{});
  EXPECT_EQ(found("SELECT * FROM v; CREATE OR REPLACE VIEW v AS SELECT 1;"), Ids{});
}

TEST(Refused, IdentityNeedsAColumnThatIsNotNull) {
  const std::string add = "ALTER TABLE t ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY;";
  EXPECT_EQ(found("CREATE TABLE t (n bigint); " + add), Ids{"does-not-fit"});
  EXPECT_EQ(found("CREATE TABLE t (n bigint NOT NULL); " + add), Ids{});
  EXPECT_EQ(found(add), Ids{}) << "nobody has shown the column";
}

TEST(Refused, StatementHasNoOtherFinding) {
  EXPECT_EQ(found("CREATE TABLE t (v text); COMMIT; INSERT INTO t (v) VALUES (1);\nALTER TABLE t ALTER COLUMN v TYPE int;"),
            (Ids{"unbalanced-transaction", "does-not-fit"}));
  EXPECT_EQ(found("CREATE UNIQUE INDEX CONCURRENTLY i ON users (name);", Wrapping::OneTransaction), Ids{"concurrently-in-transaction"});
}

TEST(Refused, KeyOnAColumnOfTheSameStatementIsNotAdvisedToUseAnIndexAtOnce) {
  const auto all = findings("ALTER TABLE orders ADD COLUMN n bigint NOT NULL DEFAULT 1, ADD PRIMARY KEY (n);");
  const auto key = std::find_if(all.begin(), all.end(), [](const Finding& f) { return f.rule == "primary-key-not-using-index"; });
  ASSERT_NE(key, all.end());
  EXPECT_TRUE(key->instead.starts_with("-- the columns first, without the key:\nALTER TABLE orders ADD COLUMN n ...;")) << key->instead;
}

TEST(Refused, NewValueOfATypeThatIsNewItselfIsNot) {
  const std::string use = "ALTER TYPE mood ADD VALUE 'fine'; SELECT 'fine'::mood; COMMIT;";
  EXPECT_EQ(found("BEGIN; CREATE TYPE mood AS ENUM ('bad'); " + use), Ids{});
  EXPECT_EQ(found("BEGIN; " + use), Ids{"enum-value-used-in-transaction"});
}

/// Findings and counts, with as little kept as can be.
ScriptReport brief(const std::string& text) {
  Options options;
  options.list_all = false;
  return Checker(options).check({"m.sql", "plain", "", Wrapping::EachStatement, text, {}});
}

TEST(Brief, RowsThatFollowEachOtherAreCountedAndForgotten) {
  std::string text = "CREATE TABLE t (id bigint);\n";
  for (int i = 0; i < 100; ++i) text += "INSERT INTO t (id) VALUES (" + std::to_string(i) + ");\n";
  const ScriptReport report = brief(text);
  EXPECT_EQ(report.statements.size(), 2U);
  EXPECT_EQ(report.unlisted, 99);
  EXPECT_EQ(report.text, text);
}

TEST(Brief, FindingsAndTheirPlacesAreTheSame) {
  const std::string text = "INSERT INTO tickets (id) VALUES (1);\nINSERT INTO tickets (id) VALUES (2);\nINSERT INTO tickets VALUES (3);\n"
                           "BEGIN;\nUPDATE tickets SET a = 1;\nUPDATE tickets SET a = 2;\nALTER TABLE tickets RENAME TO cards;\nROLLBACK;\nCOMMIT;";
  const auto all = Checker(Options()).check({"m.sql", "plain", "", Wrapping::EachStatement, text, {}}).findings;
  const auto few = brief(text).findings;
  ASSERT_EQ(few.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(few[i].rule, all[i].rule);
    EXPECT_EQ(few[i].where.begin.line, all[i].where.begin.line) << all[i].rule;
  }
}

TEST(Psql, LinesThatOnlyShowAreNotesAndFilesThatAreReadAreNot) {
  for (const char* line : {"\\echo done\n", "\\timing\n", "\\set ON_ERROR_STOP on\n", "\\pset pager off\n", "\\x\n"}) {
    const auto all = findings(line);
    ASSERT_EQ(all.size(), 1U) << line;
    EXPECT_EQ(all[0].severity, Severity::Note) << line;
  }
  EXPECT_EQ(findings("\\i other.sql\n").at(0).severity, Severity::Caution);
}

}  // namespace
}  // namespace midflight::check
