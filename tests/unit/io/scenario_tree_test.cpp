#include "sim/io/scenario_tree.h"

#include <gtest/gtest.h>

#include "sim/kernel/error.h"

namespace midflight::io {
namespace {

std::string json_of(const std::string& yaml, const ScenarioOverrides& overrides = {}) {
  return scenario_json({yaml, "test.yaml", ".", overrides});
}

TEST(ScenarioTree, NumbersAreNumbersWhereTheyAreWrittenTheSame) {
  EXPECT_EQ(json_of("{a: 5, b: 0.5, c: 1e9, d: 3_000, e: 007, f: true, g: ~, h: '5'}"),
            R"({"a":5,"b":0.5,"c":"1e9","d":"3_000","e":"007","f":true,"g":null,"h":"5"})");
}

TEST(ScenarioTree, CommasInParenthesesBelongToTheValue) {
  EXPECT_EQ(json_of("x: {time: lognormal(1ms, 0.5), sql: s}"), R"_({"x":{"time":"lognormal(1ms, 0.5)","sql":"s"}})_");
}

TEST(ScenarioTree, OverridesReplaceAddAndReachMembersByName) {
  const std::string yaml = "app: {pool: 1}\nbackground: [{name: report, every: 1s}]\n";
  EXPECT_EQ(json_of(yaml, {{"app.pool", "2"}, {"limits.time", "1h"}, {"background.report.every", "9s"}}),
            R"({"app":{"pool":2},"background":[{"name":"report","every":"9s"}],"limits":{"time":"1h"}})");
}

TEST(ScenarioTree, YamlReadsBackAsTheSameTree) {
  const std::string yaml = "a: 'x: y'\nb: [1, '1', \"a\\nb\", ~, 'true', '']\nc: {d: {e: {}}, f: []}\n";
  const std::string written = scenario_yaml({yaml, "test.yaml", ".", {{"added", "\"25%, # no\""}}});
  EXPECT_EQ(json_of(written), json_of(yaml, {{"added", "\"25%, # no\""}})) << written;
}

TEST(ScenarioTree, TextWithoutOverridesStaysAsItIs) {
  EXPECT_EQ(scenario_yaml({"a: 1  # one\n", "test.yaml", ".", {}}), "a: 1  # one\n");
}

TEST(ScenarioTree, MissingFileOfASelfContainedTextIsTold) {
  const ScenarioText text{"schema: no-such.sql\n", "test.yaml", ".", {}, true};
  EXPECT_THROW(scenario_json(text), Error);
}

}  // namespace
}  // namespace midflight::io
