#include "sim/run/row_states.h"

#include <array>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace midflight {
namespace {

/// One row, seen from outside: how readers of either column fare, and which
/// column alone would lose its last value.
std::string row(const RowStates& r) {
  std::string text;
  if (r.misread_old() > 0) text += "old-misread ";
  if (r.misread_new() > 0) text += "new-misread ";
  if (r.unset() > 0) text += "unset ";
  if (r.differing() > 0) text += "differs ";
  return text;
}

RowStates one_expanded_row() {
  RowStates r(1);
  r.expand(false);
  return r;
}

void copy_all(RowStates& r, bool only_null) {
  Random random({1, 0, 0});
  r.begin_backfill(only_null);
  r.copy(r.rows(), random);
  r.end_backfill();
}

TEST(RowStates, NewColumnBeginsEmpty) { EXPECT_EQ(row(one_expanded_row()), "new-misread unset differs "); }

TEST(RowStates, NewColumnWithADefaultHoldsSomethingElse) {
  RowStates r(1);
  r.expand(true);
  EXPECT_EQ(row(r), "new-misread differs ");
}

TEST(RowStates, WritesBeforeTheColumnIsThereChangeNothing) {
  RowStates r(1);
  r.update(PairWrite::Old, 0);
  EXPECT_EQ(row(r), "");
  EXPECT_EQ(r.diverged(true, true), 0);
}

TEST(RowStates, WriteToBothSettlesARow) {
  RowStates r = one_expanded_row();
  r.update(PairWrite::Both, 0);
  EXPECT_EQ(row(r), "");
}

TEST(RowStates, OldVersionsWriteLeavesAFilledNewColumnBehind) {
  RowStates r = one_expanded_row();
  copy_all(r, false);
  EXPECT_EQ(row(r), "");
  r.update(PairWrite::Old, 0);
  EXPECT_EQ(row(r), "new-misread differs ");
}

TEST(RowStates, OldVersionsWriteLeavesAnEmptyNewColumnEmpty) {
  RowStates r = one_expanded_row();
  r.update(PairWrite::Old, 0);
  EXPECT_EQ(row(r), "new-misread unset differs ");
}

TEST(RowStates, NewVersionsWriteLeavesTheOldColumnBehind) {
  RowStates r = one_expanded_row();
  r.update(PairWrite::New, 0);
  EXPECT_EQ(row(r), "old-misread differs ");
  EXPECT_EQ(r.lost(true, true), 0);
  EXPECT_EQ(r.lost(true, false), 1);
  EXPECT_EQ(r.lost(false, true), 0);
}

TEST(RowStates, BackfillByDifferenceRepairsWhatAnOldVersionOverwrote) {
  RowStates r = one_expanded_row();
  r.update(PairWrite::Both, 0);
  r.update(PairWrite::Old, 0);
  copy_all(r, false);
  EXPECT_EQ(row(r), "");
}

TEST(RowStates, BackfillOfEmptyColumnsDoesNot) {
  RowStates r = one_expanded_row();
  r.update(PairWrite::Both, 0);
  r.update(PairWrite::Old, 0);
  copy_all(r, true);
  EXPECT_EQ(row(r), "new-misread differs ");
}

TEST(RowStates, BackfillByDifferenceCopiesAnOlderValueOverANewerOne) {
  RowStates r = one_expanded_row();
  r.update(PairWrite::New, 0);
  copy_all(r, false);
  EXPECT_EQ(row(r), "old-misread new-misread differs ");
  EXPECT_EQ(r.lost(true, true), 1);
}

TEST(RowStates, DroppingAColumnLosesWhatItAloneHeld) {
  RowStates r = one_expanded_row();
  EXPECT_EQ(r.lost(true, true), 0);
  EXPECT_EQ(r.lost(false, true), 1);
}

TEST(RowStates, RowsInsertedDuringABackfillAreNotVisited) {
  RowStates r = one_expanded_row();
  Random random({1, 0, 0});
  r.begin_backfill(false);
  r.insert(PairWrite::Old);
  r.copy(1000, random);
  r.end_backfill();
  EXPECT_EQ(r.rows(), 2);
  EXPECT_EQ(r.unset(), 1);
}

TEST(RowStates, InsertsStartAsTheirVersionKnowsThem) {
  RowStates r(0);
  r.expand(false);
  r.insert(PairWrite::Old);
  EXPECT_EQ(row(r), "new-misread unset differs ");
  RowStates both(0);
  both.expand(false);
  both.insert(PairWrite::Both);
  EXPECT_EQ(row(both), "");
}

TEST(RowStates, EraseTakesRowsUntilThereAreNone) {
  RowStates r(2);
  r.expand(false);
  for (int i = 0; i < 3; ++i) r.erase(0);
  EXPECT_EQ(r.rows(), 0);
  r.update(PairWrite::Both, 0);
  EXPECT_EQ(r.rows(), 0);
}

TEST(RowStates, CopyTakesStatesInTheirProportionsAndExactlyAsManyRows) {
  double settled = 0;
  constexpr int kRuns = 2000;
  for (int i = 0; i < kRuns; ++i) {
    RowStates r(100);
    r.expand(false);
    for (std::uint64_t k = 0; k < 40; ++k) r.update(PairWrite::Both, k << 58);
    Random random({2, static_cast<std::uint64_t>(i), 0});
    const std::int64_t before = r.unset();
    r.begin_backfill(true);
    r.copy(7, random);
    EXPECT_EQ(r.rows(), 100);
    settled += static_cast<double>(before - r.unset()) / 7 / (static_cast<double>(before) / 100);
  }
  EXPECT_NEAR(settled / kRuns, 1, 0.01);
}

/// What evolve() draws at once, one write at a time.
void write_one_by_one(RowStates& r, const RowStates::Rates& rates, double length_s, Random& random) {
  double all = rates.erase;
  for (std::size_t k = 0; k < 4; ++k) all += rates.update[k] + rates.insert[k];
  for (double t = draw::exponential(random) / all; t < length_s; t += draw::exponential(random) / all) {
    double at = random.uniform() * all;
    for (std::size_t k = 0; k < 4 && at >= 0; ++k) {
      if ((at -= rates.update[k]) < 0) r.update(static_cast<PairWrite>(k), random.next());
      else if ((at -= rates.insert[k]) < 0) r.insert(static_cast<PairWrite>(k));
    }
    if (at >= 0) r.erase(random.next());
  }
}

using Numbers = std::array<double, 6>;

Numbers numbers(const RowStates& r) {
  Numbers n{};
  const std::array<std::int64_t, 6> counts = {r.rows(), r.misread_old(), r.misread_new(), r.unset(), r.differing(), r.lost(true, true)};
  for (std::size_t i = 0; i < n.size(); ++i) n[i] = static_cast<double>(counts[i]);
  return n;
}

struct Evolution {
  const char* name;
  RowStates::Rates rates;
  int pieces;        ///< the length of 20 s is drawn in so many
  bool backfill;     ///< half done
};

class EvolvedRows : public ::testing::TestWithParam<Evolution> {
 protected:
  static RowStates begin(std::uint64_t run) {
    Random random({3, run, 0});
    RowStates r(400);
    r.expand(false);
    for (int i = 0; i < 100; ++i) r.update(PairWrite::Both, random.next());
    for (int i = 0; i < 50; ++i) r.update(PairWrite::Old, random.next());
    for (int i = 0; i < 30; ++i) r.update(PairWrite::New, random.next());
    if (GetParam().backfill) {
      r.begin_backfill(false);
      r.copy(200, random);
    }
    return r;
  }
};

// Means of both within three standard errors of their difference, 4000 runs each.
TEST_P(EvolvedRows, HaveTheMeansOfSingleWrites) {
  constexpr int kRuns = 4000;
  Numbers sum{}, square{};
  for (int run = 0; run < kRuns; ++run) {
    const auto n = static_cast<std::uint64_t>(run);
    RowStates one = begin(n), at_once = begin(n + kRuns);
    Random random({4, n, 0}), other({5, n, 0});
    write_one_by_one(one, GetParam().rates, 20, random);
    for (int i = 0; i < GetParam().pieces; ++i) at_once.evolve(GetParam().rates, 20.0 / GetParam().pieces, other);
    const Numbers a = numbers(one), b = numbers(at_once);
    for (std::size_t i = 0; i < a.size(); ++i) sum[i] += a[i] - b[i], square[i] += (a[i] - b[i]) * (a[i] - b[i]);
  }
  const char* const names[] = {"rows", "misread old", "misread new", "unset", "differing", "lost"};
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const double mean = sum[i] / kRuns, deviation = std::sqrt(std::max(square[i] / kRuns - mean * mean, 0.0));
    EXPECT_LE(std::fabs(mean), 3 * deviation / std::sqrt(kRuns) + 1e-9) << names[i] << ": " << mean;
  }
}

RowStates::Rates rates(std::array<double, 4> update, std::array<double, 4> insert, double erase) {
  RowStates::Rates r;
  r.update = update;
  r.insert = insert;
  r.erase = erase;
  return r;
}

INSTANTIATE_TEST_SUITE_P(
    Writers, EvolvedRows,
    ::testing::Values(Evolution{"old_version_alone", rates({0, 8, 0, 0}, {0, 0, 0, 0}, 0), 1, false},
                      Evolution{"old_and_double", rates({0, 5, 7, 0}, {0, 0, 0, 0}, 0), 4, false},
                      Evolution{"double_and_new", rates({0, 0, 6, 4}, {0, 0, 0, 0}, 0), 4, false},
                      Evolution{"all_three", rates({0, 3, 4, 5}, {0, 0, 0, 0}, 0), 4, true},
                      Evolution{"rows_come", rates({0, 4, 4, 0}, {0, 3, 2, 0}, 0), 40, true},
                      Evolution{"rows_come_and_go", rates({0, 4, 4, 0}, {0, 2, 1, 0}, 6), 40, true}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace midflight
