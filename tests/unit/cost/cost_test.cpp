#include <gtest/gtest.h>

#include "sim/cost/profile.h"

namespace midflight::cost {
namespace {

// Round numbers, so that the sums can be done by hand.
Profile round_profile() {
  Profile p;
  p.metadata_s = 0.01;
  p.commit_s = 0.002;
  p.scan_rows_per_s = 1e6;
  p.scan_bytes_per_s = 100e6;
  p.rewrite_rows_per_s = 1e5;
  p.rewrite_bytes_per_s = 10e6;
  p.index_rows_per_s = 2e5;
  p.index_text_rows_per_s = 5e4;
  p.index_key_rows_per_s = 1e6;
  p.foreign_key_rows_per_s = 25e4;
  p.foreign_key_far_rows_per_s = 1e5;
  p.foreign_key_near_rows = 1e9;
  p.index_check_rows_per_s = 4e5;
  p.update_bytes_per_s = 1e12;
  p.uuid_rows_per_s = 5e5;
  p.update_key_share = 0.1;
  p.update_rows_per_s = 5e4;
  p.batch_s = 0.003;
  p.batch_rows_per_s = 1e5;
  p.spread = 0;
  return p;
}

Schema with_users(std::int64_t rows, std::int64_t row_bytes) {
  Table users;
  users.name = "users";
  users.rows = rows;
  users.row_bytes = row_bytes;
  return {{users}, {}, {}};
}

double seconds(const Work& work, const Schema& schema, const Profile& profile = round_profile()) {
  return duration(work, schema, profile).mean_seconds();
}

TEST(Cost, MetadataDoesNotDependOnTheTable) {
  EXPECT_DOUBLE_EQ(seconds({WorkKind::Metadata, "users"}, with_users(1'000'000'000, 1000)), 0.01);
}

TEST(Cost, ScanIsLimitedByRowsOrByBytesWhicheverIsSlower) {
  // 1e6 rows / 1e6 per s = 1 s;  50 MB / 100 MB per s = 0.5 s;  500 MB take 5 s.
  EXPECT_DOUBLE_EQ(seconds({WorkKind::Scan, "users"}, with_users(1'000'000, 50)), 1.01);
  EXPECT_DOUBLE_EQ(seconds({WorkKind::Scan, "users"}, with_users(1'000'000, 500)), 5.01);
}

TEST(Cost, RewriteAddsOneBuildForEachIndex) {
  // 1e6 rows / 1e5 per s = 10 s (50 MB / 10 MB per s = 5 s), and twice 1 s to read what was written and 1e6 / 2e5 = 5 s.
  EXPECT_DOUBLE_EQ(seconds({WorkKind::Rewrite, "users", 2}, with_users(1'000'000, 50)), 22.01);
  // 200 MB / 10 MB per s = 20 s.
  EXPECT_DOUBLE_EQ(seconds({WorkKind::Rewrite, "users", 0}, with_users(1'000'000, 200)), 20.01);
}

TEST(Cost, IndexBuildReadsAndSortsEveryRow) {
  EXPECT_DOUBLE_EQ(seconds({WorkKind::IndexBuild, "users"}, with_users(1'000'000, 50)), 6.01);
  // 500 MB / 100 MB per s = 5 s.
  EXPECT_DOUBLE_EQ(seconds({WorkKind::IndexBuild, "users"}, with_users(1'000'000, 500)), 10.01);
}

TEST(Cost, TextSortsSlowerThanNumbers) {
  Work work{WorkKind::IndexBuild, "users"};
  work.text_indexes = 1;
  EXPECT_DOUBLE_EQ(seconds(work, with_users(1'000'000, 50)), 21.01);
  // A rewrite with three indexes, one of them on text: 10 s, three scans, twice 5 s and 20 s.
  Work rewrite{WorkKind::Rewrite, "users", 3};
  rewrite.text_indexes = 1;
  EXPECT_DOUBLE_EQ(seconds(rewrite, with_users(1'000'000, 50)), 43.01);
}

TEST(Cost, KeysThatNumberTheRowsAreInOrderAlready) {
  // The scan, and 1e6 rows / 1e6 per s = 1 s.
  Work work{WorkKind::IndexBuild, "users"};
  work.keys = 1;
  EXPECT_DOUBLE_EQ(seconds(work, with_users(1'000'000, 50)), 2.01);
  // A rewrite with two indexes, one of them on such a key: 10 s, two scans, 5 s and 1 s.
  Work rewrite{WorkKind::Rewrite, "users", 2};
  rewrite.keys = 1;
  EXPECT_DOUBLE_EQ(seconds(rewrite, with_users(1'000'000, 50)), 18.01);
}

TEST(Cost, ForeignKeyLooksEachRowUpBesideTheScan) {
  Work work{WorkKind::Scan, "users"};
  work.looked_up = "ghosts";
  // 1e6 rows / 1e6 per s = 1 s and 1e6 / 25e4 = 4 s.
  EXPECT_DOUBLE_EQ(seconds(work, with_users(1'000'000, 50)), 5.01);
  // In a table of as many rows: 1 s to read these, 2 s to put them where they are looked up.
  work.looked_up = "users";
  EXPECT_NEAR(seconds(work, with_users(1'000'000, 50)), 8.01, 1e-3);
}

TEST(Cost, ForeignKeyLooksUpSlowerWhatTheProcessorsCachesDoNotHold) {
  Work work{WorkKind::Scan, "users"};
  work.looked_up = "users";
  Profile p = round_profile();
  p.foreign_key_near_rows = 1e6;
  // 1 s to read each; half of 1.5e6 rows at 25e4 per s = 3 s, the others at 1e5 per s = 7.5 s.
  EXPECT_DOUBLE_EQ(seconds(work, with_users(1'000'000, 50), p), 12.51);
  // Of a table four times as large, 4^1.5 = 8 of 9 are in no cache: 4 + 4 s, 6e6 rows / 9 at 25e4 = 2.6667 s, 8 / 9 at 1e5 = 53.3333 s.
  EXPECT_NEAR(seconds(work, with_users(4'000'000, 50), p), 64.01, 1e-3);
}

TEST(Cost, TheSecondPassOfAConcurrentBuildSortsTheEntriesOfTheIndex) {
  Work work{WorkKind::Scan, "users"};
  work.against_index = true;
  // 1e6 rows / 1e6 per s = 1 s and 1e6 / 4e5 = 2.5 s.
  EXPECT_DOUBLE_EQ(seconds(work, with_users(1'000'000, 50)), 3.51);
}

TEST(Cost, AnUpdateWritesTheBytesOfItsRowsToo) {
  Profile p = round_profile();
  p.update_bytes_per_s = 1e6;
  // 1000 rows at 5e4 per s = 0.02 s; 1000 rows of 50 bytes at 1e6 per s = 0.05 s.
  EXPECT_DOUBLE_EQ(seconds({WorkKind::Update, "users", 0, 1000}, with_users(1'000'000, 50), p), 0.07);
  EXPECT_DOUBLE_EQ(batch_duration(1000, 50, p).mean_seconds(), 0.003 + 0.01 + 0.05 + 0.002);
}

TEST(Cost, RandomUuidsAreDrawnForEachRowOfARewrite) {
  Work plain{WorkKind::Rewrite, "users"}, drawing = plain;
  drawing.uuids = 2;
  // 2 * 1e6 / 5e5 = 4 s more.
  EXPECT_DOUBLE_EQ(seconds(drawing, with_users(1'000'000, 50)) - seconds(plain, with_users(1'000'000, 50)), 4);
}

TEST(Cost, PrimaryKeyCostsAnUpdateItsOwnShare) {
  Work work{WorkKind::Update, "users", 2};
  work.keys = 1;
  // 1e6 rows / 5e4 per s = 20 s, times 1 + 0.3 + 0.1.
  EXPECT_NEAR(seconds(work, with_users(1'000'000, 50)), 28, 1e-3);
}

TEST(Cost, UpdatePaysForEachIndexAndOnlyForItsRows) {
  // 1e6 rows / 5e4 per s = 20 s, times 1 + 2 * 0.3.
  EXPECT_NEAR(seconds({WorkKind::Update, "users", 2}, with_users(1'000'000, 50)), 32, 1e-3);
  EXPECT_NEAR(seconds({WorkKind::Update, "users", 0, 100}, with_users(1'000'000, 50)), 0.002, 1e-7);
}

TEST(Cost, BatchIsAFixedPartItsRowsAndTheCommit) {
  EXPECT_DOUBLE_EQ(batch_duration(1000, 80, round_profile()).mean_seconds(), 0.003 + 0.01 + 80e3 / 1e12 + 0.002);
}

TEST(Cost, SpreadKeepsTheModelAsTheMedian) {
  Profile spread = round_profile();
  spread.spread = 0.2;
  const Distribution d = duration({WorkKind::Metadata, "users"}, with_users(1, 1), spread);
  EXPECT_EQ(d.kind, Distribution::Kind::Lognormal);
  EXPECT_DOUBLE_EQ(d.a, 0.01);
  EXPECT_NEAR(d.tail(Duration::milliseconds(10)), 0.5, 1e-9);
}

TEST(Cost, UnknownRelationHasNoRows) {
  EXPECT_DOUBLE_EQ(seconds({WorkKind::Scan, "ghosts"}, with_users(1'000'000, 50)), 0.01);
}

TEST(Cost, ViewCostsWhatItsTableCosts) {
  Schema schema = with_users(1'000'000, 50);
  schema.views.push_back({"people", "users", {}, ""});
  EXPECT_DOUBLE_EQ(seconds({WorkKind::Scan, "people"}, schema), 1.01);
}

TEST(Cost, DefaultRewriteOfAMillionRowsOf369MegabytesTakesTheSecondsThatWereSeen) {
  // An ALTER TYPE of 1,000,000 rows and 369 MB with its indexes took 2.3 s on a local disk.
  const Profile profile = default_profile({Engine::Postgresql, 15});
  const double predicted = seconds({WorkKind::Rewrite, "users", 1}, with_users(1'000'000, 340), profile);
  EXPECT_GT(predicted, 1.5);
  EXPECT_LT(predicted, 4.6);
}

TEST(Cost, EnginesHaveTheirOwnDefaults) {
  EXPECT_NE(default_profile({Engine::Postgresql, 15}).update_rows_per_s, default_profile({Engine::Sqlite, 340}).update_rows_per_s);
}

}  // namespace
}  // namespace midflight::cost
