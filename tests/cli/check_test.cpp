#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "command.h"

namespace midflight::cli_test {
namespace {

using Json = nlohmann::json;

constexpr const char* kIndex = "CREATE INDEX users_name_idx ON users (name);\n";

::testing::AssertionResult has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return ::testing::AssertionSuccess() << text;
  return ::testing::AssertionFailure() << "no '" << part << "' in:\n" << text;
}

class Check : public ::testing::Test {
 protected:
  Folder folder_;
  std::string index_ = folder_.write("1_index.sql", kIndex);
  Outcome check(const std::string& arguments) { return midflight("check " + arguments); }
};

TEST_F(Check, FindingIsShownWithItsPlaceLineAndAdvice) {
  const Outcome o = check(index_);
  EXPECT_EQ(o.status, 1) << o.err;
  EXPECT_TRUE(has(o.out, index_ + ":1:1\n"));
  EXPECT_TRUE(has(o.out, "    1 | CREATE INDEX users_name_idx ON users (name);\n      | ^^^^"));
  EXPECT_TRUE(has(o.out, "ShareLock on users; index build of users"));
  EXPECT_TRUE(has(o.out, "danger: index-not-concurrent"));
  EXPECT_TRUE(has(o.out, "CREATE INDEX CONCURRENTLY users_name_idx ON users (name);"));
  EXPECT_TRUE(has(o.out, "1 danger, 1 caution and 1 note in 1 file; 1 of 1 statement understood"));
}

TEST_F(Check, FailOnChoosesTheStatus) {
  const std::string quick = folder_.write("2_quick.sql", "ALTER TABLE users ADD COLUMN x int;\n");
  EXPECT_EQ(check(index_ + " --fail-on never").status, 0);
  EXPECT_EQ(check(quick).status, 0);
  EXPECT_EQ(check(quick + " --fail-on caution").status, 1);
  EXPECT_EQ(check(quick + " --fail-on caution --lock-timeout 2s").status, 0);
}

TEST_F(Check, StandardInputIsAFileNamedMinus) {
  const Outcome o = midflight("check - < " + index_);
  EXPECT_EQ(o.status, 1);
  EXPECT_TRUE(has(o.out, "-:1:1"));
}

TEST_F(Check, FolderIsReadInTheOrderOfItsNumbers) {
  folder_.write("10_last.sql", "ALTER TABLE users DROP COLUMN a;\n");
  folder_.write("2_first.sql", "ALTER TABLE users ADD COLUMN a int;\n");
  const Outcome o = check(folder_.path("") + " --fail-on never");
  EXPECT_LT(o.out.find("2_first.sql"), o.out.find("10_last.sql"));
  EXPECT_TRUE(has(o.out, "in 3 files"));
}

TEST_F(Check, OnlyTheUpPartOfADbmateFileIsChecked) {
  const std::string path = folder_.write("3_x.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\nDROP TABLE users;\n");
  const Outcome o = check(path);
  EXPECT_EQ(o.status, 0) << o.out;
  EXPECT_EQ(o.out.find("DROP TABLE"), std::string::npos);
}

TEST_F(Check, JsonHasStatementsFindingsAndCoverage) {
  const Json json = Json::parse(check(index_ + " --format json").out);
  EXPECT_EQ(json["schema_version"], 1);
  const Json& statement = json["statements"][0];
  EXPECT_EQ(statement["line"], 1);
  EXPECT_EQ(statement["end_column"], 44);
  EXPECT_EQ(statement["transaction"], "allowed");
  EXPECT_EQ(statement["locks"][0], Json({{"relation", "users"}, {"mode", "ShareLock"}, {"phase", 1}}));
  EXPECT_EQ(statement["index_builds"], Json::array({"users"}));
  EXPECT_EQ(statement["rewrites"], Json::array());
  EXPECT_TRUE(statement["predicted"].is_null());
  EXPECT_EQ(json["findings"][0]["rule"], "index-not-concurrent");
  EXPECT_EQ(json["findings"][0]["severity"], "danger");
  EXPECT_EQ(json["coverage"]["statements"], 1);
  EXPECT_EQ(json["coverage"]["understood"], 1);
}

TEST_F(Check, JsonOfNothingIsStillJson) {
  const Json json = Json::parse(check(folder_.write("empty.sql", "") + " --format json").out);
  EXPECT_EQ(json["statements"], Json::array());
  EXPECT_EQ(json["findings"], Json::array());
}

// What the schema of SARIF 2.1.0 asks of the parts that are used.
TEST_F(Check, SarifNamesEveryRuleItUses) {
  const Json json = Json::parse(check(index_ + " --format sarif").out);
  EXPECT_EQ(json["version"], "2.1.0");
  const Json& run = json["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["name"], "midflight");
  std::set<std::string> rules;
  for (const Json& rule : run["tool"]["driver"]["rules"]) {
    EXPECT_TRUE(rules.insert(rule["id"]).second) << rule;
    EXPECT_FALSE(rule["shortDescription"]["text"].get<std::string>().empty());
  }
  ASSERT_FALSE(run["results"].empty());
  for (const Json& result : run["results"]) {
    EXPECT_TRUE(rules.contains(result["ruleId"])) << result;
    EXPECT_TRUE((std::set<std::string>{"none", "note", "warning", "error"}.contains(result["level"]))) << result;
    const Json& place = result["locations"][0]["physicalLocation"];
    EXPECT_EQ(place["artifactLocation"]["uri"], index_);
    EXPECT_GE(place["region"]["startLine"], 1);
    EXPECT_GE(place["region"]["endColumn"], place["region"]["startColumn"]);
  }
}

TEST_F(Check, AnnotationsStandOnOneLineEach) {
  const Outcome o = check(index_ + " --format github");
  EXPECT_TRUE(has(o.out, "::error file=" + index_ + ",line=1,col=1,endLine=1,title=index-not-concurrent::"));
  EXPECT_TRUE(has(o.out, "%0AInstead:%0A"));
}

TEST_F(Check, SchemaTellsWhatExists) {
  const std::string schema = folder_.write("schema.sql", "CREATE TABLE users (id int, name text NOT NULL);\n");
  const std::string file = folder_.write("4.sql", "ALTER TABLE users ALTER COLUMN name SET NOT NULL;\nALTER TABLE nowhere ADD COLUMN x int;\n");
  const Outcome o = check(file + " --lock-timeout 2s --schema " + schema);
  EXPECT_EQ(o.out.find("set-not-null"), std::string::npos) << o.out;
  EXPECT_TRUE(has(o.out, "danger: does-not-fit"));
}

TEST_F(Check, ServersVersionChangesTheAdvice) {
  const std::string file = folder_.write("5.sql", "ALTER TABLE users ALTER COLUMN name SET NOT NULL;\n");
  EXPECT_TRUE(has(check(file + " --database postgresql:17").out, "CHECK (name IS NOT NULL) NOT VALID"));
  EXPECT_TRUE(has(check(file + " --database postgresql:18").out, "NOT NULL name NOT VALID"));
}

TEST_F(Check, ScenarioGivesNumbers) {
  const std::string scenario = folder_.write("s.yaml", small_scenario());
  const Json json = Json::parse(check(index_ + " --runs 5 --format json --scenario " + scenario).out);
  EXPECT_EQ(json["statements"][0]["predicted"]["runs"], 5);
  EXPECT_GT(json["statements"][0]["predicted"]["held_s"]["p50"], 0);
  EXPECT_EQ(json["findings"][0]["severity"], "note") << json["findings"];
}

TEST_F(Check, ScenarioNeedsNoChange) {
  std::string text = small_scenario();
  text.erase(text.find("change:"), text.find("migration:") - text.find("change:"));
  EXPECT_EQ(check(index_ + " --runs 2 --fail-on never --scenario " + folder_.write("s.yaml", text)).status, 0);
}

TEST_F(Check, WhatCannotBeUsedIsBadInput) {
  EXPECT_EQ(check("").status, 2);
  EXPECT_EQ(check(folder_.path("nowhere.sql")).status, 2);
  EXPECT_EQ(check(index_ + " --database oracle:19").status, 2);
  EXPECT_EQ(check(index_ + " --database postgresql:11").status, 2);
  EXPECT_EQ(check(index_ + " --framework rails7").status, 2);
  EXPECT_EQ(check(index_ + " --lock-timeout soon").status, 2);
}

TEST_F(Check, TimeoutsWantAUnit) {
  const Outcome o = check(index_ + " --lock-timeout 2");
  EXPECT_EQ(o.status, 2);
  EXPECT_TRUE(has(o.err, "--lock-timeout 2: a unit is missing, as in 2s or 2ms"));
  EXPECT_TRUE(has(check(index_ + " --statement-timeout 60").err, "as in 60s or 60ms"));
  EXPECT_TRUE(has(midflight("inspect postgresql://nobody@127.0.0.1:1/none --between 30").err, "as in 30s or 30ms"));
  EXPECT_EQ(check(index_ + " --fail-on never --lock-timeout 0 --statement-timeout 1min").status, 0);
}

TEST_F(Check, FolderWithoutMigrationsIsBadInput) {
  std::filesystem::create_directory(folder_.path("empty"));
  folder_.write("empty/readme.txt", "nothing to run\n");
  const Outcome o = check(folder_.path("empty") + " " + index_ + " --fail-on never");
  EXPECT_EQ(o.status, 2);
  EXPECT_TRUE(has(o.err, folder_.path("empty") + ": no migration found in this folder"));
  EXPECT_TRUE(has(o.out, "index-not-concurrent"));
  EXPECT_EQ(check(index_ + " " + folder_.path("") + " --fail-on never").status, 0);
}

TEST_F(Check, NumbersOfATransactionAreToldOnce) {
  const std::string scenario = folder_.write("s.yaml", small_scenario());
  const std::string file = folder_.write("5.sql", "BEGIN;\nALTER TABLE users ADD COLUMN x int;\nALTER TABLE users ADD COLUMN y int;\nCOMMIT;\n");
  const std::string arguments = file + " --runs 5 --fail-on never --scenario " + scenario;
  const std::string text = check(arguments).out;
  EXPECT_TRUE(has(text, file + ":1:1 to 4:7: 2 statements in one transaction\n        predicted in 5 runs"));
  EXPECT_EQ(text.find("predicted in 5 runs"), text.rfind("predicted in 5 runs")) << text;
  const Json json = Json::parse(check(arguments + " --format json").out);
  ASSERT_EQ(json["transactions"].size(), 1U);
  EXPECT_EQ(json["transactions"][0]["statements"], 2);
  EXPECT_EQ(json["transactions"][0]["predicted"]["runs"], 5);
  for (const Json& statement : json["statements"]) EXPECT_TRUE(statement["predicted"].is_null()) << statement;
}

TEST_F(Check, MissingFileDoesNotKeepOthersFromBeingChecked) {
  const Outcome o = check(folder_.path("nowhere.sql") + " " + index_);
  EXPECT_EQ(o.status, 2);
  EXPECT_TRUE(has(o.out, "index-not-concurrent"));
}

TEST_F(Check, BytesThatAreNoTextAreSaidAndPassedOver) {
  const std::string path = folder_.write("6.sql", std::string("SELECT '\xff\xfe';\n\0x;\n", 17) + kIndex);
  const Outcome o = check(path);
  EXPECT_TRUE(has(o.out, "index-not-concurrent"));
  EXPECT_EQ(Json::parse(check(path + " --format json").out)["findings"].empty(), false);
}

TEST_F(Check, RulesAreListed) {
  const Outcome o = check("--rules");
  EXPECT_EQ(o.status, 0);
  EXPECT_TRUE(has(o.out, "index-not-concurrent"));
}

}  // namespace
}  // namespace midflight::cli_test
