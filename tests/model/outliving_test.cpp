#include "tests/support/closed_forms.h"

// A statement between whose phases older transactions must end: what ends the wait.

namespace midflight::testing {
namespace {

class Outliving : public BothModes {};
MIDFLIGHT_BOTH_MODES(Outliving);

cost::Profile simple_sums() {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 0.01;
  profile.commit_s = 0;
  profile.index_rows_per_s = profile.index_text_rows_per_s = profile.index_key_rows_per_s = 1e6;
  profile.index_check_rows_per_s = 1e12;
  profile.scan_rows_per_s = 1e7;
  profile.update_rows_per_s = 1.3e5;  // with an index to keep up 30% more: 1 s for the 100,000 rows
  profile.update_bytes_per_s = 1e12;
  return profile;
}

//       0      0.1        1     1.11         4.11
//  both |------ UPDATE ---|wait|ALTER|
//  index       |----wait-------X     pause   |drop, create|
// The index holds ShareUpdateExclusiveLock and waits for the writer; the ALTER of that same
// transaction waits for the index.  Of the two the index has waited for the deadlock_timeout
// of 1 s first, from 0.11 s on.
// The try behind the pause: three changes of the catalog to drop what was left, then four,
// a build of 100,000 rows in 10 and 100 ms and a scan of them in 10 ms.
TEST_P(Outliving, AWaitForAWriterThatWaitsForUsIsADeadlock) {
  const Prediction p = predict(
      scenario(one_reader("50/s",
                          "plan:\n"
                          "  - {id: both, sql: [UPDATE users SET name = 'x', ALTER TABLE users ADD COLUMN x int], after: []}\n"
                          "  - {id: later, wait: 100ms, after: []}\n"
                          "  - {id: index, sql: CREATE INDEX CONCURRENTLY by_name ON users (name), "
                          "retry: {tries: 2, pause: 3s}, after: [later]}\n")),
      3, simple_sums());
  for (const Measurement& m : p.runs) {
    EXPECT_TRUE(m.completed) << m.why_incomplete;
    EXPECT_EQ(step(p, m, "both").tries, 1);
    EXPECT_NEAR(step(p, m, "both").lock_wait.seconds(), 0.11, 0.003);
    EXPECT_EQ(step(p, m, "index").tries, 2);
    EXPECT_NEAR(step(p, m, "index").lock_wait.seconds(), 1, 0.003);
    EXPECT_NEAR(m.total_time.seconds(), 4.11 + 0.03 + 0.16, 0.003);
  }
}

//          0     0.1  0.14               1.11  1.12     1.13
//  reindex |------ a ---------------------|wait|-- b ----|
//  index         |---|------ wait --------|----|
// REINDEX of a million rows of a takes 0.1 and 1 s and the fixed 10 ms, and commits before it goes on to b,
// of which nothing but the fixed part is left.  The new index on b waits for its snapshot of a only; else
// each would wait for the other.
TEST_P(Outliving, AWaitForASnapshotEndsWhenAStatementCommitsBetweenItsTables) {
  std::string yaml = one_reader("50/s", "plan:\n"
                                        "  - {id: reindex, sql: REINDEX SCHEMA public, after: []}\n"
                                        "  - {id: later, wait: 100ms, after: []}\n"
                                        "  - {id: index, sql: CREATE INDEX CONCURRENTLY by_at ON b (at), after: [later]}\n");
  const auto replace = [&](const std::string& from, const std::string& to) { yaml.replace(yaml.find(from), from.size(), to); };
  replace("CREATE TABLE users", "CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (id bigint PRIMARY KEY, at date); CREATE TABLE users");
  replace("tables: {", "tables: {a: {rows: 1000000}, b: {rows: 0}, ");
  const Prediction p = predict(scenario(yaml), 3, simple_sums());
  for (const Measurement& m : p.runs) {
    EXPECT_TRUE(m.completed) << m.why_incomplete;
    EXPECT_EQ(step(p, m, "index").tries, 1);
    EXPECT_NEAR(step(p, m, "index").lock_wait.seconds(), 1.11 - 0.13, 0.003);
    EXPECT_NEAR(step(p, m, "reindex").lock_wait.seconds(), 0.01, 0.003);
  }
}

}  // namespace
}  // namespace midflight::testing
