#include <gtest/gtest.h>

#include "sim/io/profile.h"
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
  const std::string text = refusal("metadata: 1\nscan_rows_per_s: 0\nspread: .nan\nherd_efficiency: 2\ncommit_s: 1ms\n");
  EXPECT_TRUE(says(text, "p.yaml:1:1: unknown key `metadata`; did you mean `metadata_s`?"));
  EXPECT_TRUE(says(text, "p.yaml:2:18: `scan_rows_per_s` must be a number from 1"));
  EXPECT_TRUE(says(text, "p.yaml:3:9: `spread` is `.nan`: not a number"));
  EXPECT_TRUE(says(text, "p.yaml:4:18: `herd_efficiency` must be a number from 0.01 to 1, not `2`"));
  EXPECT_TRUE(says(text, "p.yaml:5:11: `commit_s` is `1ms`: not a number"));
}

}  // namespace
}  // namespace midflight::io
