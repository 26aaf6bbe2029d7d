#include <algorithm>
#include <cmath>

#include "tests/support/closed_forms.h"

// What is told of the lock queue behind one slow reader and one ALTER TABLE.

namespace midflight::testing {
namespace {

class ToldQueue : public BothModes {};
MIDFLIGHT_BOTH_MODES(ToldQueue);

/// The report reads from 0 s to 8 s; the ALTER asks at 1 s; 200 readers a second.
Measurement told_run(const Scenario& s, bool exact, bool tell = true) {
  RunOptions options;
  options.exact = exact;
  options.profile = plain_profile();
  return simulate_run(s, strategy::explicit_plan(s), options, 0, tell);
}

Scenario behind_a_report(const std::string& limits = "  request_timeout: 1min\n", const std::string& step_limits = "") {
  return scenario(one_reader("200/s",
                             "background:\n"
                             "  - {name: report, at: 0s, time: 8s, sql: SELECT count(*) FROM users}\n"
                             "plan:\n"
                             "  - {wait: 1s}\n"
                             "  - {id: alter, sql: ALTER TABLE users ADD COLUMN x int" + step_limits + "}\n",
                             limits));
}

std::int64_t requests_in(const std::vector<QueueGroup>& groups) {
  std::int64_t n = 0;
  for (const QueueGroup& g : groups) n += g.requests ? g.count : 0;
  return n;
}

bool names(const std::vector<QueueGroup>& groups, const std::string& who, const std::string& mode) {
  return std::any_of(groups.begin(), groups.end(), [&](const QueueGroup& g) { return g.who == who && g.mode == mode; });
}

//  0        1                                    8
//  |-report----------------------------------------|
//           |-ALTER waits, 200 readers a second come behind it
TEST_P(ToldQueue, AlterStandsBehindTheReportAndReadersBehindIt) {
  const Measurement m = told_run(behind_a_report(), GetParam());
  // The last moment before the report ends.
  const auto after = std::find_if(m.queue.begin(), m.queue.end(), [](const QueueMoment& q) { return q.at >= Instant{} + Duration::seconds(8); });
  ASSERT_NE(after, m.queue.begin());
  const auto longest = after - 1;
  EXPECT_EQ(longest->lock, "users");
  EXPECT_TRUE(names(longest->holders, "report", "AccessShareLock"));
  ASSERT_FALSE(longest->waiters.empty());
  EXPECT_EQ(longest->waiters[0].who, "step alter");
  EXPECT_EQ(longest->waiters[0].mode, "AccessExclusiveLock");
  // 200 come a second: as many as the Poisson number of the time since, within three deviations.
  const double come = 200 * ((longest->at - Instant{}).seconds() - 1);
  EXPECT_NEAR(static_cast<double>(requests_in(longest->waiters)), come, 3 * std::sqrt(come));
}

TEST_P(ToldQueue, EndsWithNobodyWaiting) {
  const Measurement m = told_run(behind_a_report(), GetParam());
  ASSERT_FALSE(m.queue.empty());
  EXPECT_EQ(m.queue.back().waiters, std::vector<QueueGroup>{});
  EXPECT_TRUE(std::is_sorted(m.queue.begin(), m.queue.end(), [](const auto& a, const auto& b) { return a.at < b.at; }));
}

// lock_timeout 2 s: it gives up at 3 s, and everybody behind it goes on.
TEST_P(ToldQueue, StepThatGivesUpLetsTheQueueGo) {
  const Measurement m = told_run(behind_a_report("  request_timeout: 1min\n", ", lock_timeout: 2s"), GetParam());
  const auto gave_up = std::find_if(m.queue.begin(), m.queue.end(), [](const QueueMoment& q) {
    return q.what.find("step alter gives up: canceling statement due to lock timeout") != std::string::npos;
  });
  ASSERT_NE(gave_up, m.queue.end());
  EXPECT_EQ(gave_up->at, Instant{} + Duration::seconds(3));
  EXPECT_EQ(requests_in(gave_up->waiters), 0);
  EXPECT_NE(gave_up->what.find("of the queue go on"), std::string::npos) << gave_up->what;
}

// request_timeout 1 s: from 2 s to 8 s about 200 of them give up every second.
TEST_P(ToldQueue, RequestsThatTimeOutAreCountedOut) {
  const Measurement m = told_run(behind_a_report("  request_timeout: 1s\n"), GetParam());
  std::int64_t gave_up = 0, failed = 0;
  for (const QueueMoment& q : m.queue) gave_up += q.failed;
  for (const FailedSpan& f : m.failures) failed += f.count;
  EXPECT_EQ(gave_up, m.failed_requests);
  EXPECT_EQ(failed, m.failed_requests);
  EXPECT_GT(m.failed_requests, 1000);
}

TEST_P(ToldQueue, TellingChangesNoNumber) {
  const Scenario s = behind_a_report();
  const Measurement told = told_run(s, GetParam()), silent = told_run(s, GetParam(), false);
  EXPECT_EQ(told.fingerprint, silent.fingerprint);
  EXPECT_TRUE(silent.queue.empty());
  EXPECT_TRUE(silent.failures.empty());
}

}  // namespace
}  // namespace midflight::testing
