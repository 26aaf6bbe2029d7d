#include <gtest/gtest.h>

#include <cmath>

#include "backends/calibrate/fit.h"
#include "backends/calibrate/least_squares.h"
#include "sim/io/profile.h"

namespace midflight::backends {
namespace {

TEST(LeastSquares, FindsALineThroughItsPoints) {
  // y = 2 + 3 x, seen at 0, 1 and 2.
  const auto residuals = [](const std::vector<double>& p) {
    return std::vector<double>{p[0] - 2, p[0] + p[1] - 5, p[0] + 2 * p[1] - 8};
  };
  const std::vector<double> found = least_squares(residuals, {0, 0});
  EXPECT_NEAR(found[0], 2, 1e-6);
  EXPECT_NEAR(found[1], 3, 1e-6);
}

TEST(LeastSquares, FindsTheMiddleOfWhatDisagrees) {
  // (p - 1)^2 + (p - 2)^2 + (p - 6)^2 is least at 3.
  const auto residuals = [](const std::vector<double>& p) { return std::vector<double>{p[0] - 1, p[0] - 2, p[0] - 6}; };
  EXPECT_NEAR(least_squares(residuals, {100})[0], 3, 1e-6);
}

TEST(LeastSquares, LeavesAloneWhatNothingDependsOn) {
  const auto residuals = [](const std::vector<double>& p) { return std::vector<double>{std::exp(p[0]) - 4}; };
  const std::vector<double> found = least_squares(residuals, {0, 0.7});
  EXPECT_NEAR(found[0], std::log(4), 1e-6);
  EXPECT_EQ(found[1], 0.7);
}

Observation seen(const Work& work, std::int64_t rows, std::int64_t row_bytes, const cost::Profile& truth) {
  Observation observation;
  observation.works = {work};
  Table table;
  table.name = "work";
  table.rows = rows;
  table.row_bytes = row_bytes;
  observation.schema.tables = {table};
  observation.seconds = {predicted_s(observation, truth)};
  return observation;
}

Observation seen_batch(std::int64_t rows, const cost::Profile& truth) {
  Observation observation;
  observation.batch_rows = rows;
  observation.seconds = {predicted_s(observation, truth)};
  return observation;
}

std::vector<Observation> everything_seen(const cost::Profile& truth) {
  std::vector<Observation> all = {seen_batch(100, truth), seen_batch(10'000, truth)};
  Work text{WorkKind::IndexBuild, "work"}, references{WorkKind::Scan, "work"};
  text.text_indexes = 1;
  references.looked_up = "nothing";
  Work hashed = references, drawing{WorkKind::Rewrite, "work"}, keyed{WorkKind::Update, "work", 1};
  Work checked{WorkKind::Scan, "work"}, numbered{WorkKind::IndexBuild, "work"};
  checked.against_index = true;
  numbered.keys = 1;
  hashed.looked_up = "work";
  drawing.uuids = 1;
  keyed.keys = 1;
  for (const auto& [rows, bytes] : {std::pair{1'000'000, 50}, {500'000, 80}, {200'000, 2000}, {1000, 100}}) {
    for (const Work& work : {Work{WorkKind::Metadata, "work"}, Work{WorkKind::Scan, "work"}, references, hashed, drawing, keyed, Work{WorkKind::IndexBuild, "work"}, text, numbered, checked,
                             Work{WorkKind::Rewrite, "work"}, Work{WorkKind::Rewrite, "work", 3}, Work{WorkKind::Update, "work"},
                             Work{WorkKind::Update, "work", 2}}) {
      all.push_back(seen(work, rows, bytes, truth));
    }
  }
  return all;
}

TEST(Fit, FindsTheProfileBehindWhatItMakes) {
  cost::Profile truth;
  truth.metadata_s = 0.0007;
  truth.scan_rows_per_s = 9e6;
  truth.scan_bytes_per_s = 0.9e9;
  truth.rewrite_rows_per_s = 0.6e6;
  truth.rewrite_bytes_per_s = 90e6;
  truth.foreign_key_rows_per_s = 1e6;
  truth.foreign_key_far_rows_per_s = 0.2e6;
  truth.foreign_key_near_rows = 150e3;
  truth.index_check_rows_per_s = 3e6;
  truth.update_bytes_per_s = 30e6;
  truth.uuid_rows_per_s = 0.5e6;
  truth.update_key_share = 0.15;
  truth.index_rows_per_s = 4e6;
  truth.index_text_rows_per_s = 0.9e6;
  truth.index_key_rows_per_s = 7e6;
  truth.update_rows_per_s = 70e3;
  truth.update_index_share = 0.8;
  truth.batch_s = 0.0004;
  truth.batch_rows_per_s = 60e3;
  const cost::Profile found = fitted(everything_seen(truth), cost::Profile{});
  for (const auto parameter : {&cost::Profile::metadata_s, &cost::Profile::scan_rows_per_s, &cost::Profile::scan_bytes_per_s,
                               &cost::Profile::rewrite_rows_per_s, &cost::Profile::rewrite_bytes_per_s, &cost::Profile::foreign_key_rows_per_s,
                               &cost::Profile::foreign_key_far_rows_per_s, &cost::Profile::foreign_key_near_rows,
                               &cost::Profile::index_rows_per_s, &cost::Profile::index_text_rows_per_s, &cost::Profile::index_key_rows_per_s, &cost::Profile::update_rows_per_s,
                               &cost::Profile::update_index_share, &cost::Profile::update_key_share,
                               &cost::Profile::index_check_rows_per_s, &cost::Profile::update_bytes_per_s, &cost::Profile::uuid_rows_per_s, &cost::Profile::batch_s, &cost::Profile::batch_rows_per_s}) {
    EXPECT_NEAR(found.*parameter / (truth.*parameter), 1, 0.01);
  }
  EXPECT_DOUBLE_EQ(found.spread, 0.03);  // nothing is left over: the least that is believed
}

TEST(Fit, WhatIsTooFastToMeasureStillMakesAProfileThatIsRead) {
  std::vector<Observation> all = everything_seen(cost::Profile{});
  for (Observation& one : all) one.seconds = {1e-9};
  const cost::Profile found = fitted(all, cost::Profile{});
  const cost::Profile read = io::parse_profile(io::profile_text(found), "profile.yaml", cost::Profile{});
  EXPECT_DOUBLE_EQ(read.scan_bytes_per_s, found.scan_bytes_per_s);
}

TEST(Fit, WhatTheModelCannotExplainIsSpread) {
  const cost::Profile truth;
  Observation one = seen({WorkKind::Metadata, "work"}, 1000, 100, truth);
  // Twice as long and half as long around the median: ln 2 each, and 0: sqrt(2/3) ln 2 = 0.566.
  one.seconds = {0.001, 0.002, 0.004};
  const cost::Profile found = fitted({one}, cost::Profile{});
  EXPECT_NEAR(found.metadata_s, 0.002, 1e-6);
  EXPECT_NEAR(found.spread, 0.566, 0.001);
}

TEST(Fit, ResidualsAreToldByFamily) {
  cost::Profile twice;
  Observation a = seen({WorkKind::Metadata, "work"}, 1, 1, twice), b = a;
  a.family = b.family = "metadata";
  b.seconds = {a.seconds.front() * 2};
  const auto residuals = residuals_by_family({a, b}, twice);
  ASSERT_EQ(residuals.size(), 1U);
  EXPECT_EQ(residuals[0].times, 2);
  EXPECT_DOUBLE_EQ(residuals[0].error, 0.25);        // 0 and 50%
  EXPECT_DOUBLE_EQ(residuals[0].error_worst, 0.5);
}

}  // namespace
}  // namespace midflight::backends
