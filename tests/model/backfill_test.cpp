#include "tests/support/closed_forms.h"

// A backfill in batches: how long it takes and whom it meets.

namespace midflight::testing {
namespace {

class Backfill : public BothModes {};
MIDFLIGHT_BOTH_MODES(Backfill);

constexpr double kWrites = 2000;

std::string batches(int rows, int batch, const std::string& latency) {
  return "name: backfill\n"
         "database: {engine: postgresql, version: 15, connections: 5000, cores: unlimited}\n"
         "schema: \"CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));\"\n"
         "tables: {users: {rows: " + std::to_string(rows) + ", row_bytes: 96}}\n"
         "app:\n  instances: 4\n  pool: 200\n"
         "  rollout: {kind: rolling, startup: 1s, drain: 1s}\n"
         "  versions:\n    v1:\n"
         "      - {name: rename, rate: 2000/s, time: 100us, sql: UPDATE users SET name = $1 WHERE id = $2}\n"
         "plan:\n"
         "  - {id: expand, sql: ALTER TABLE users ADD COLUMN full_name varchar(50)}\n"
         "  - {wait: 1s}\n"
         "  - {id: copy, backfill: UPDATE users SET full_name = name WHERE full_name IS NULL, batch: " + std::to_string(batch) + ", pause: 50ms}\n"
         "objective: {latency: " + latency + ", errors: 1%}\n";
}

/// t_b = 40 ms + rows / 100,000 s.
cost::Profile slow_batches() {
  cost::Profile profile = plain_profile();
  profile.batch_s = 0.04;
  profile.batch_rows_per_s = 100e3;
  profile.update_bytes_per_s = 1e12;
  profile.commit_s = 0;
  return profile;
}

double collisions(const Prediction& p) {
  return mean(p, [&](const auto& m) { return step(p, m, "copy").blocked_requests; });
}

//  |-50 ms-|..50 ms..|-50 ms-|..50 ms..| ... |-50 ms-|     60 batches, 59 pauses
TEST_P(Backfill, TakesItsBatchesAndThePausesBetweenThem) {
  const Prediction p = predict(scenario(batches(60000, 1000, "1s")), 5, slow_batches());
  for (const Measurement& m : p.runs) {
    const StepMeasurement& copy = step(p, m, "copy");
    // (N/b)(t_b + p) - p = 60 * 0.1 - 0.05 s.
    EXPECT_NEAR((copy.end - copy.start).seconds(), 5.95, 0.001);
    EXPECT_NEAR(copy.held.seconds(), 0.05, 0.0001);
  }
}

// A writer waits if its row is in the open batch and has been reached.  Rows are
// reached evenly, so over the whole backfill w t_b / 2 writers wait: 2000 * 0.025
// = 50, whatever the number of rows.
TEST_P(Backfill, MeetsWritersInProportionToTheLengthOfABatchAlone) {
  const Prediction small = predict(scenario(batches(30000, 1000, "1s")), 100, slow_batches());
  const Prediction large = predict(scenario(batches(90000, 1000, "1s")), 100, slow_batches());
  expect_near(collisions(small), kWrites * 0.05 / 2, "30 batches");
  expect_near(collisions(large), kWrites * 0.05 / 2, "90 batches");
}

// Half the rows a batch and half the fixed cost: t_b = 25 ms, 25 writers.
TEST_P(Backfill, MeetsHalfTheWritersWithBatchesHalfAsLong) {
  cost::Profile profile = slow_batches();
  profile.batch_s = 0.02;
  const Prediction p = predict(scenario(batches(30000, 500, "1s")), 150, profile);
  expect_near(collisions(p), kWrites * 0.025 / 2, "batches of 25 ms");
}

// A writer who comes u into a batch waits t_b - u.  Late by more than 30 ms are
// those with u < t_b - 30 ms + 0.1 ms of their own: w (0.0201)^2 / (2 t_b) = 8.08.
TEST_P(Backfill, MakesLateThoseWhoComeEarlyInALongBatch) {
  const Prediction p = predict(scenario(batches(30000, 1000, "30ms")), 200, slow_batches());
  const double late = mean(p, [](const auto& m) { return m.delayed_requests; });
  EXPECT_NEAR(late, kWrites * 0.0201 * 0.0201 / (2 * 0.05), 0.6);  // standard error 0.2
}

}  // namespace
}  // namespace midflight::testing
