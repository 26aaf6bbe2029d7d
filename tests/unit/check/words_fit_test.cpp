#include <gtest/gtest.h>

#include "sim/check/check.h"
#include "sim/sql/parse.h"

// What a finding says fits the statement it stands at, and is said once.

namespace midflight::check {
namespace {

ScriptReport checked(const std::string& text, Wrapping wrapping = Wrapping::EachStatement) {
  Options options;
  options.schema = sql::schema_from_sql(
      "CREATE TABLE items (id int PRIMARY KEY, name varchar(50), note text, price numeric(10, 4), count bigint, kind text DEFAULT 'plain');");
  options.schema_is_complete = true;
  options.timeouts.lock = Duration::seconds(2);
  return Checker(options).check({"m.sql", "plain", "", wrapping, text, {}});
}

std::string told(const std::string& rule, const std::string& text) {
  for (const Finding& finding : checked(text).findings) {
    if (finding.rule == rule) return finding.message;
  }
  return "not found";
}

std::vector<int> lines_of(const std::string& rule, const ScriptReport& report) {
  std::vector<int> out;
  for (const Finding& finding : report.findings) {
    if (finding.rule == rule) out.push_back(finding.where.begin.line);
  }
  return out;
}

constexpr const char* kTwoTransactions =
    "BEGIN;\nALTER TABLE items ADD COLUMN a int;\nALTER TABLE items ADD COLUMN b int;\nCOMMIT;\n"
    "BEGIN;\nALTER TABLE items ADD COLUMN c int;\nALTER TABLE items ADD COLUMN d int;\nCOMMIT;\n";

TEST(WordsThatFit, IdleTransactionIsSaidOnceOfAScript) {
  EXPECT_EQ(lines_of("no-idle-in-transaction-timeout", checked(kTwoTransactions)), std::vector<int>{2});
}

TEST(WordsThatFit, IdleTransactionMattersWhereSomethingFollowsUnderTheLock) {
  EXPECT_EQ(told("no-idle-in-transaction-timeout", "BEGIN;\nALTER TABLE items ADD COLUMN a int;\nCOMMIT;\n"), "not found");
  EXPECT_EQ(told("no-idle-in-transaction-timeout", "BEGIN;\nCREATE TABLE other (id int);\nALTER TABLE other ADD COLUMN a int;\nCOMMIT;\n"), "not found");
  EXPECT_EQ(lines_of("no-idle-in-transaction-timeout", checked("ALTER TABLE items ADD COLUMN a int;\nSELECT 1;", Wrapping::OneTransaction)),
            std::vector<int>{});
}

std::vector<int> in_flyway(const std::string& rule, const std::string& text) {
  return lines_of(rule, Checker({}).check({"V1__a.sql", "flyway", "1", Wrapping::UnlessRefused, text, {}}));
}

TEST(WordsThatFit, FlywayTakesConcurrentBuildsAloneAndWaitsForNone) {
  const std::string build = "CREATE UNIQUE INDEX CONCURRENTLY i ON items (name);\n";
  EXPECT_EQ(in_flyway("flyway-mixed", "SET lock_timeout = 0;\n" + build), std::vector<int>{2});
  EXPECT_EQ(in_flyway("flyway-mixed", build + "DROP INDEX CONCURRENTLY j;\nVACUUM items;\n"), std::vector<int>{});
  EXPECT_EQ(in_flyway("flyway-mixed", "SELECT 1;\nALTER TABLE items ADD COLUMN a int;\n"), std::vector<int>{});
  EXPECT_EQ(in_flyway("flyway-lock", "DROP INDEX CONCURRENTLY j;\n" + build + build), std::vector<int>{2});
  EXPECT_EQ(lines_of("flyway-lock", checked(build)), std::vector<int>{});
}

TEST(WordsThatFit, IdleTransactionNamesTheTableAndNotItsIndexes) {
  EXPECT_NE(told("no-idle-in-transaction-timeout", "CREATE INDEX i ON items (name);\nBEGIN;\nDROP INDEX i;\nSELECT 1;\nCOMMIT;\n")
                .find("between here and COMMIT, items stays locked"), std::string::npos);
}

TEST(WordsThatFit, NarrowerTextFailsAndLosesNothing) {
  EXPECT_EQ(told("narrower-type", "ALTER TABLE items ALTER COLUMN name TYPE varchar(20);"),
            "A value of items.name with more than 20 characters makes the migration fail (22001), unless all behind them is spaces. What running "
            "versions write has to fit from then on, too.");
}

TEST(WordsThatFit, NarrowerIntegerFails) {
  EXPECT_NE(told("narrower-type", "ALTER TABLE items ALTER COLUMN count TYPE integer;").find("A value of items.count that is too large for integer"),
            std::string::npos);
}

TEST(WordsThatFit, NumericIsRoundedBehindThePointAndFailsBeforeIt) {
  const std::string rounded = "Values of items.price are rounded to 2 digits behind the point, for good. ";
  EXPECT_EQ(told("narrower-type", "ALTER TABLE items ALTER COLUMN price TYPE numeric(8, 2);"), rounded + "What running versions write has to fit from then on, too.");
  EXPECT_NE(told("narrower-type", "ALTER TABLE items ALTER COLUMN price TYPE numeric(6, 2);")
                .find(rounded + "A value with more than 4 digits before the point makes the migration fail (22003)."), std::string::npos);
  EXPECT_NE(told("narrower-type", "ALTER TABLE items ALTER COLUMN price TYPE numeric(8, 4);")
                .find("A value of items.price with more than 4 digits before the point"), std::string::npos);
}

TEST(WordsThatFit, NotNullTellsWhoFailsFromThenOn) {
  EXPECT_NE(told("set-not-null", "ALTER TABLE items ALTER COLUMN note SET NOT NULL;")
                .find("Running versions that store null in items.note, or leave it out of an INSERT, fail from then on (23502)."), std::string::npos);
  EXPECT_NE(told("set-not-null", "ALTER TABLE items ALTER COLUMN kind SET NOT NULL;")
                .find("Running versions that store null in items.kind fail from then on (23502)."), std::string::npos);
}

}  // namespace
}  // namespace midflight::check
