#include <gtest/gtest.h>

#include <algorithm>

#include "result_support.h"
#include "sim/io/html.h"
#include "sim/io/html/events.h"
#include "sim/io/html/queue.h"

namespace midflight::io {
namespace {

using testing::naive;
using testing::result_of;
using testing::told;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Instant at_s(double s) { return Instant{} + Duration::from_seconds(s); }

/// A step behind a report, `waiting` requests behind it.
QueueMoment behind_a_report(double at, std::int64_t waiting) {
  QueueMoment m;
  m.at = at_s(at);
  m.lock = "users";
  m.what = "requests join the queue";
  m.holders = {{"nightly report", "AccessShareLock", 1, false, {}}};
  m.waiters = {{"step rename", "AccessExclusiveLock", 1, false, {}}};
  if (waiting > 0) m.waiters.push_back({"v1 profile", "AccessShareLock", waiting, true, {}});
  return m;
}

Prediction with_queue(int moments) {
  Prediction p = naive({100});
  for (int i = 0; i < moments; ++i) p.runs[0].queue.push_back(behind_a_report(0.01 * i, i));
  return p;
}

TEST(HtmlReport, NothingAUserWroteBreaksOut) {
  Prediction p = with_queue(2);
  const std::string hostile = "</script></title><img src=x onerror=alert(1)>\"'";
  p.proposal.name = hostile;
  p.proposal.plan.steps[0] = testing::sql_step("rename", hostile, hostile);
  p.runs[0].queue[0].lock = p.runs[0].queue[0].what = p.runs[0].queue[0].holders[0].who = hostile;
  p.runs[0].timeline.push_back(told(1, 2, "background " + hostile, hostile));
  Result r = result_of({p});
  r.scenario = hostile;
  r.assumptions = {hostile};
  r.given = {{hostile, hostile}};
  const std::string page = to_html(r);
  EXPECT_FALSE(has(page, "<img"));
  EXPECT_FALSE(has(page, "</script></title>"));
  EXPECT_EQ(page.find("</script>"), page.rfind("</script>"));
}

TEST(HtmlReport, FetchesNothing) {
  const std::string page = to_html(result_of({with_queue(2)}));
  for (const char* outside : {"http://", "https://", " src=", "@import", "<link"}) {
    std::string without = page;
    for (const std::string space : {"http://www.w3.org/2000/svg"}) {
      for (auto at = without.find(space); at != std::string::npos; at = without.find(space)) without.erase(at, space.size());
    }
    EXPECT_FALSE(has(without, outside)) << outside;
  }
}

TEST(HtmlReport, SaysWhatWasGivenAndAssumed) {
  Result r = result_of({naive({100})});
  r.given = {{"instances", "8, each with 10 connections"}};
  r.assumptions = {"nobody vacuums"};
  const std::string page = to_html(r);
  EXPECT_TRUE(has(page, "<th scope=\"row\">instances</th><td>8, each with 10 connections</td>"));
  EXPECT_TRUE(has(page, "<li>nobody vacuums</li>"));
}

TEST(HtmlReport, SqlOfAPlanCanBePastedAsAWhole) {
  const std::string page = to_html(result_of({naive({100})}));
  EXPECT_TRUE(has(page, "<code>ALTER TABLE users RENAME COLUMN name TO full_name;</code>"));
  EXPECT_TRUE(has(page, "<code>-- deploy"));
}

TEST(ReportEvents, ComeInOrderOfTimeWithWhatHasFailedUntilThen) {
  Prediction p = with_queue(3);
  p.runs[0].failures = {{at_s(0), at_s(10), "v1", 50}, {at_s(10), at_s(20), "v1", 70}};
  const StrategyResult s = result_of({p}).strategies.front();
  const std::vector<ReportEvent> events = report_events(s);
  ASSERT_FALSE(events.empty());
  for (std::size_t i = 1; i < events.size(); ++i) EXPECT_LE(events[i - 1].at, events[i].at);
  EXPECT_EQ(events.back().failed, 120);
  EXPECT_EQ(events.front().failed, 0);
}

TEST(ReportEvents, KnowWhichVersionsAndStepsTheyConcern) {
  const StrategyResult s = result_of({with_queue(2)}).strategies.front();
  for (const ReportEvent& e : report_events(s)) {
    if (e.queue == nullptr) continue;
    EXPECT_EQ(e.steps, std::vector<std::string>{"rename"});
    EXPECT_EQ(e.versions.empty(), waiting(*e.queue) < 2);
  }
}

TEST(ReportEvents, ManyAreThinnedAndStepsStay) {
  Prediction p = with_queue(20'000);
  const StrategyResult s = result_of({p}).strategies.front();
  const std::vector<ReportEvent> events = report_events(s);
  EXPECT_LE(events.size(), 800U);
  EXPECT_EQ(std::count_if(events.begin(), events.end(), [](const ReportEvent& e) { return e.kind == "step"; }), 4);
}

}  // namespace
}  // namespace midflight::io
