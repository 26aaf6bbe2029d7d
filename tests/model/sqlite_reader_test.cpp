#include "tests/support/closed_forms.h"

// SQLite with a rollback journal: a long reader holds up a commit, and the
// commit that waits keeps new readers out.

namespace midflight::testing {
namespace {

class SqliteReader : public BothModes {};

std::string long_reader() {
  return "name: long reader\n"
         "database: {engine: sqlite, version: '3.40', cores: unlimited, journal: delete, busy_timeout: 20s}\n"
         "schema: \"CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));\"\n"
         "tables: {users: {rows: 100000, row_bytes: 96}}\n"
         "app:\n  instances: 10\n  pool: 1000\n  pool_timeout: 1min\n  request_timeout: 30s\n"
         "  rollout: {kind: rolling, startup: 1s, drain: 1s}\n"
         "  versions:\n    v1:\n"
         "      - {name: profile, rate: 200/s, time: 1ms, sql: SELECT name FROM users WHERE id = $1}\n"
         "      - {name: rename, rate: 40/s, time: 1ms, sql: UPDATE users SET name = $1 WHERE id = $2}\n"
         "background:\n  - {name: report, at: 2s, time: 10s, sql: SELECT count(*) FROM users}\n"
         "plan:\n  - {wait: 3s}\n";
}

//  0        2   2.025            8           12
//  |--------|report--------------|-----------|
//               |commit waits, nobody reads--|
//                                ^ the last request arrives (3 s of plan, 5 s of traffic after it)
// Whoever arrives from 2 + 1/40 s on is answered at 12, more than a second
// late.  Downtime is arrival time: 8 - 2.025 = 5.975 s, not the 9.975 s until
// the queue is empty.
TEST_P(SqliteReader, DowntimeEndsWithTheTrafficHoweverLongTheQueueDrains) {
  const Prediction p = predict(scenario(long_reader()), 40, plain_profile());
  expect_near(mean(p, [](const auto& m) { return m.downtime.seconds(); }), 5.975, "downtime");
  for (const Measurement& m : p.runs) EXPECT_LE(m.downtime, Duration::seconds(6));
}

MIDFLIGHT_BOTH_MODES(SqliteReader);

}  // namespace
}  // namespace midflight::testing
