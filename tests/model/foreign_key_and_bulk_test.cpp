#include "tests/support/closed_forms.h"

// What is neither the table of a request nor a column that moves still counts.

namespace midflight::testing {
namespace {

class PartnersAndBulk : public BothModes {};

//  0 s                 1 s                      6 s
//   |--- ALTER users asks: the report holds it ---|
//        sign-ups into orders wait: each checks its user
TEST_P(PartnersAndBulk, AWriterOfTheChildWaitsForTheParentsLock) {
  const Scenario s = scenario(
      "name: foreign key\n"
      "database: {engine: postgresql, version: 15, connections: 500, cores: unlimited}\n"
      "schema: \"CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users);\"\n"
      "tables: {users: {rows: 1000, row_bytes: 96}, orders: {rows: 1000, row_bytes: 96}}\n"
      "app:\n  instances: 1\n  pool: 400\n  pool_timeout: 1min\n  request_timeout: 1min\n"
      "  rollout: {kind: rolling, startup: 1s, drain: 1s}\n"
      "  versions:\n    v1:\n"
      "      - {name: order, rate: 50/s, time: 1ms, sql: \"INSERT INTO orders (id, user_id) VALUES ($1, $2)\"}\n"
      "background:\n  - {name: report, at: 0s, time: 6s, sql: SELECT count(*) FROM users}\n"
      "plan:\n  - {wait: 1s}\n  - {id: alter, sql: ALTER TABLE users ADD COLUMN x text}\n");
  const Prediction p = predict(s, 40, cost::Profile{});
  // 50/s for 5 s wait; those of the first 4 s wait longer than the objective of 1 s.
  double blocked = 0, delayed = 0;
  for (const Measurement& m : p.runs) {
    blocked += static_cast<double>(m.steps[1].blocked_requests) / 40;
    delayed += static_cast<double>(m.delayed_requests) / 40;
  }
  expect_near(blocked, 250, "blocked requests");
  expect_near(delayed, 200, "delayed requests");
}

//  100 batches of 1,000 rows, 20 ms apart: nothing moves between columns
TEST_P(PartnersAndBulk, ABackfillOfAConstantTakesItsBatchesAndPauses) {
  cost::Profile profile;
  profile.batch_s = 0.005;
  profile.commit_s = 0.001;
  profile.batch_rows_per_s = 200'000;
  profile.update_bytes_per_s = 1e12;
  profile.spread = 0;
  const Scenario s = scenario(one_reader(
      "20/s", "plan:\n  - {id: fill, backfill: UPDATE users SET name = 'x', batch: 1000, pause: 20ms}\n"));
  const Prediction p = predict(s, 5, profile);
  // 100,000 / 1,000 batches of 5 ms + 1,000 / 200,000 s, each with 1 ms to commit, and a pause after
  // all but the last: 100 x 11 ms + 99 x 20 ms = 3.08 s
  for (const Measurement& m : p.runs) {
    EXPECT_TRUE(m.completed);
    expect_near(m.total_time.seconds(), 3.08, "total time");
  }
}

MIDFLIGHT_BOTH_MODES(PartnersAndBulk);

}  // namespace
}  // namespace midflight::testing
