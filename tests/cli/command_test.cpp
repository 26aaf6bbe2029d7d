#include "command.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace midflight::cli_test {
namespace {

::testing::AssertionResult has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return ::testing::AssertionSuccess() << text;
  return ::testing::AssertionFailure() << "no '" << part << "' in:\n" << text;
}

class Command : public ::testing::Test {
 protected:
  Folder folder_;
  std::string scenario_ = folder_.write("scenario.yaml", small_scenario());
  Outcome compare(const std::string& more) { return midflight("compare " + scenario_ + " --runs 3 " + more); }
};

TEST_F(Command, VersionIsOneLine) {
  const Outcome o = midflight("--version");
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(o.out.substr(0, 10), "midflight ");
  EXPECT_EQ(o.out.find('\n'), o.out.size() - 1);
}

TEST_F(Command, HelpShowsAnExamplePerVerb) {
  const Outcome o = midflight("--help");
  EXPECT_EQ(o.status, 0);
  for (const char* verb : {"midflight compare ", "midflight simulate ", "midflight plan ", "midflight replay "}) {
    EXPECT_TRUE(has(o.out, verb));
    EXPECT_TRUE(has(midflight(std::string(verb).substr(10) + "--help").out, std::string("\n  ") + verb));
  }
}

TEST_F(Command, HelpSaysWhatTheVerbItselfDoes) {
  EXPECT_TRUE(has(midflight("compare --help").out, "runs of each prediction; 200 if not said"));
  EXPECT_TRUE(has(midflight("simulate --help").out, "runs of each prediction; 200 if not said"));
  EXPECT_TRUE(has(midflight("replay --help").out, "runs of each prediction; 50 if not said"));
}

TEST_F(Command, HelpListsWhatFailIfUnderstandsAndSaysWhatDowntimeIs) {
  for (const char* verb : {"compare", "simulate", "replay"}) {
    const std::string help = midflight(std::string(verb) + " --help").out;
    for (const char* word : {"downtime_s", "lost_writes", "overlap_s", "deployments", "p95 if not said", "!="}) EXPECT_TRUE(has(help, word));
    EXPECT_TRUE(has(help, "Downtime is the sum of the slots of 100 ms"));
  }
}

TEST_F(Command, EveryExitStatusIsDocumented) {
  const std::string help = midflight("--help").out, readme = read(std::string(MIDFLIGHT_SOURCE_DIR) + "/README.md");
  for (const char* status : {"0 done", "2 bad input", "3 the database", "130 stopped by Ctrl-C"}) {
    EXPECT_TRUE(has(help, status));
    EXPECT_TRUE(has(readme, status));
  }
}

TEST_F(Command, ReplayOnAnotherEngineThanTheScenariosIsSaidOnStderrAndInTheJson) {
  std::string text = small_scenario();
  text.replace(text.find("change:"), std::string::npos, "plan: [{wait: 100ms}]\n");
  const Outcome o = midflight("replay " + folder_.write("waits.yaml", text) + " --on sqlite: --runs 2 --format json");
  ASSERT_TRUE(replayed_or_late(o)) << o.err;
  EXPECT_TRUE(has(o.err, "midflight: The scenario is for PostgreSQL and replayed on SQLite 3."));
  EXPECT_TRUE(has(nlohmann::json::parse(o.out)["assumptions"].dump(), "The scenario is for PostgreSQL and replayed on SQLite"));
}

TEST_F(Command, NoVerbOrAnUnknownOptionIsBadInput) {
  EXPECT_EQ(midflight("").status, 2);
  EXPECT_EQ(compare("--rums 3").status, 2);
  EXPECT_EQ(compare("--runs 0").status, 2);
  EXPECT_EQ(compare("--format pdf").status, 2);
  EXPECT_TRUE(has(compare("--rums 3").err, "midflight: "));
}

TEST_F(Command, ComparePrintsTheAnswerOnStdoutOnly) {
  const Outcome o = compare("");
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_TRUE(has(o.out, "small rename - "));
  EXPECT_TRUE(has(o.out, "naive"));
  EXPECT_EQ(o.err, "");
  EXPECT_EQ(o.out.find('\x1b'), std::string::npos);
}

TEST_F(Command, SameSeedSameBytesWhateverTheThreads) {
  const Outcome one = compare("--format json --seed 4 --jobs 1"), two = compare("--format json --seed 4 --jobs 2");
  EXPECT_EQ(one.out, two.out);
  EXPECT_NE(one.out, compare("--format json --seed 5").out);
}

TEST_F(Command, JsonNamesEveryStrategyWithItsVerdict) {
  const auto json = nlohmann::json::parse(compare("--format json").out);
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["runs"], 3);
  ASSERT_FALSE(json["strategies"].empty());
  for (const auto& s : json["strategies"]) EXPECT_TRUE(s["verdict"].is_string()) << s["name"];
}

TEST_F(Command, EveryProblemOfAScenarioIsALineWithItsPlace) {
  const std::string bad = folder_.write("bad.yaml", "nam: x\ndatabase: {engine: oracle}\n");
  const Outcome o = midflight("compare " + bad);
  EXPECT_EQ(o.status, 2);
  EXPECT_TRUE(has(o.err, "midflight: " + bad + ":1:1: "));
  EXPECT_TRUE(has(o.err, "midflight: " + bad + ":2:"));
}

TEST_F(Command, ProfileReplacesTheScenariosAndAnotherMachinesIsSaid) {
  const std::string mine = folder_.write("profile.yaml", "name: mine\nmetadata_s: 3\nspread: 0\n");
  const Outcome usual = compare("--format json"), slow = compare("--format json --profile " + mine);
  ASSERT_EQ(slow.status, 0) << slow.err;
  EXPECT_EQ(slow.err, "");
  const auto naive = [](const Outcome& o) {
    const auto json = nlohmann::json::parse(o.out);
    for (const auto& s : json["strategies"]) {
      if (s["name"] == "naive") return s["steps"][0]["held_s"]["p50"].get<double>();
    }
    return -1.0;
  };
  EXPECT_NEAR(naive(slow), 3, 0.01);
  EXPECT_LT(naive(usual), 0.1);
  const std::string other = folder_.write("other.yaml", "name: theirs\nmachine: local 0123456789abcdef\n");
  EXPECT_TRUE(has(compare("--profile " + other).err, "`theirs` was measured on another machine"));
  EXPECT_EQ(compare("--profile " + folder_.path("none.yaml")).status, 2);
}

TEST_F(Command, MissingScenarioIsBadInput) {
  const Outcome o = midflight("compare " + folder_.path("nowhere.yaml"));
  EXPECT_EQ(o.status, 2);
  EXPECT_TRUE(has(o.err, "nowhere.yaml"));
}

TEST_F(Command, FailIfThatHoldsIsStatusOneAfterTheResult) {
  const Outcome o = compare("--fail-if 'naive.failed_requests > 0'");
  EXPECT_EQ(o.status, 1);
  EXPECT_TRUE(has(o.out, "small rename"));
  EXPECT_TRUE(has(o.err, "naive.failed_requests.p95 is "));
  EXPECT_EQ(compare("--fail-if 'naive.lost_writes > 1e9'").status, 0);
}

TEST_F(Command, BadConditionIsFoundBeforeAnythingRuns) {
  const Outcome o = compare("--fail-if 'downtme_s > 0'");
  EXPECT_EQ(o.status, 2);
  EXPECT_TRUE(has(o.err, "midflight: --fail-if:1:1: "));
  EXPECT_TRUE(has(o.err, "downtime_s"));
  EXPECT_EQ(o.out, "");
}

TEST_F(Command, UnknownStrategyGetsASuggestion) {
  const Outcome o = midflight("simulate " + scenario_ + " --strategy naiv");
  EXPECT_EQ(o.status, 2);
  EXPECT_TRUE(has(o.err, "naive"));
  EXPECT_EQ(midflight("simulate " + scenario_).status, 2);
}

TEST_F(Command, SimulateDrawsAndExplains) {
  const Outcome drawn = midflight("simulate " + scenario_ + " --strategy naive --runs 3");
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_TRUE(has(drawn.out, "version v1"));
  const Outcome told = midflight("simulate " + scenario_ + " --strategy naive --runs 3 --explain");
  EXPECT_EQ(told.status, 0) << told.err;
  EXPECT_TRUE(has(told.out, "RENAME COLUMN"));
}

TEST_F(Command, OutputGoesToTheFileAlone) {
  const std::string file = folder_.path("result.html");
  const Outcome o = compare("--format html --output " + file);
  EXPECT_EQ(o.status, 0) << o.err;
  EXPECT_EQ(o.out, "");
  EXPECT_TRUE(has(read(file), "</html>"));
  EXPECT_EQ(folder_.names().size(), 2U);
}

TEST_F(Command, UnwritableOutputIsOneMessageAndStatusThree) {
  const Outcome o = compare("--output " + folder_.path("no/such/folder.json"));
  EXPECT_EQ(o.status, 3);
  EXPECT_TRUE(has(o.err, "midflight: cannot write "));
  EXPECT_EQ(folder_.names().size(), 1U);
}

TEST_F(Command, FullDiskIsOneMessageAndStatusThree) {
  const Outcome o = compare(">/dev/full");
  EXPECT_EQ(o.status, 3);
  EXPECT_EQ(o.err, "midflight: cannot write the result: No space left on device\n");
  EXPECT_EQ(compare("--output /dev/full").status, 3);
}

TEST_F(Command, ClosedPipeIsQuiet) {
  const Outcome o = compare("--format json | head -c 1 >/dev/null");
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(o.err, "");
}

TEST_F(Command, InterruptIsOneLineAndStatus130) {
  const Outcome o = midflight("compare " + scenario_ + " --runs 1000000 --exact & sleep 0.3; kill -INT $!; wait $!");
  EXPECT_EQ(o.status, 130);
  EXPECT_EQ(o.err, "midflight: interrupted\n");
  EXPECT_EQ(o.out, "");
}

std::string with_rate(std::string yaml, const std::string& rate) {
  const std::size_t at = yaml.find("rate: ") + 6;
  return yaml.replace(at, yaml.find('/', at) - at, rate);
}

// No run ends within the first second, and the line goes on counting all the same.
TEST_F(Command, AnOverloadIsNamedFirstAndATerminalSeesThatTheWorkGoesOn) {
  const std::string busy = folder_.write("busy.yaml", with_rate(small_scenario(), "200000"));
  const Outcome o = midflight("--version; timeout 2.5 script -qefc '" MIDFLIGHT_BINARY " compare " + busy + "' /dev/null </dev/null");
  EXPECT_TRUE(has(o.out, "it is overloaded, whatever is changed"));
  EXPECT_TRUE(has(o.out, "at work, 1."));
}

TEST_F(Command, WrittenPlanCanBeSimulated) {
  const std::string plan = folder_.path("plan");
  const Outcome o = midflight("plan " + scenario_ + " --strategy expand_contract --output " + plan);
  ASSERT_EQ(o.status, 0) << o.err;
  EXPECT_TRUE(has(read(plan + "/README.md"), "expand_contract"));
  EXPECT_TRUE(has(o.out, "/01_"));
  const Outcome again = midflight("simulate " + plan + "/scenario.yaml --runs 3");
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(midflight("plan " + scenario_ + " --strategy naive --output " + plan).status, 3);
}

}  // namespace
}  // namespace midflight::cli_test
