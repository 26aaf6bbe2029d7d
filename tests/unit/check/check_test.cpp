#include "sim/check/check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "sim/check/examples.h"
#include "sim/sql/parse.h"

namespace midflight::check {
namespace {

Migration migration(const std::string& text, Wrapping wrapping = Wrapping::EachStatement) {
  return {"m.sql", "plain", "", wrapping, text, {}};
}

Options calm() {
  Options options;
  options.timeouts = {Duration::seconds(2), Duration::minutes(1), Duration::minutes(1)};
  return options;
}

std::vector<std::string> rules_of(const ScriptReport& report) {
  std::vector<std::string> out;
  for (const Finding& finding : report.findings) out.push_back(finding.rule);
  return out;
}

std::vector<std::string> found(const std::string& text, Wrapping wrapping = Wrapping::EachStatement) {
  return rules_of(Checker(calm()).check(migration(text, wrapping)));
}

using Ids = std::vector<std::string>;

TEST(Check, TableThatNobodyHasShownIsTakenToBeInUse) {
  EXPECT_EQ(found("CREATE INDEX i ON users (name);"), Ids{"index-not-concurrent"});
}

TEST(Check, TableOfTheSameFileNeedsNoWarning) {
  EXPECT_EQ(found("CREATE TABLE users (id int, name text); CREATE INDEX i ON users (name);"), Ids{});
}

TEST(Check, TableOfAnEarlierFileDoes) {
  Checker checker(calm());
  EXPECT_EQ(rules_of(checker.check(migration("CREATE TABLE users (id int, name text);"))), Ids{});
  EXPECT_EQ(rules_of(checker.check(migration("CREATE INDEX i ON users (name);"))), Ids{"index-not-concurrent"});
}

TEST(Check, ProofOfAnUnknownTableIsRemembered) {
  EXPECT_EQ(found("ALTER TABLE users ADD CONSTRAINT set CHECK (name IS NOT NULL) NOT VALID;\n"
                  "SELECT count(*) FROM users WHERE name IS NULL;\n"
                  "ALTER TABLE users VALIDATE CONSTRAINT set;\n"
                  "ALTER TABLE users ALTER COLUMN name SET NOT NULL;"),
            Ids{});
  EXPECT_EQ(found("ALTER TABLE users ALTER COLUMN name SET NOT NULL;"), (Ids{"set-not-null", "existing-rows-may-fail"}));
}

TEST(Check, StatementThatCannotBeReadSpoilsNothingElse) {
  EXPECT_EQ(found("ALTER TABLE users ADD COLUMM x int;\nCREATE INDEX i ON users (name);"),
            (Ids{"syntax-error", "index-not-concurrent"}));
}

TEST(Check, PlacesAreThoseOfTheFile) {
  const ScriptReport report = Checker(calm()).check(migration("-- first\n\n  CREATE INDEX i\n    ON users (name);\n"));
  ASSERT_EQ(report.findings.size(), 1U);
  const Span& where = report.findings[0].where;
  EXPECT_EQ(where.begin.text(), "m.sql:3:3");
  EXPECT_EQ(where.end_line, 4);
  EXPECT_EQ(where.end_column, 20);
}

TEST(Check, ToolsTransactionMakesConcurrentlyFail) {
  EXPECT_EQ(found("CREATE INDEX CONCURRENTLY i ON users (name);", Wrapping::OneTransaction), Ids{"concurrently-in-transaction"});
  EXPECT_EQ(found("CREATE INDEX CONCURRENTLY i ON users (name);", Wrapping::UnlessRefused), Ids{});
}

TEST(Check, OneStatementSentAloneIsNoTransaction) {
  EXPECT_EQ(found("CREATE INDEX CONCURRENTLY i ON users (name);", Wrapping::Implicit), Ids{});
  EXPECT_EQ(found("CREATE INDEX CONCURRENTLY i ON users (name); SELECT 1;", Wrapping::Implicit), Ids{"concurrently-in-transaction"});
}

TEST(Check, TableOfTheTransactionMayBeSharedWhatItRefersToMayNot) {
  Options options = calm();
  options.timeouts.lock.reset();
  const ScriptReport report =
      Checker(options).check(migration("CREATE TABLE orders (id int PRIMARY KEY REFERENCES users (id));"));
  EXPECT_EQ(rules_of(report), (Ids{"foreign-key-on-new-table", "no-lock-timeout"}));
  EXPECT_NE(report.findings[0].message.find("ShareRowExclusiveLock on users"), std::string::npos) << report.findings[0].message;
}

TEST(Check, CompleteSchemaTellsWhatDoesNotFit) {
  Options options = calm();
  options.schema = sql::schema_from_sql("CREATE TABLE users (id int);");
  options.schema_is_complete = true;
  Checker checker(options);
  const ScriptReport report = checker.check(migration("ALTER TABLE people ADD COLUMN x int;"));
  EXPECT_NE(std::find_if(report.findings.begin(), report.findings.end(), [](const Finding& f) { return f.rule == "does-not-fit"; }),
            report.findings.end());
}

TEST(Ignores, SilenceTheirRuleAtTheirStatementAlone) {
  const ScriptReport report = Checker(calm()).check(
      migration("-- midflight: ignore index-not-concurrent the table is empty\nCREATE INDEX i ON users (name);\nCREATE INDEX j ON users (age);"));
  ASSERT_EQ(rules_of(report), Ids{"index-not-concurrent"});
  EXPECT_EQ(report.findings[0].where.begin.line, 3);
  EXPECT_EQ(report.ignored, 1);
}

TEST(Ignores, OfTwoRulesMayStandBeforeOneStatement) {
  EXPECT_EQ(found("-- midflight: ignore set-not-null five rows\n-- midflight: ignore existing-rows-may-fail five rows\n"
                  "ALTER TABLE users ALTER COLUMN name SET NOT NULL;"),
            Ids{});
}

TEST(Ignores, ThatAreUnusedUnknownOrWithoutReasonAreSaid) {
  EXPECT_EQ(found("-- midflight: ignore drop-table because\nSELECT 1;"), Ids{"ignore-unused"});
  EXPECT_EQ(found("-- midflight: ignore drop-tabel because\nSELECT 1;"), Ids{"ignore-unknown"});
  EXPECT_EQ(found("-- midflight: ignore drop-table\nDROP TABLE users;"), (Ids{"drop-table", "ignore-without-reason"}));
}

/// One byte of a script replaced, one cut out, or two scripts joined in the middle.
std::string spoiled(const std::string& text, const std::string& other, std::mt19937& random) {
  std::string out = text;
  const std::size_t at = random() % out.size();
  switch (random() % 3) {
    case 0: out[at] = static_cast<char>(random() % 256); break;
    case 1: out.erase(at, 1 + random() % 5); break;
    default: out = out.substr(0, at) + other.substr(random() % other.size());
  }
  return out;
}

TEST(Check, SpoiledScriptsAreLookedAtToTheirEnd) {
  constexpr unsigned kSeed = 20240607;
  std::mt19937 random(kSeed);
  std::vector<std::string> scripts;
  for (const Rule& rule : rules()) scripts.emplace_back(rule.good);
  for (int i = 0; i < 3000; ++i) {
    const std::string text = spoiled(scripts[random() % scripts.size()], scripts[random() % scripts.size()], random);
    const ScriptReport report = Checker(calm()).check(migration(text + "\n;\nSELECT 'end';"));
    ASSERT_FALSE(report.statements.empty() && report.findings.empty()) << text;
  }
}

TEST(Check, TenThousandStatementsOfOneFileAreLookedAtOnce) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "INSERT INTO users (id, name) VALUES (" + std::to_string(i) + ", 'x');\n";
  EXPECT_EQ(Checker(calm()).check(migration(text)).statements.size(), 10'000U);
}

}  // namespace
}  // namespace midflight::check
