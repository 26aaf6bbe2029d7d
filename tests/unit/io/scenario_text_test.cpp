#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "sim/io/yaml_text.h"
#include "tests/support/folder.h"
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

TEST(ScenarioText, MistakesInYamlAreToldWithWhatTheWriterMostLikelyDid) {
  const std::vector<Text> cases = {
      {"name: rename: users\n", "s.yaml:1:13: not valid YAML: `: ` gives a name its value, here within a value; put quotes around all"},
      {"name: x\n  engine: y\n", "s.yaml:2:9: not valid YAML: this line continues the one above"},
      {"name:x\nengine: y\n", "s.yaml:2:7: not valid YAML: this line continues the one above"},
      {"a:\n\tb: 1\n", "s.yaml:2:3: not valid YAML: a tab indents this line"},
      {"a:\n  c: 2\n\tb: 1\n", "s.yaml:3:1: not valid YAML: a tab indents this line"},
      {"a:\n\t- b\n", "s.yaml:2:2: not valid YAML: a tab indents this line"},
      {"a:\n    b: 1\n  c: 2\n", "s.yaml:3:3: not valid YAML: this line fits none above"},
      {"a:\n    - b: 1\n      c: 2\n     d: 3\n", "s.yaml:4:6: not valid YAML: this line fits none above"},
      {"a: 'it's'\n", "s.yaml:1:8: not valid YAML: a value ended before this, with its quotes"},
      {"a: \"select \"b\"\"\n", "s.yaml:1:13: not valid YAML: a value ended before this"},
      {"name: \"x\ndatabase: {engine: postgresql}\n", "s.yaml:1:7: not valid YAML: the quotes that open here are never closed"},
      {"ü: 'ü'\nname: 'it''s\n# no: \"\n", "s.yaml:2:7: not valid YAML: the quotes that open here are never closed"},
      {"a: \"x\n---\n", "s.yaml:2:1: not valid YAML: the quotes opened before this line are still open"},
      {"a: {b: 1\nc: 2\n", "s.yaml:2:2: not valid YAML: `{` has no `}` before this place"},
      {"a: [b, c\nd: 2\n", "s.yaml:2:2: not valid YAML: `[` has no `]` before this place"},
      {"a: {b: 1}}\n", "s.yaml:1:10: not valid YAML: this closes a bracket that nothing opened"},
      {"a: - b\n", "s.yaml:1:4: not valid YAML: `- ` begins a list"},
      {"a: ? b\n", "s.yaml:1:4: not valid YAML: `? ` begins a name"},
      {"a: @b\n", "s.yaml:1:4: not valid YAML: no text begins with `@` without quotes around it"},
      {"a: `b`\n", "no text begins with ``` without quotes"},
      {"a: %b\n", "no text begins with `%` without quotes"},
      {"a: *b\n", "s.yaml:1:4: not valid YAML: `*` asks for a value that is marked with `&`"},
      {"a: * b\n", "not valid YAML: `*` asks for a value"},
      {"a: &\n", "not valid YAML: `&` marks a value"},
      {"a: \"C:\\work\"\n", "not valid YAML: a backslash in double quotes begins an escape"},
      {"a: |x\n  b\n", "not valid YAML: after `|` and `>` the text begins on the next line"},
      {"a: !<x\n", "not valid YAML: `!` begins a tag"},
      {"%YAML 3.0\n---\na: b\n", "not valid YAML: YAML major version too large"}};
  for (const Text& text : cases) EXPECT_TRUE(says(all_problems(text.yaml), text.says)) << text.yaml;
  for (const char* closed : {"name: 'it''s' # 'not\n", "name: \"a\\\"b\"\n", "name: ['a', \"b\"]\n", "'name': &x !t 'b'\n"}) {
    EXPECT_FALSE(says(all_problems(closed), "never closed")) << closed;
  }
}

TEST(ScenarioText, AnOverrideThatIsNoYamlIsToldInTheSameWords) {
  try {
    parse_scenario(good_scenario(), "s.yaml", ".", {{"name", "a: b: c"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(says(error.problems().front().message, "not valid YAML: `: ` gives a name its value"));
  }
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
  std::string write(const std::string& name, const std::string& text) const { return folder_.write(name, text); }
  static std::string refusal(const std::string& path) {
    try {
      read_scenario(path);
    } catch (const Error& error) {
      return error.problems().front().where.text() + ": " + error.problems().front().message;
    }
    return "";
  }

  midflight::testing::Folder folder_;
};

TEST_F(ScenarioFile, MissingFilesAndDirectoriesAreNamed) {
  EXPECT_TRUE(says(refusal(folder_.path("none.yaml")), "none.yaml: there is no such file"));
  EXPECT_TRUE(says(refusal(folder_.path().string()), "is a directory, not a file"));
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
