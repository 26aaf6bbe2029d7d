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
  EXPECT_EQ(found("CREATE INDEX CONCURRENTLY i ON users (name);", Wrapping::UnlessRefused), Ids{"lock-timeout-ends-build"});
}

TEST(Check, OneStatementSentAloneIsNoTransaction) {
  EXPECT_EQ(found("CREATE INDEX CONCURRENTLY i ON users (name);", Wrapping::Implicit), Ids{"lock-timeout-ends-build"});
  EXPECT_EQ(found("CREATE INDEX CONCURRENTLY i ON users (name); SELECT 1;", Wrapping::Implicit), Ids{"concurrently-in-transaction"});
}

TEST(Check, TableOfTheTransactionMayBeSharedWhatItRefersToMayNot) {
  Options options = calm();
  options.timeouts.lock.reset();
  const ScriptReport report =
      Checker(options).check(migration("CREATE TABLE orders (id int PRIMARY KEY REFERENCES users (id));"));
  EXPECT_EQ(rules_of(report), Ids{"foreign-key-on-new-table"});
  EXPECT_NE(report.findings[0].message.find("ShareRowExclusiveLock on users"), std::string::npos) << report.findings[0].message;
}

TEST(Check, IfNotExistsMakesATableUnlessItIsThere) {
  const std::string script = "CREATE TABLE IF NOT EXISTS audit (id int);\nCREATE INDEX audit_id ON audit (id);";
  Checker checker(calm());
  EXPECT_EQ(rules_of(checker.check(migration(script))), Ids{});
  EXPECT_EQ(rules_of(checker.check(migration("CREATE TABLE IF NOT EXISTS audit (id int);\nCREATE INDEX audit_again ON audit (id);"))),
            Ids{"index-not-concurrent"});
}

TEST(Check, InsertIsAdvisedToNameTheColumnsItFills) {
  Checker checker(calm());
  checker.check(migration("CREATE TABLE a (x int, y int, z int);\nCREATE TABLE b (x int, y int);"));
  const auto instead = [&](const std::string& script) { return checker.check(migration(script)).findings.at(0).instead; };
  EXPECT_EQ(instead("INSERT INTO a VALUES (2 * 3, greatest(1, 2)), (3, 4);"), "INSERT INTO a (x, y) VALUES (2 * 3, greatest(1, 2)), (3, 4);");
  EXPECT_EQ(instead("INSERT INTO a SELECT x, y FROM b WHERE x IN (1, 2);"), "INSERT INTO a (x, y) SELECT x, y FROM b WHERE x IN (1, 2);");
  EXPECT_EQ(instead("INSERT INTO a SELECT * FROM b;"), "INSERT INTO a (x, y, z) SELECT * FROM b;");
}

TEST(Check, WhatIsMadeTwiceFails) {
  const auto last = [](const std::string& script) {
    const ScriptReport report = Checker(calm()).check(migration(script));
    return report.findings.empty() ? "" : report.findings.back().message;
  };
  const std::string made = "CREATE TABLE t (id int PRIMARY KEY, a int);\nCREATE INDEX i ON t (a);\n";
  EXPECT_EQ(last(made + "ALTER TABLE t ADD COLUMN a int;"), "The migration fails here: column \"a\" of relation \"t\" already exists.");
  EXPECT_EQ(last(made + "CREATE INDEX i ON t (id);"), "The migration fails here: relation \"i\" already exists.");
  EXPECT_EQ(last(made + "ALTER TABLE t ADD PRIMARY KEY (a);"), "The migration fails here: multiple primary keys for table \"t\" are not allowed.");
}

// The scripts may not be all that has happened to the table.
TEST(Check, WhatMayHaveGoneMayBeMadeAgain) {
  const auto rules = [](const std::string& script) { return rules_of(Checker(calm()).check(migration(script))); };
  const std::string again = "ALTER TABLE t ADD COLUMN a int;";
  EXPECT_EQ(rules("UPDATE t SET a = 1 WHERE id = 1;\n" + again), Ids{});
  EXPECT_EQ(rules("CREATE TABLE t (id int, a int);\nDO $$ BEGIN NULL; END $$;\n" + again), Ids{"not-understood"});
  EXPECT_EQ(rules("CREATE TABLE t (id int);\nBEGIN;\n" + again + "\nROLLBACK;\n" + again), Ids{});
  EXPECT_EQ(rules("CREATE TABLE t (id int, a int);\nCREATE TABLE t (id int);\n" + again), Ids{});
}

TEST(Check, MaterializedViewIsWrittenByNobody) {
  EXPECT_EQ(rules_of(Checker(calm()).check(migration("CREATE TABLE t (a int);\nCREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;\n"
                                                     "CREATE INDEX ON m (a);"))), Ids{});
}

TEST(Check, ObjectThatIsMadeAnewIsNotGone) {
  const auto rules = [](const std::string& script) { return rules_of(Checker(calm()).check(migration(script))); };
  EXPECT_EQ(rules("DROP FUNCTION f(int);\nCREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"), Ids{});
  EXPECT_EQ(rules("DROP FUNCTION f(int);"), Ids{"drop-object"});
  EXPECT_EQ(rules("CREATE TYPE a AS ENUM ('x');\nALTER TYPE a RENAME TO b;"), Ids{});
  EXPECT_EQ(rules("ALTER DOMAIN a RENAME TO b;"), Ids{"rename-object"});
  EXPECT_EQ(rules("ALTER TYPE a RENAME VALUE 'x' TO 'y';"), Ids{"enum-value-renamed"});
}

TEST(Check, PassOverAnEmptyTableIsNone) {
  const auto rules = [](const std::string& script) { return rules_of(Checker(calm()).check(migration(script))); };
  const std::string made = "CREATE TABLE t (id int);\n", filled = "INSERT INTO t (id) VALUES (1);\n";
  const std::string first = "ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid();\n", second = "ALTER TABLE t ADD COLUMN b float DEFAULT random();";
  EXPECT_EQ(rules(made + first + filled + second), Ids{"volatile-default"});
  EXPECT_EQ(rules(made + filled + first + second), (Ids{"volatile-default", "volatile-default", "several-passes"}));
}

TEST(Check, TemporaryTableEndsWithItsFile) {
  Checker checker(calm());
  checker.check(migration("CREATE TEMPORARY TABLE scratch (id int);\nCREATE TEMPORARY VIEW seen AS SELECT id FROM scratch;"));
  EXPECT_EQ(checker.schema().table("scratch"), nullptr);
  EXPECT_EQ(checker.schema().view("seen"), nullptr);
  EXPECT_EQ(rules_of(checker.check(migration("CREATE TABLE scratch (id int);\nCREATE INDEX ON scratch (id);"))), Ids{});
}

TEST(Check, WhatStandsInTheWayIsNamed) {
  Checker checker(calm());
  checker.check(migration("CREATE TABLE a (id int PRIMARY KEY, v text);\nCREATE TABLE b (a_id int REFERENCES a);\nCREATE INDEX ON b (a_id);\n"
                          "CREATE VIEW w AS SELECT v FROM a;"));
  const auto only = [&](const std::string& script) {
    const ScriptReport report = checker.check(migration(script));
    return report.findings.size() == 1 ? report.findings[0].message : std::to_string(report.findings.size());
  };
  EXPECT_EQ(only("DROP TABLE a;"), "The migration fails here: cannot drop table a because other objects depend on it: the view w and the "
                                   "foreign key b_a_id_fkey of b.");
  EXPECT_EQ(only("ALTER TABLE a ALTER COLUMN v TYPE varchar(9);"),
            "The migration fails here: cannot alter type of a column used by a view or rule: the view w.");
  EXPECT_EQ(only("ALTER TABLE a DROP CONSTRAINT a_pkey;"),
            "The migration fails here: cannot drop constraint a_pkey on table a because other objects depend on it: the foreign key "
            "b_a_id_fkey of b.");
}

TEST(Check, CascadeNamesWhatGoesAlong) {
  Checker checker(calm());
  checker.check(migration("CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a_id int REFERENCES a);\nCREATE INDEX ON b (a_id);\n"
                          "CREATE VIEW v AS SELECT id FROM a;\nCREATE VIEW w AS SELECT id FROM v;"));
  const auto first = [&](const std::string& script) {
    for (const Finding& finding : checker.check(migration(script)).findings) {
      if (finding.rule == "drop-cascade") return finding.message;
    }
    return std::string("none");
  };
  EXPECT_EQ(first("DROP VIEW v CASCADE;"), "CASCADE: drops the view w too, under AccessExclusiveLock.");
  EXPECT_EQ(first("ALTER TABLE a DROP CONSTRAINT a_pkey CASCADE, ADD CONSTRAINT a_pkey PRIMARY KEY (id);"),
            "CASCADE: drops the foreign key b_a_id_fkey of b too, under AccessExclusiveLock.");
}

TEST(Check, ColumnOfADomainOrWithAForeignKeyComesInSteps) {
  Checker checker(calm());
  checker.check(migration("CREATE DOMAIN nick AS text CHECK (VALUE <> '');\nCREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int);"));
  const auto instead = [&](const std::string& script) {
    for (const Finding& finding : checker.check(migration(script)).findings) {
      if (finding.rule == "long-work-under-lock") return finding.instead;
    }
    return std::string("none");
  };
  EXPECT_EQ(instead("ALTER TABLE b ADD COLUMN n nick;"),
            "ALTER TABLE b ADD COLUMN n text;\n-- then the conditions of nick as a CHECK, as check-validated says");
  EXPECT_EQ(instead("ALTER TABLE b ADD COLUMN a_id int DEFAULT 1 REFERENCES a (id);"),
            "ALTER TABLE b ADD COLUMN a_id integer DEFAULT 1;\nALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id) NOT VALID;\n"
            "-- then, in a transaction of its own:\nALTER TABLE b VALIDATE CONSTRAINT b_a_id_fkey;");
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

bool contains(const Ids& all, const std::string& one) { return std::find(all.begin(), all.end(), one) != all.end(); }

TEST(Check, AMissingSchemaIsToldWhereAllOfThemAreKnown) {
  const std::string sql = "CREATE TABLE audit.log (id int);";
  Options options = calm();
  EXPECT_FALSE(contains(rules_of(Checker(options).check(migration(sql))), "does-not-fit"));
  options.schema_is_complete = true;
  EXPECT_TRUE(contains(rules_of(Checker(options).check(migration(sql))), "does-not-fit"));
  EXPECT_FALSE(contains(rules_of(Checker(options).check(migration("CREATE SCHEMA audit; " + sql))), "does-not-fit"));
}

std::string instead_of(const std::string& rule, const std::string& text) {
  Options options = calm();
  options.schema = sql::schema_from_sql("CREATE TABLE t (id int PRIMARY KEY, a int, b int, email varchar(10));\n"
                                        "CREATE TABLE s (id int PRIMARY KEY);\nCREATE TABLE app.\"Log\" (\"Id\" int);\n"
                                        "CREATE TYPE \"Role\" AS ENUM ('a');");
  for (const Finding& finding : Checker(options).check(migration(text)).findings) {
    if (finding.rule == rule) return finding.instead;
  }
  return "not found";
}

constexpr const char* kBatch = "-- a thousand rows at a time, a transaction and a pause for each:\n";

TEST(Check, BatchKeepsTheConditionOfTheStatement) {
  EXPECT_EQ(instead_of("update-all-rows", "UPDATE t SET a = 1 WHERE a = 2 OR b = 3;"),
            std::string(kBatch) + "UPDATE t SET a = 1 WHERE (a = 2 OR b = 3) AND id BETWEEN ... AND ...;");
  EXPECT_EQ(instead_of("update-all-rows", "UPDATE t SET a = (SELECT 1 FROM s WHERE s.id = t.id);"),
            std::string(kBatch) + "UPDATE t SET a = (SELECT 1 FROM s WHERE s.id = t.id) WHERE t.id BETWEEN ... AND ...;");
  EXPECT_EQ(instead_of("delete-all-rows", "DELETE FROM t AS x USING s WHERE s.id = x.id;"),
            std::string(kBatch) + "DELETE FROM t AS x USING s WHERE s.id = x.id AND x.id BETWEEN ... AND ...;");
}

TEST(Check, AdviceQuotesNamesAndStaysInTheirSchema) {
  const std::string serial = instead_of("serial-column-added", "ALTER TABLE app.\"Log\" ADD COLUMN n serial;");
  EXPECT_NE(serial.find("CREATE SEQUENCE app.\"Log_n_seq\" OWNED BY app.\"Log\".n;"), std::string::npos) << serial;
  EXPECT_NE(serial.find("SET n = nextval('app.\"Log_n_seq\"')"), std::string::npos) << serial;
  const std::string type = instead_of("column-type-rewrite", "ALTER TABLE t ALTER COLUMN a TYPE \"Role\" USING a::text::\"Role\";");
  EXPECT_NE(type.find("ADD COLUMN a_new \"Role\";"), std::string::npos) << type;
}

TEST(Check, DuplicatesOfAnExpressionAreCountedByIt) {
  EXPECT_EQ(instead_of("existing-rows-may-fail", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (lower(email), a);"),
            "-- look before:\nSELECT lower(email), a, count(*) FROM t GROUP BY lower(email), a HAVING count(*) > 1;");
}

TEST(Check, AdviceIsNotItselfFound) {
  EXPECT_EQ(instead_of("index-not-concurrent", "CREATE INDEX IF NOT EXISTS i ON t (a);"),
            "DROP INDEX CONCURRENTLY IF EXISTS i;  -- what a failed try has left\nCREATE INDEX CONCURRENTLY i ON t (a);");
  EXPECT_EQ(instead_of("filled-by-one-query", "CREATE MATERIALIZED VIEW m AS SELECT id FROM t WITH DATA;"),
            "CREATE MATERIALIZED VIEW m AS SELECT id FROM t WITH NO DATA;\n-- then, at a quiet time:\nREFRESH MATERIALIZED VIEW m;");
}

TEST(Check, WhatStandsInTheWayIsFoundWithoutASchema) {
  Checker checker(calm());
  checker.check(migration("CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED);"));
  const std::vector<std::string> rules = rules_of(checker.check(migration("ALTER TABLE t ALTER COLUMN a TYPE bigint;")));
  EXPECT_EQ(std::count(rules.begin(), rules.end(), "does-not-fit"), 1);
}

TEST(Check, TypeChangeIsNotBlamedForTheScanOfAnotherPart) {
  const std::vector<std::string> rules = found("CREATE TABLE u (a int); SELECT 1 FROM t;\n"
                                               "ALTER TABLE t ALTER COLUMN email TYPE varchar(90), ADD CONSTRAINT c CHECK (a > 0);");
  EXPECT_EQ(std::count(rules.begin(), rules.end(), "column-type-scan"), 0);
}

TEST(Check, TableThatCannotBeCreatedAgainStaysInUse) {
  Options options = calm();
  options.schema = sql::schema_from_sql("CREATE TABLE t (a int);");
  const std::vector<std::string> rules = rules_of(Checker(options).check(migration("CREATE TABLE t (a int);\nCREATE INDEX i ON t (a);")));
  EXPECT_EQ(std::count(rules.begin(), rules.end(), "index-not-concurrent"), 1);
}

TEST(Check, TriggerThatIsNotThereLocksNothing) {
  Options options;
  options.schema = sql::schema_from_sql("CREATE TABLE t (a int);");
  EXPECT_EQ(rules_of(Checker(options).check(migration("DROP TRIGGER IF EXISTS x ON t;"))), Ids{});
}

TEST(Check, DefaultThatComesBackInTheSameFileIsNotDropped) {
  const std::string drop = "ALTER TABLE t ADD COLUMN x int NOT NULL DEFAULT 1;\nALTER TABLE t ALTER COLUMN x DROP DEFAULT;\n";
  EXPECT_EQ(found(drop), Ids{"default-dropped"});
  EXPECT_EQ(found(drop + "ALTER TABLE t ALTER COLUMN x SET DEFAULT 2;"), Ids{});
}

TEST(Check, FunctionOfOthersIsNotUnderstood) {
  EXPECT_EQ(found("SELECT create_parent('public.t', 'id');"), Ids{"not-understood"});
  EXPECT_EQ(found("SELECT setval('s', 1); SELECT pg_catalog.set_config('search_path', '', false); SELECT 1;"), Ids{});
}

TEST(Check, SyntaxThatTheServerIsTooOldForIsRefused) {
  const ScriptReport report = Checker(calm()).check(migration("ALTER TABLE t ADD COLUMN v int GENERATED ALWAYS AS (a * 2) VIRTUAL;"));
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings.front().severity, Severity::Danger);
  EXPECT_NE(report.findings.front().message.find("refuses this statement"), std::string::npos);
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
