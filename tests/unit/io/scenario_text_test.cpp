#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "sim/io/yaml_text.h"
#include "tests/unit/io/scenario_support.h"

namespace midflight::io::testing {
namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

struct Text {
  std::string yaml, says;
};

TEST(ScenarioText, WhatIsNoScenarioIsRefusedWithItsReason) {
  const std::vector<Text> cases = {
      {"", "the file is empty"},
      {"# only a comment\n", "the file is empty"},
      {"~\n", "the file is empty"},
      {std::string("a\0b", 3), "s.yaml:1:2: this is not text: control byte 0x00"},
      {"name: t\n\xff\xfe", "s.yaml:2:1: this is not text: not valid UTF-8, byte 0xff"},
      {"name: \xc0\xaf", "not valid UTF-8"},
      {"name: \xed\xa0\x80", "not valid UTF-8"},
      {"name: \xf4\x90\x80\x80", "not valid UTF-8"},
      {"name: \xe2\x82", "not valid UTF-8"},
      {"- a\n- b\n", "the file must be a mapping"},
      {"just words\n", "the file must be a mapping"},
      {"name: a\n---\nname: b\n", "one YAML document is expected, found 2"},
      {"name: [1,\nb: }\n", "s.yaml:2:4: not valid YAML"},
      {"name: *missing\n", "s.yaml:1:"},
      {"a:\n\tb: 1\n", "s.yaml:2:"}};
  for (const Text& text : cases) EXPECT_TRUE(says(all_problems(text.yaml), text.says)) << text.yaml;
}

TEST(ScenarioText, DeepNestingIsRefusedAndNeverOverflowsTheStack) {
  for (const std::string piece : {"[", "{a: ", "- ", "? ", "- ? ", "[? ", "a: {"}) {
    for (const std::size_t times : {std::size_t{70}, std::size_t{1000}, std::size_t{200'000}}) {
      EXPECT_FALSE(problems(repeated(piece, times)).empty()) << piece << times;
    }
  }
  EXPECT_TRUE(says(all_problems("name: " + repeated("[", 80) + repeated("]", 80)), "nested more than 64 levels deep"));
  EXPECT_TRUE(says(all_problems(repeated("[", 5000)), "nested more than 64 levels deep"));
}

TEST(ScenarioText, AliasesThatContainThemselvesOrMultiplyAreRefused) {
  EXPECT_TRUE(says(all_problems("name: &a [1, *a]\n"), "nested more than 64 levels deep"));
  std::string bomb = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "b" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + repeated(", " + before, 9) + "]\n";
  }
  EXPECT_TRUE(says(all_problems(bomb), "more than 500000 values"));
}

TEST(ScenarioText, AnAliasMayShareEndpoints) {
  const std::string yaml = with("    v1:\n", "    v1: &shared\n") + "";
  std::string both = yaml;
  both.insert(both.find("change:"), "    v9: *shared\n");
  EXPECT_EQ(parsed(both).app.versions.size(), 2U);
}

TEST(ScenarioText, MoreThanTheBoundIsRefusedBeforeParsing) {
  EXPECT_TRUE(says(all_problems("name: " + std::string(kYamlBytesMax, 'x')), "larger than 2 MiB"));
}

TEST(ScenarioText, EndlessMappingsAndPlansAreRefusedByTheirLength) {
  std::string keys;
  for (int i = 0; i < 100'000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  EXPECT_TRUE(says(all_problems(keys), "the file has 100000 keys; at most 1000 are read"));
  const std::string plan = with_plan(repeated("  - {wait: 1s}\n", 60'000));
  EXPECT_TRUE(says(all_problems(plan), "`plan` has 60000 steps; at most 1000 are read"));
}

TEST(ScenarioText, ManyProblemsAreCutWithTheirNumber) {
  std::string yaml = good_scenario();
  for (int i = 0; i < 300; ++i) yaml += "unknown" + std::to_string(i) + ": 1\n";
  const std::vector<std::string> found = problems(yaml);
  EXPECT_EQ(found.size(), 101U);
  EXPECT_TRUE(says(found.back(), "and 200 more problems"));
}

class ScenarioFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "midflight-scenario-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name, std::ios::binary) << text;
    return (directory_ / name).string();
  }
  static std::string refusal(const std::string& path) {
    try {
      read_scenario(path);
    } catch (const Error& error) {
      return error.problems().front().where.text() + ": " + error.problems().front().message;
    }
    return "";
  }

  std::filesystem::path directory_;
};

TEST_F(ScenarioFile, MissingFilesAndDirectoriesAreNamed) {
  EXPECT_TRUE(says(refusal((directory_ / "none.yaml").string()), "none.yaml: there is no such file"));
  EXPECT_TRUE(says(refusal(directory_.string()), "is a directory, not a file"));
}

TEST_F(ScenarioFile, AHundredMegabytesAreRefusedAtOnce) {
  const std::string path = write("large.yaml", "name: x\n");
  std::filesystem::resize_file(path, 100 << 20);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(says(refusal(path), "is larger than 2 MiB"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST_F(ScenarioFile, PathsAreRelativeToTheScenario) {
  write("tables.sql", "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));\n");
  std::string yaml = good_scenario();
  const std::size_t at = yaml.find("schema: |");
  yaml.replace(at, yaml.find("tables:") - at, "schema: tables.sql\n");
  const Scenario scenario = read_scenario(write("s.yaml", yaml));
  ASSERT_EQ(scenario.schema.tables.size(), 1U);
  EXPECT_EQ(scenario.schema.tables[0].rows, 1000);
}

TEST_F(ScenarioFile, MistakesInTheSchemaFileHaveTheirPlaceInIt) {
  write("tables.sql", "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));\n\nCREATE TABL x (id int);\n");
  std::string yaml = good_scenario();
  const std::size_t at = yaml.find("schema: |");
  yaml.replace(at, yaml.find("tables:") - at, "schema: tables.sql\n");
  EXPECT_TRUE(says(refusal(write("s.yaml", yaml)), "tables.sql:3:"));
}

TEST_F(ScenarioFile, OverridesReadTheFileAgain) {
  const Scenario scenario = read_scenario(write("s.yaml", good_scenario()));
  EXPECT_EQ(with_overrides(scenario, {{"tables.users.rows", "7"}}).schema.tables[0].rows, 7);
  EXPECT_EQ(scenario.schema.tables[0].rows, 1000);
}

}  // namespace
}  // namespace midflight::io::testing
