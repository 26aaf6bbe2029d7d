#include "tests/support/closed_forms.h"

// CREATE INDEX CONCURRENTLY that is broken off leaves an index that is not valid.

namespace midflight::testing {
namespace {

class ConcurrentIndex : public BothModes {};
MIDFLIGHT_BOTH_MODES(ConcurrentIndex);

const std::string kCheck = "  - {id: usable, check: valid(by_name)}\n";

/// A writer holds its lock idly from the beginning until 8 s; the index is asked for at 1 s.
std::string beside_a_writer(const std::string& create, const std::string& tries, const std::string& rest = kCheck) {
  return one_reader("50/s",
                    "background:\n  - {name: forgotten, at: 0s, time: 8s, while: idle, sql: \"INSERT INTO users VALUES (0, 'x')\"}\n"
                    "plan:\n  - {wait: 1s}\n"
                    "  - {id: index, sql: " + create + ", lock_timeout: 500ms, retry: {tries: " + tries + ", pause: 2s}}\n" + rest);
}

/// The same with an index that is there, to be dropped.
std::string drop_beside_a_writer(const std::string& tries) {
  const std::string table = "name varchar(50));";
  std::string yaml = beside_a_writer("DROP INDEX CONCURRENTLY by_name, after: [wait-1]", tries, "");
  return yaml.insert(yaml.find(table) + table.size(), " CREATE INDEX by_name ON users (name);");
}

cost::Profile a_build_of_100ms() {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 0.01;
  profile.index_rows_per_s = profile.index_text_rows_per_s = profile.index_key_rows_per_s = 1e6;
  profile.index_check_rows_per_s = 1e12;
  profile.scan_rows_per_s = 1e7;
  return profile;
}

const std::string kCreate = "CREATE INDEX CONCURRENTLY by_name ON users (name)";

//  0  1      1.5    3.5    4      6      6.5    8.5
//  |-writer--------------------------------------|
//     |create-X|      |drop--X|     |drop--X|     |drop, create   tries 4, waits 3 * 0.5
// Each try that fails has changed the catalog first, 10 ms.  The drop is three such
// changes, 30 ms.  The create is four times the fixed 10 ms, a build of 100,000 rows
// in 10 and 100 ms and a scan of them in 10 ms.
TEST_P(ConcurrentIndex, RetryDropsTheInvalidIndexFirst) {
  const Prediction p = predict(scenario(beside_a_writer(kCreate, "50")), 10, a_build_of_100ms());
  for (const Measurement& m : p.runs) {
    EXPECT_TRUE(m.completed) << m.why_incomplete;
    EXPECT_EQ(step(p, m, "index").tries, 4);
    EXPECT_NEAR(step(p, m, "index").lock_wait.seconds(), 1.5, 0.003);  // and for running readers
    EXPECT_NEAR(m.total_time.seconds(), 8.5 + 3 * 0.01 + 0.03 + 0.16, 0.003);
    EXPECT_EQ(m.failed_requests, 0);
  }
}

TEST_P(ConcurrentIndex, WithoutARetryTheIndexStaysInvalidAndIsNamed) {
  const Prediction p = predict(scenario(beside_a_writer(kCreate, "1")), 3, a_build_of_100ms());
  EXPECT_EQ(p.verdict, Verdict::Incomplete);
  EXPECT_NE(p.why.find("DROP INDEX CONCURRENTLY IF EXISTS by_name"), std::string::npos) << p.why;
}

// The second try finds the name taken and does nothing: the step is done, the index is of no use.
TEST_P(ConcurrentIndex, IfNotExistsTakesTheInvalidIndexForAGoodOne) {
  const std::string create = "CREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON users (name)";
  const Prediction p = predict(scenario(beside_a_writer(create, "50")), 3, a_build_of_100ms());
  EXPECT_EQ(p.verdict, Verdict::Incomplete);
  for (const Measurement& m : p.runs) EXPECT_EQ(step(p, m, "index").tries, 2);
  EXPECT_NE(p.why.find("usable"), std::string::npos) << p.why;
}

// While another step has the table to itself for a second the statement fails before it has created anything.
TEST_P(ConcurrentIndex, FailureBeforeTheFirstPhaseLeavesNothing) {
  const std::string alter = "  - {id: alter, sql: ALTER TABLE users ADD COLUMN x int, after: []}\n";
  cost::Profile profile = a_build_of_100ms();
  profile.metadata_s = 1;
  const Prediction p = predict(scenario(one_reader("50/s", "plan:\n" + alter +
                                                   "  - {id: later, wait: 100ms, after: []}\n"
                                                   "  - {id: index, sql: " + kCreate + ", lock_timeout: 500ms, "
                                                   "retry: {tries: 50, pause: 2s}, after: [later]}\n")), 3, profile);
  for (const Measurement& m : p.runs) {
    EXPECT_TRUE(m.completed) << m.why_incomplete;
    EXPECT_EQ(step(p, m, "index").tries, 2);
    // 0.1 s, half a second in vain, the pause; there is nothing to drop; 4 s, 0.11 s and 0.01 s.
    EXPECT_NEAR(m.total_time.seconds(), 2.6 + 4.12, 0.003);
  }
}

// The catalog says that the index is not valid from the first phase on; the drop that waits in vain
// for the writer until 1.5 s leaves it so, and a check beside it sees that at 2 s.
TEST_P(ConcurrentIndex, DropThatIsBrokenOffLeavesTheIndexInvalid) {
  std::string yaml = drop_beside_a_writer("50");
  yaml.insert(yaml.find("  - {id: index"), "  - {id: later, wait: 2s, after: []}\n  - {id: usable, check: valid(by_name)}\n");
  const Prediction p = predict(scenario(yaml), 3, a_build_of_100ms());
  EXPECT_EQ(p.verdict, Verdict::Incomplete);
  EXPECT_NE(p.why.find("usable"), std::string::npos) << p.why;
  for (const Measurement& m : p.runs) EXPECT_NEAR(m.total_time.seconds(), 2, 0.003);
}

TEST_P(ConcurrentIndex, DropIsTriedAgainUntilTheWriterIsGone) {
  const Prediction p = predict(scenario(drop_beside_a_writer("50")), 3, a_build_of_100ms());
  for (const Measurement& m : p.runs) {
    EXPECT_TRUE(m.completed) << m.why_incomplete;
    EXPECT_EQ(step(p, m, "index").tries, 4);
  }
}

TEST_P(ConcurrentIndex, DropThatGivesUpSaysThatTheIndexMayBeInvalid) {
  const Prediction p = predict(scenario(drop_beside_a_writer("1")), 1, a_build_of_100ms());
  EXPECT_NE(p.why.find("by_name may be left invalid"), std::string::npos) << p.why;
}

TEST_P(ConcurrentIndex, RebuildThatGivesUpSaysThatATransientIndexMayBeLeft) {
  const Prediction p = predict(scenario(beside_a_writer("REINDEX INDEX CONCURRENTLY users_pkey", "1", "")), 1, a_build_of_100ms());
  EXPECT_NE(p.why.find("an invalid index named like its original with _ccnew or _ccold may be left"), std::string::npos) << p.why;
}

// The first try leaves the partition pending, and the server refuses the second one.
TEST_P(ConcurrentIndex, DetachThatIsBrokenOffCanOnlyBeFinalized) {
  std::string yaml = beside_a_writer("ALTER TABLE log DETACH PARTITION old CONCURRENTLY", "50", "");
  const auto replace = [&](const std::string& from, const std::string& to) { yaml.replace(yaml.find(from), from.size(), to); };
  replace("name varchar(50));", "name varchar(50)); CREATE TABLE log (at date) PARTITION BY RANGE (at);"
                                " CREATE TABLE old PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');");
  replace("INSERT INTO users VALUES (0, 'x')", "INSERT INTO log VALUES ('2020-05-05')");
  const Prediction p = predict(scenario(yaml), 1, a_build_of_100ms());
  EXPECT_EQ(p.verdict, Verdict::Incomplete);
  EXPECT_NE(p.why.find("already pending detach"), std::string::npos) << p.why;
  EXPECT_NE(p.why.find("FINALIZE"), std::string::npos) << p.why;
}

/// How often a run of the step tells something that begins so.
std::ptrdiff_t told(const std::string& yaml, const std::string& what) {
  RunOptions o = options(1, false);
  o.profile = a_build_of_100ms();
  const Prediction p = run(scenario(yaml), o);
  const std::vector<TimelineEntry>& timeline = p.runs[0].timeline;
  return std::count_if(timeline.begin(), timeline.end(),
                       [&](const TimelineEntry& e) { return e.lane == "step index" && e.what.starts_with(what); });
}

TEST(ConcurrentIndexStory, TellsWhatIsLeftAndThatItIsDropped) {
  const std::string yaml = beside_a_writer(kCreate, "50");
  EXPECT_EQ(told(yaml, "leaves an invalid index by_name"), 1);
  EXPECT_EQ(told(yaml, "cleans up: DROP INDEX CONCURRENTLY IF EXISTS by_name"), 3);
}

// The new index is committed before the first wait.
TEST(ConcurrentIndexStory, TellsTheNameOfATransientIndex) {
  const std::string yaml = beside_a_writer("REINDEX INDEX CONCURRENTLY users_pkey", "1", "");
  EXPECT_EQ(told(yaml, "leaves an invalid index users_pkey_ccnew"), 1);
}

}  // namespace
}  // namespace midflight::testing
