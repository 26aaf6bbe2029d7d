#include "tests/support/closed_forms.h"

// A rewrite leaves the old files behind: they go at the end of the commit, when the locks are free already.

namespace midflight::testing {
namespace {

class Removal : public BothModes {};
MIDFLIGHT_BOTH_MODES(Removal);

/// 100,000 rows of 96 bytes are written anew in a second, and the files they were in go in another.
cost::Profile slow_disk() {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 0.01;
  profile.commit_s = 0;
  profile.rewrite_rows_per_s = 1e5;
  profile.rewrite_bytes_per_s = 1e12;
  profile.index_rows_per_s = profile.index_text_rows_per_s = profile.index_key_rows_per_s = 1e12;
  profile.removal_bytes_per_s = 9.6e6;
  return profile;
}

constexpr const char* kRewrite =
    "plan:\n"
    "  - {id: rewrite, sql: ALTER TABLE users ALTER COLUMN id TYPE integer, statement_timeout: 1500ms}\n"
    "  - {id: add, sql: ALTER TABLE users ADD COLUMN x int}\n";

TEST_P(Removal, NobodyWaitsForIt) {
  const Prediction p = predict(scenario(one_reader("200/s", kRewrite)), 3, slow_disk());
  for (const Measurement& m : p.runs) {
    EXPECT_TRUE(m.completed) << m.why_incomplete;
    expect_near(step(p, m, "rewrite").held.seconds(), 1.01, "held");
    expect_near(m.stall.seconds(), 1.01, "stall");
  }
}

TEST_P(Removal, TheStatementIsNotOverBefore) {
  const Prediction p = predict(scenario(one_reader("200/s", kRewrite)), 3, slow_disk());
  for (const Measurement& m : p.runs) {
    const StepMeasurement& rewrite = step(p, m, "rewrite");
    expect_near((rewrite.end - rewrite.start).seconds(), 2.01, "rewrite");
    expect_near((step(p, m, "add").start - rewrite.start).seconds(), 2.01, "the next step");
  }
}

TEST_P(Removal, IsNothingWhereNobodyMeasuredIt) {
  cost::Profile profile = slow_disk();
  profile.removal_bytes_per_s = 0;
  const Prediction p = predict(scenario(one_reader("200/s", kRewrite)), 3, profile);
  for (const Measurement& m : p.runs) expect_near(m.total_time.seconds(), 1.02, "total");
}

}  // namespace
}  // namespace midflight::testing
