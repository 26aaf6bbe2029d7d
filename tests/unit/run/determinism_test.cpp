#include <gtest/gtest.h>

#include "tests/support/scenarios.h"

// A seed is a promise: the same scenario and seed give the same run, bit for bit.

namespace midflight::testing {
namespace {

Scenario example(const std::string& name) {
  return io::read_scenario(std::string(MIDFLIGHT_SOURCE_DIR) + "/examples/" + name + "/scenario.yaml");
}

std::vector<std::uint64_t> fingerprints(const Prediction& p) {
  std::vector<std::uint64_t> all;
  for (const Measurement& m : p.runs) all.push_back(m.fingerprint);
  return all;
}

class Determinism : public ::testing::TestWithParam<bool> {
 protected:
  std::vector<std::uint64_t> of_skipped_release(int jobs, std::uint64_t seed, int runs = 12) const {
    RunOptions o = options(runs, GetParam(), seed);
    o.jobs = jobs;
    return fingerprints(run(example("skipped_release"), o));
  }
};

TEST_P(Determinism, NumberOfThreadsShowsNowhere) {
  const std::vector<std::uint64_t> alone = of_skipped_release(1, 7);
  EXPECT_EQ(of_skipped_release(2, 7), alone);
  EXPECT_EQ(of_skipped_release(5, 7), alone);
}

TEST_P(Determinism, SameSeedTwiceIsTheSameTwice) { EXPECT_EQ(of_skipped_release(1, 3), of_skipped_release(1, 3)); }

TEST_P(Determinism, AnotherSeedIsAnotherSample) {
  const std::vector<std::uint64_t> one = of_skipped_release(1, 3), other = of_skipped_release(1, 4);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NE(one[i], other[i]);
}

TEST_P(Determinism, RunsOfOneSeedDiffer) {
  std::vector<std::uint64_t> all = of_skipped_release(1, 3);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

TEST_P(Determinism, FewerRunsAreTheFirstOfMore) {
  std::vector<std::uint64_t> more = of_skipped_release(2, 3);
  more.resize(5);
  EXPECT_EQ(of_skipped_release(2, 3, 5), more);
}

TEST_P(Determinism, OneRunByItselfIsTheRunOfThatNumber) {
  const Scenario s = example("skipped_release");
  const Measurement fifth = simulate_run(s, strategy::explicit_plan(s), options(1, GetParam(), 3), 4, false);
  EXPECT_EQ(fifth.fingerprint, of_skipped_release(1, 3)[4]);
}

TEST_P(Determinism, TellingTheStoryDoesNotChangeIt) {
  const Scenario s = example("wrong_order");
  const RunOptions o = options(1, GetParam(), 3);
  const Measurement told = simulate_run(s, strategy::explicit_plan(s), o, 1, true);
  const Measurement quiet = simulate_run(s, strategy::explicit_plan(s), o, 1, false);
  EXPECT_FALSE(told.timeline.empty());
  EXPECT_EQ(told.fingerprint, quiet.fingerprint);
}

INSTANTIATE_TEST_SUITE_P(Modes, Determinism, ::testing::Bool(),
                         [](const auto& mode) { return mode.param ? "Exact" : "Counted"; });

// Every strategy meets the same requests: traffic that nothing disturbs is the same under all.
TEST(Receipts, OfEveryStrategyShowTheSameArrivals) {
  const Scenario s = example("rename_column");
  const auto of_v1_before_anything = [&](std::string_view strategy) {
    Scenario waits = s;
    waits.time_limit = Duration::seconds(1);  // the plan is given up at once; lead-out follows
    return run(waits, options(1, true, 5), strategy).runs[0].requests;
  };
  EXPECT_EQ(of_v1_before_anything("expand_contract"), of_v1_before_anything("naive"));
}

/// The receipts of three examples.  They change with every change of the engine
/// that changes a prediction; put the new ones in and say so in the changelog.
TEST(Receipts, OfTheExamplesAreTheStoredOnes) {
  const auto receipt = [](const std::string& name, std::string_view strategy) {
    std::uint64_t all = 0;
    for (const std::uint64_t f : fingerprints(run(example(name), options(3, false), strategy))) all = all * 31 + f;
    return all;
  };
  EXPECT_EQ(receipt("rename_column", "expand_contract"), 0x91e8c20d73a3033bULL);
  EXPECT_EQ(receipt("not_null", "safe_not_null"), 0xe4a9492e77b69e4eULL);
  EXPECT_EQ(receipt("wrong_order", "plan"), 0x4097e69d844da8e2ULL);
}

}  // namespace
}  // namespace midflight::testing
