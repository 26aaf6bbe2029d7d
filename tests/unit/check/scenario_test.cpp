#include <gtest/gtest.h>

#include <algorithm>

#include "sim/check/check.h"
#include "sim/sql/parse.h"

// A migration under the traffic of a scenario: severity follows what is predicted.

namespace midflight::check {
namespace {

Endpoint endpoint(const std::string& name, double rate, const std::string& sql) {
  Endpoint out;
  out.name = name;
  out.rate_per_second = rate;
  out.time = Distribution::constant(Duration::milliseconds(1));
  out.statements = {sql::parse_one(sql)};
  return out;
}

Scenario shop() {
  Scenario out;
  out.name = "shop";
  out.schema = sql::schema_from_sql("CREATE TABLE users (id bigint PRIMARY KEY, name text, age int);"
                                    "CREATE TABLE tiny (id bigint PRIMARY KEY, a int);");
  out.schema.table("users")->rows = 20'000'000;
  out.schema.table("tiny")->rows = 10;
  out.app.instances = 2;
  out.app.versions = {{"v1",
                       {endpoint("profile", 100, "SELECT name FROM users WHERE id = $1"),
                        endpoint("save", 50, "UPDATE users SET name = $2 WHERE id = $1"),
                        endpoint("small", 100, "SELECT a FROM tiny WHERE id = $1")},
                       ""}};
  return out;
}

ScriptReport check(const Scenario& scenario, const std::string& sql) {
  Options options;
  options.scenario = &scenario;
  options.schema = scenario.schema;
  options.schema_is_complete = true;
  options.timeouts = {Duration::seconds(2), Duration::minutes(10), Duration::minutes(1)};
  options.run.runs = 20;
  options.run.jobs = 1;
  return Checker(options).check({"m.sql", "plain", "", Wrapping::EachStatement, sql, {}});
}

const Finding& finding(const ScriptReport& report, const std::string& rule) {
  const auto at = std::find_if(report.findings.begin(), report.findings.end(), [&](const Finding& f) { return f.rule == rule; });
  if (at == report.findings.end()) throw std::runtime_error("no finding " + rule);
  return *at;
}

TEST(WithAScenario, RewriteOfALargeBusyTableIsDangerous) {
  const Scenario scenario = shop();
  const ScriptReport report = check(scenario, "ALTER TABLE users ALTER COLUMN age TYPE bigint;");
  const Finding& rewrite = finding(report, "column-type-rewrite");
  EXPECT_EQ(rewrite.severity, Severity::Danger);
  ASSERT_TRUE(rewrite.predicted);
  EXPECT_GT(rewrite.predicted->downtime_s.p50, 1.0);
  // Two pools of ten connections are all that can queue for the lock.
  EXPECT_EQ(rewrite.predicted->blocked_requests.p50, 20);
  EXPECT_NE(rewrite.message.find("20,000,000 rows of users, 150 requests/s"), std::string::npos) << rewrite.message;
}

TEST(WithAScenario, RewriteOfATinyTableIsNot) {
  const Scenario scenario = shop();
  const Finding rewrite = finding(check(scenario, "ALTER TABLE tiny ALTER COLUMN a TYPE bigint;"), "column-type-rewrite");
  EXPECT_EQ(rewrite.severity, Severity::Note);
  EXPECT_EQ(rewrite.predicted->downtime_s.p95, 0);
}

TEST(WithAScenario, QuickStatementBehindALongReportIsDangerous) {
  Scenario scenario = shop();
  BackgroundJob report;
  report.name = "report";
  report.statement = sql::parse_one("SELECT count(*) FROM users");
  report.time = Distribution::constant(Duration::seconds(20));
  report.at = Duration::seconds(-5);
  scenario.background.push_back(report);
  Options options;
  options.scenario = &scenario;
  options.schema = scenario.schema;
  options.schema_is_complete = true;
  options.run.runs = 20;
  const ScriptReport found = Checker(options).check({"m.sql", "", "", Wrapping::EachStatement, "ALTER TABLE users ADD COLUMN x int;", {}});
  const Finding& waits = finding(found, "no-lock-timeout");
  EXPECT_EQ(waits.severity, Severity::Danger);
  // The report began 5 s before and takes 20 s or more.
  EXPECT_GE(waits.predicted->lock_wait_s.p5, 14.9);
  EXPECT_NE(waits.message.find("report"), std::string::npos);
}

TEST(WithAScenario, StatementThatBreaksIsNamedWithItsVersion) {
  const Scenario scenario = shop();
  const ScriptReport report = check(scenario, "ALTER TABLE users RENAME COLUMN name TO full_name;");
  EXPECT_NE(finding(report, "breaks-application").message.find("v1, profile: column \"name\" does not exist (42703)"), std::string::npos);
  EXPECT_EQ(finding(report, "rename-column").severity, Severity::Danger);
}

TEST(WithAScenario, WhatNoVersionUsesMayGo) {
  const Scenario scenario = shop();
  const Finding drop = finding(check(scenario, "ALTER TABLE users DROP COLUMN age;"), "drop-column");
  EXPECT_EQ(drop.severity, Severity::Note);
  EXPECT_EQ(drop.message, "No statement of v1 that worked until here fails from here on. The values of users.age are gone for good.");
  EXPECT_EQ(drop.instead, "");
}

TEST(WithAScenario, VersionsThatFailTakeThePlaceOfVersionsInGeneral) {
  Scenario scenario = shop();
  scenario.app.versions.push_back({"v2", {endpoint("profile", 100, "SELECT full_name FROM users WHERE id = $1")}, ""});
  const Finding rename = finding(check(scenario, "ALTER TABLE users RENAME COLUMN name TO full_name;"), "rename-column");
  EXPECT_EQ(rename.message, "v1 (profile, save) fails from here on, v2 (profile) failed until here: no order of deployment avoids both. "
                            "Versions that name full_name fail until now.");
}

// Who leaves the column out is named by breaks-application; what a parameter holds, the model does not know.
TEST(WithAScenario, NotNullNamesWhoLeavesTheColumnOutAndWhoMayStoreANull) {
  Scenario scenario = shop();
  scenario.app.versions[0].endpoints.push_back(endpoint("sign-up", 5, "INSERT INTO users (id, age) VALUES ($1, $2)"));
  const ScriptReport report = check(scenario, "ALTER TABLE users ALTER COLUMN name SET NOT NULL;");
  const Finding& scanned = finding(report, "set-not-null");
  EXPECT_NE(scanned.message.find(" v1 (save) writes users.name: where that is null, it fails from then on (23502)."), std::string::npos) << scanned.message;
  EXPECT_NE(finding(report, "breaks-application").message.find("v1, sign-up: null value in column \"name\""), std::string::npos);
}

// BEGIN and COMMIT are no work: the numbers are those of the one statement between them.
TEST(WithAScenario, NumbersStandAtTheStatementThatIsAllOfItsTransaction) {
  const Scenario scenario = shop();
  const ScriptReport report = check(scenario, "BEGIN;\nALTER TABLE users ADD COLUMN x int;\nCOMMIT;");
  ASSERT_EQ(report.statements.size(), 3U);
  EXPECT_TRUE(report.statements[1].predicted);
  EXPECT_FALSE(report.statements[0].predicted || report.statements[2].predicted);
  EXPECT_TRUE(report.transactions.empty());
}

TEST(WithAScenario, NumbersOfSeveralStatementsStandAtTheirTransaction) {
  const Scenario scenario = shop();
  const ScriptReport report = check(scenario, "BEGIN;\nALTER TABLE users ADD COLUMN x int;\nCREATE INDEX i ON users (age);\nCOMMIT;\n"
                                              "ALTER TABLE tiny ADD COLUMN y int;");
  ASSERT_EQ(report.transactions.size(), 1U);
  EXPECT_EQ(report.transactions[0].statements, 2);
  EXPECT_EQ(report.transactions[0].where.begin.line, 1);
  EXPECT_EQ(report.transactions[0].where.end_line, 4);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_FALSE(report.statements[i].predicted) << i;
  EXPECT_TRUE(report.statements[4].predicted);
  const Finding& build = finding(report, "index-not-concurrent");
  EXPECT_NE(build.message.find("requests/s, with all of its transaction."), std::string::npos) << build.message;
  EXPECT_EQ(finding(report, "work-under-earlier-lock").message.find("Predicted for"), std::string::npos);
  EXPECT_TRUE(finding(report, "work-under-earlier-lock").predicted);
}

TEST(WithAScenario, WhatIsBrokenAlreadyIsNotBlamedOnLaterStatements) {
  const Scenario scenario = shop();
  const ScriptReport report = check(scenario, "ALTER TABLE tiny RENAME COLUMN a TO b;\nALTER TABLE tiny ADD COLUMN c int;");
  ASSERT_EQ(report.statements.size(), 2U);
  ASSERT_TRUE(report.statements[0].predicted && report.statements[1].predicted);
  EXPECT_GT(report.statements[0].predicted->failed_requests.p50, 100);
  EXPECT_EQ(report.statements[1].predicted->failed_requests.p95, 0);
}

TEST(WithAScenario, IndexOnAColumnThatIsUpdatedSaysHowOften) {
  const Scenario scenario = shop();
  const ScriptReport report = check(scenario, "CREATE INDEX CONCURRENTLY i ON users (name);");
  EXPECT_NE(finding(report, "index-on-updated-column").message.find("50 updates/s"), std::string::npos);
  EXPECT_THROW(finding(check(scenario, "CREATE INDEX CONCURRENTLY i ON users (age);"), "index-on-updated-column"), std::runtime_error);
}

TEST(WithAScenario, SameSeedGivesTheSameNumbers) {
  const Scenario scenario = shop();
  const std::string sql = "ALTER TABLE users ALTER COLUMN age TYPE bigint;";
  EXPECT_EQ(check(scenario, sql).statements[0].predicted->blocked_requests, check(scenario, sql).statements[0].predicted->blocked_requests);
}

}  // namespace
}  // namespace midflight::check
