#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "sim/io/profile.h"
#include "sim/io/scenario.h"
#include "sim/kernel/error.h"
#include "tests/unit/io/scenario_support.h"

namespace midflight::io {
namespace {

using testing::says;

std::string refusal(const std::string& yaml) {
  std::string text;
  try {
    parse_profile(yaml, "p.yaml", {});
  } catch (const Error& error) {
    for (const Problem& problem : error.problems()) text += problem.where.text() + ": " + problem.message + "\n";
  }
  return text;
}

TEST(ProfileFile, WhatIsWrittenIsReadBackExactly) {
  cost::Profile written;
  written.name = "my \"own\" server";
  written.metadata_s = 0.1 + 0.2;
  written.scan_rows_per_s = 1.0 / 3 * 1e7;
  written.spread = 0.25;
  const cost::Profile read = parse_profile(profile_text(written), "p.yaml", {});
  EXPECT_EQ(read.name, written.name);
  EXPECT_EQ(read.metadata_s, written.metadata_s);
  EXPECT_EQ(read.scan_rows_per_s, written.scan_rows_per_s);
  EXPECT_EQ(read.spread, written.spread);
  EXPECT_EQ(profile_text(read), profile_text(written));
}

TEST(ProfileFile, WhatIsNotGivenKeepsTheDefault) {
  cost::Profile defaults;
  defaults.commit_s = 0.5;
  const cost::Profile read = parse_profile("batch_s: 0.01\n", "p.yaml", defaults);
  EXPECT_EQ(read.batch_s, 0.01);
  EXPECT_EQ(read.commit_s, 0.5);
}

TEST(ProfileFile, EveryMistakeIsReportedWithItsPlace) {
  const std::string text = refusal("metadata: 1\nscan_rows_per_s: 0\nspread: .nan\nherd_s: -2\ncommit_s: 1ms\n");
  EXPECT_TRUE(says(text, "p.yaml:1:1: unknown key `metadata`; did you mean `metadata_s`?"));
  EXPECT_TRUE(says(text, "p.yaml:2:18: `scan_rows_per_s` must be a number from 1"));
  EXPECT_TRUE(says(text, "p.yaml:3:9: `spread` is `.nan`: not a number"));
  EXPECT_TRUE(says(text, "p.yaml:4:9: `herd_s` must be a number from 0 to 3600, not `-2`"));
  EXPECT_TRUE(says(text, "p.yaml:5:11: `commit_s` is `1ms`: not a number"));
}

/// The keys of YAML that is one mapping of plain values.
std::set<std::string> keys_in(const std::string& yaml) {
  std::set<std::string> keys;
  std::istringstream lines(yaml);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line[0] != '#') keys.insert(line.substr(0, line.find(':')));
  }
  return keys;
}

TEST(ProfileSchema, ListsTheKeysThatAreWrittenAndTheirBounds) {
  std::ifstream in(std::string(MIDFLIGHT_SOURCE_DIR) + "/sim/io/profile.schema.json");
  const auto schema = nlohmann::json::parse(in);
  cost::Profile whole;
  whole.server = whole.machine = whole.measured = "x";
  std::set<std::string> listed;
  for (const auto& [key, property] : schema.at("properties").items()) {
    listed.insert(key);
    EXPECT_TRUE(property.contains("description")) << key;
    if (property.at("type") != "number") continue;
    for (const char* bound : {"minimum", "maximum"}) {
      EXPECT_EQ(refusal(key + ": " + property.at(bound).dump()), "") << key;
    }
    EXPECT_NE(refusal(key + ": " + std::to_string(property.at("maximum").get<double>() * 1.01 + 1)), "") << key;
  }
  EXPECT_EQ(listed, keys_in(profile_text(whole)));
  EXPECT_EQ(schema.at("additionalProperties"), false);
}

/// A scenario whose profile is given in place.
Scenario with_profile(const std::string& profile) {
  return parse_scenario(
      "name: s\ndatabase:\n  engine: postgresql\n  profile: |\n    name: mine\n" + profile +
          "schema: \"CREATE TABLE users (id bigint PRIMARY KEY, name text)\"\n"
          "app:\n  versions:\n    v1:\n"
          "      - {name: read, rate: 1/s, sql: SELECT name FROM users WHERE id = $1}\n"
          "      - {name: given, rate: 1/s, time: 7ms, sql: SELECT name FROM users WHERE id = $1}\n"
          "      - {name: both, rate: 1/s, sql: [INSERT INTO users VALUES ($1), UPDATE users SET name = $1 WHERE id = $2]}\n"
          "change: ALTER TABLE users RENAME COLUMN name TO full_name\n",
      "s.yaml", ".");
}

/// What is said of a scenario whose profile cannot be used.
std::string unusable(const std::string& database, const ScenarioOverrides& overrides = {}) {
  std::string text;
  try {
    parse_scenario(testing::with("{engine: postgresql}", database), "s.yaml", ".", overrides);
  } catch (const Error& error) {
    for (const Problem& problem : error.problems()) text += problem.where.text() + ": " + problem.message + "\n";
  }
  return text;
}

TEST(ProfileFile, ThatIsMissingIsToldOnceWhereItIsNamed) {
  EXPECT_EQ(unusable("{engine: postgresql, profile: none.yaml}"), "s.yaml:2:41: `database.profile` names `./none.yaml`: there is no such file\n");
  EXPECT_EQ(unusable("{engine: postgresql}", {{"database.profile", "/none.yaml"}}), "/none.yaml: there is no such file\n");
}

TEST(ProfileFile, MistakesInsideHaveTheirOwnPlacesAlone) {
  EXPECT_EQ(unusable("{engine: postgresql, profile: \"name: mine\\nspread: 9\\n\"}"),
            "database.profile:2:9: `spread` must be a number from 0 to 3, not `9`\n");
}

TEST(ProfileFile, SaysWhatRequestsTakeWhereTheScenarioDoesNot) {
  const Scenario s = with_profile("    read_s: 0.0002\n    update_s: 0.0005\n    insert_s: 0.0003\n    request_sigma: 0.25\n");
  const auto& endpoints = s.app.versions[0].endpoints;
  EXPECT_EQ(endpoints[0].time, Distribution::lognormal(Duration::microseconds(200), 0.25));
  EXPECT_EQ(endpoints[1].time, Distribution::constant(Duration::milliseconds(7)));
  EXPECT_EQ(endpoints[2].time, Distribution::lognormal(Duration::microseconds(800), 0.25));  // 0.3 + 0.5 ms
}

TEST(ProfileFile, WithoutTimesOfRequestsLeavesThemToTheDefault) {
  const Scenario s = with_profile("    commit_s: 0.001\n");
  EXPECT_EQ(s.app.versions[0].endpoints[0].time, Distribution::lognormal(Duration::milliseconds(1), 0.5));
}

}  // namespace
}  // namespace midflight::io
