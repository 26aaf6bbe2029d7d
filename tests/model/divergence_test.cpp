#include <cmath>

#include "tests/support/closed_forms.h"

// Rows whose new column falls behind because the backfill came too early.

namespace midflight::testing {
namespace {

class Divergence : public BothModes {};
MIDFLIGHT_BOTH_MODES(Divergence);

constexpr double kRows = 2000, kWrites = 40, kReads = 40;
constexpr double kPerRow = kWrites / kRows;  // r

/// 4 instances, surge 1, unavailable 1.  The backfill is one batch, at 1 s; v1.1 follows 10 s later.
const char* const kTooEarly = R"yaml(
name: backfill before v1 is gone
database: {engine: postgresql, version: 15, connections: 5000, cores: unlimited}
schema: "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));"
tables: {users: {rows: 2000, row_bytes: 96}}
app:
  instances: 4
  pool: 100
  rollout: {kind: rolling, max_surge: 25%, max_unavailable: 25%, startup: 10s, drain: 2s}
  versions:
    v1:
      - {name: profile, rate: 40/s, time: 1ms, sql: SELECT name FROM users WHERE id = $1}
      - {name: rename, rate: 40/s, time: 1ms, sql: UPDATE users SET name = $1 WHERE id = $2}
change: ALTER TABLE users RENAME COLUMN name TO full_name
plan:
  - {id: expand, sql: ALTER TABLE users ADD COLUMN full_name varchar(50)}
  - {wait: 1s}
  - {id: copy, backfill: UPDATE users SET full_name = name WHERE full_name IS DISTINCT FROM name, batch: 2000}
  - {wait: 10s}
  - {id: double-write, deploy: v1.1}
  - {id: read-new, deploy: v1.2}
objective: {latency: 1s, errors: 1%}
)yaml";

// A row has diverged if its last write since the backfill came from v1.
// From the backfill on, v1's share of the writes is 1 for 10 s of waiting and
// 10 s of start-up, 1/3 for the next 10 s (1 old and 2 new serve), then 0 for
// 12 s: 2 s of drain and v1.2's start-up, when somebody first reads the new column.
//   P = e^(-12 r) [ (1 - e^(-10 r)) / 3 + e^(-10 r) (1 - e^(-20 r)) ],  r = w/N = 0.02
//     = 0.2599: 519.7 rows.
double diverged_when_first_read() {
  const double r = kPerRow;
  return kRows * std::exp(-12 * r) * ((1 - std::exp(-10 * r)) / 3 + std::exp(-10 * r) * (1 - std::exp(-20 * r)));
}

TEST_P(Divergence, LastWritesOfTheOldVersionAreMisreadByTheNext) {
  const Prediction p = predict(scenario(kTooEarly), 60, plain_profile());
  expect_near(diverged_when_first_read(), 519.7, "the sum by hand");
  expect_near(mean(p, [](const auto& m) { return m.diverged_rows_peak; }), 519.7, "peak");
  // Versions that write both repair what they touch: 12 s of rollout and 5 s of
  // lead-out later e^(-17 r) of them are left.
  expect_near(mean(p, [](const auto& m) { return m.diverged_rows; }), 519.7 * std::exp(-17 * kPerRow), "at the end");
  // Nothing is lost while the old column is there.
  EXPECT_EQ(mean(p, [](const auto& m) { return m.lost_writes; }), 0);
}

// Of R = 40 reads a second, v1.2 has 2/3 for 10 s (1 old and 2 new serve) and
// then all; d(t) falls as e^(-r t):
//   R / N * 519.7 [ 2/3 (1 - e^(-10 r)) / r + (e^(-10 r) - e^(-17 r)) / r ] = 10.394 * [6.042 + 5.348] = 118.4.
TEST_P(Divergence, StaleReadsAreTheReadsOfThoseRows) {
  const Prediction p = predict(scenario(kTooEarly), 60, plain_profile());
  const double r = kPerRow;
  const double by_hand = kReads / kRows * diverged_when_first_read() *
                         (2 / 3.0 * (1 - std::exp(-10 * r)) / r + (std::exp(-10 * r) - std::exp(-17 * r)) / r);
  EXPECT_NEAR(by_hand, 118.4, 0.1);
  expect_near(mean(p, [](const auto& m) { return m.stale_reads; }), by_hand, "stale reads");
}

// The old column dropped while its last values were never copied: every
// diverged row is a lost write, less what v1.2 repaired meanwhile.
TEST_P(Divergence, DroppingTheOldColumnLosesWhatWasNeverCopied) {
  std::string with_drop = kTooEarly;
  with_drop.insert(with_drop.find("objective:"), "  - {id: contract, sql: ALTER TABLE users DROP COLUMN name}\n");
  const Prediction p = predict(scenario(with_drop), 60, plain_profile());
  // The drop comes when the rollout is done, 12 s after the first read.  v1.2
  // writes the old column too, so from then on nothing repairs anything: its writes fail.
  expect_near(mean(p, [](const auto& m) { return m.lost_writes; }), diverged_when_first_read() * std::exp(-12 * kPerRow), "lost");
}

}  // namespace
}  // namespace midflight::testing
