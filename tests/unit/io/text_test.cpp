#include "sim/io/text.h"

#include <gtest/gtest.h>

#include <sstream>

#include "result_support.h"
#include "sim/io/differences.h"
#include "sim/io/html.h"
#include "sim/io/json.h"
#include "sim/io/markdown.h"
#include "sim/io/story.h"
#include "sim/io/text_number.h"
#include "sim/io/text_table.h"
#include "sim/io/text_tables.h"
#include "sim/io/text_words.h"
#include "sim/io/timeline.h"

namespace midflight::io {
namespace {

using testing::naive;
using testing::refused;
using testing::result_of;
using testing::safe;
using testing::told;

/// Whether the text has the part; says the text when a test fails.
::testing::AssertionResult has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return ::testing::AssertionSuccess() << text;
  return ::testing::AssertionFailure() << text;
}

TEST(HumanNumbers, SecondsTakeTheUnitThatFits) {
  EXPECT_EQ(human_seconds(0), "0 s");
  EXPECT_EQ(human_seconds(0.0032), "3.2 ms");
  EXPECT_EQ(human_seconds(0.48), "480 ms");
  EXPECT_EQ(human_seconds(4.214), "4.21 s");
  EXPECT_EQ(human_seconds(12.43), "12.4 s");
  EXPECT_EQ(human_seconds(125), "2min 5s");
  EXPECT_EQ(human_seconds(3780), "1h 3min");
  EXPECT_EQ(human_seconds(187'200), "2d 4h");
  EXPECT_EQ(human_seconds(7200), "2h");
}

TEST(HumanNumbers, RoundingNeverShowsSixtySeconds) {
  EXPECT_EQ(human_seconds(59.97), "1min");
  EXPECT_EQ(human_seconds(3599.7), "1h");
  EXPECT_EQ(human_seconds(86'399), "1d");
  EXPECT_EQ(human_seconds(0.9999), "1.00 s");
}

TEST(Reasons, VersionThatServesLastIsNeverGone) {
  Prediction p = naive({100, 300});
  std::erase_if(p.runs[0].timeline, [](const TimelineEntry& e) { return e.lane == "version v2"; });
  p.runs[0].timeline.push_back(told(48.3, 49.1, "lock users", "step contract holds AccessExclusiveLock"));
  const std::string text = simulate_text(result_of({p}), {});
  EXPECT_TRUE(has(text, "fail on average with 42703"));
  EXPECT_EQ(text.find("until its last instance is gone"), std::string::npos) << text;
}

TEST(Wrapping, NumberAndUnitStayOnOneLine) {
  EXPECT_EQ(wrapped("it waits 39.9 s, then 2.0 ms", 13, ""), "it waits\n39.9 s, then\n2.0 ms");
  EXPECT_EQ(wrapped("rows: 3.0 M of them", 9, ""), "rows:\n3.0 M of\nthem");
  EXPECT_EQ(wrapped("users 5 some", 8, ""), "users 5\nsome");
}

TEST(HumanNumbers, CountsAreGroupedAndThenShortened) {
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(0.4), "0.4");
  EXPECT_EQ(human_count(9300), "9,300");
  EXPECT_EQ(human_count(999'999), "999,999");
  EXPECT_EQ(human_count(3'000'000), "3.0 M");
  EXPECT_EQ(human_count(1'200'000'000), "1.2 G");
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, display_width(line));
  return widest;
}

TEST(CompareText, AnswersFirst) {
  const std::string text = compare_text(result_of({safe("expand_contract"), naive({9300, 9300})}));
  EXPECT_EQ(text.substr(0, text.find('\n')), "rename users.name to users.full_name - 2 strategies, 2 runs, seed 7");
  EXPECT_TRUE(has(text, "\nUse expand_contract: no request fails or is late (49.0 s and 1 deployment)."));
}

TEST(CompareText, SaysWhichVersionAsksForWhatIsGone) {
  const std::string text = compare_text(result_of({naive({9300, 9300})}));
  EXPECT_TRUE(has(text, "9,300 requests of v1 (profile) fail on average with 42703 column \"name\" does not exist"));
  EXPECT_TRUE(has(text, "48.3 s after"));
}

TEST(CompareText, RefusedStrategyKeepsItsReason) {
  const std::string text = compare_text(result_of({safe("expand_contract"), refused("shadow_table", "there is no key")}));
  EXPECT_TRUE(has(text, "shadow_table: there is no key"));
}

TEST(CompareText, NothingSafeIsSaidSo) {
  EXPECT_TRUE(has(compare_text(result_of({naive({9300}), refused("a", "x")})), "No strategy avoids downtime. naive has the least"));
  EXPECT_TRUE(has(compare_text(result_of({refused("a", "x"), refused("b", "y")})), "No strategy applies."));
}

TEST(CompareText, OnePlanIsJudgedByItself) {
  EXPECT_TRUE(has(compare_text(result_of({naive({9300})})), "\nnaive is down: requests fail for 48 s (49.0 s and 1 deployment)."));
}

TEST(CompareText, DowntimeThatDoesNotEndHasNoSeconds) {
  Prediction p = naive({9300, 9300});
  for (Measurement& m : p.runs) m.endless = true, m.total_time = Duration::seconds(1);
  const std::string text = compare_text(result_of({safe("expand_contract"), p}));
  EXPECT_TRUE(has(text, "naive            down      endless  endless"));
  EXPECT_TRUE(has(text, "The downtime does not end by itself: "));
  EXPECT_FALSE(has(text, "outlasts the plan"));
  EXPECT_TRUE(has(simulate_text(result_of({p})), "downtime            endless  endless  endless  endless"));
  p.runs[0].endless = false;
  EXPECT_TRUE(has(compare_text(result_of({p})), "In 1 of 2 runs the downtime does not end by"));
  p.verdict = Verdict::Unsafe;
  EXPECT_TRUE(has(compare_text(result_of({p})), "Of a downtime"));
}

/// Twenty runs in whose last one the step waits so long; its lock is held for a second in each.
std::string with_one_wait(Duration wait) {
  Prediction p = naive(std::vector<std::int64_t>(20, 0));
  for (Measurement& m : p.runs) m.steps[0].held = Duration::seconds(1), m.steps[0].blocked_requests = 9;
  p.runs[19].steps[0].lock_wait = wait;
  std::string text;
  for (const std::string& reason : reasons(result_of({p}).strategies.front())) text += reason;
  return text;
}

// The mean is a twentieth of it: 500 ms, and 50 ms.
TEST(Reasons, TheWaitOfAFewRunsIsToldWhereItsMeanIsNoOrdinaryService) {
  EXPECT_TRUE(has(with_one_wait(Duration::seconds(10)), "waits at most 0 s for"));
  EXPECT_TRUE(has(with_one_wait(Duration::seconds(10)), "In the others it waits so long that the mean is 500 ms."));
  EXPECT_FALSE(has(with_one_wait(Duration::seconds(1)), "In the others"));
}

TEST(CompareText, SafeUnderConditionsIsNotJustSafe) {
  Prediction p = safe("safe_not_null");
  p.conditions = {"no row has a null in users.name"};
  EXPECT_TRUE(has(compare_text(result_of({p, naive({9300})})), "safe_not_null  safe, if "));
  p.verdict = Verdict::Down;
  EXPECT_FALSE(has(compare_text(result_of({p})), ", if"));
}

TEST(CompareText, FitsAHundredColumns) {
  Prediction big = naive({123'456'789, 123'456'789});
  big.proposal.name = "expand_contract_view";
  for (Measurement& m : big.runs) {
    m.lost_writes = m.diverged_rows_peak = 999'999;
    m.delayed_requests = 999'999;
    m.total_time = Duration::hours(71);
    m.stall = Duration::seconds(3599);
  }
  EXPECT_LE(widest_line(compare_text(result_of({big}))), 100U);
}

/// Runs that fill every column: hours of downtime, hundreds of thousands of everything.
Prediction wide(const std::string& name, Verdict verdict, Duration downtime) {
  Prediction p = naive({999'999, 999'999});
  p.proposal.name = name;
  p.verdict = verdict;
  for (Measurement& m : p.runs) {
    m.downtime = m.stall = downtime;
    m.lost_writes = m.delayed_requests = 999'999;
    m.diverged_rows_peak = 999'900'000;
    m.total_time = Duration::hours(178);
  }
  return p;
}

TEST(CompareText, NumbersGiveWayBeforeTheNamesOfStrategies) {
  const std::string close = compare_text(result_of({wide("maintenance_window", Verdict::Down, Duration::seconds(70))}));
  EXPECT_LE(widest_line(close), 100U);
  EXPECT_TRUE(has(close, "\nmaintenance_window down "));
  EXPECT_TRUE(has(close, " 1min10s "));
  EXPECT_TRUE(has(close, " 999.9M "));
  EXPECT_TRUE(has(close, " 7d10h "));
  const std::string closest = compare_text(result_of({wide("maintenance_window", Verdict::Incomplete, Duration::seconds(86'340))}));
  EXPECT_LE(widest_line(closest), 100U);
  EXPECT_TRUE(has(closest, "\nmaintenance_window incomplete "));
  EXPECT_TRUE(has(closest, " 24.0h "));
  EXPECT_TRUE(has(closest, " 7.4d "));
}

TEST(CompareText, WhatHasRoomKeepsItsSpaces) {
  const std::string text = compare_text(result_of({naive({12, 14})}));
  EXPECT_TRUE(has(text, " 48.3 s "));
}

TEST(CompareText, IsPlainUnlessColoursAreAskedFor) {
  const Result result = result_of({naive({9300})});
  EXPECT_FALSE(has(compare_text(result), "\x1b"));
  EXPECT_TRUE(has(compare_text(result, {true}), "\x1b[31m"));
}

TEST(SimulateText, FitsAHundredColumnsAndDrawsEveryLane) {
  const std::string text = simulate_text(result_of({naive({9300, 9300})}));
  EXPECT_LE(widest_line(text), 100U);
  for (const char* lane : {"step rename", "lock users", "version v1", "version v2", "errors"}) EXPECT_TRUE(has(text, lane));
}

TEST(Timeline, LongWaitIsCompressed) {
  // Ten seconds of work, an hour of soak, ten seconds of work.
  const std::vector<TimelineEntry> timeline = {told(0, 10, "step a", ""), told(10, 3610, "step soak", ""),
                                               told(3610, 3620, "step b", "")};
  const TimelineAxis axis(timeline, 75);
  ASSERT_EQ(axis.stretches().size(), 3U);
  EXPECT_TRUE(axis.stretches()[1].compressed);
  // 75 columns less 5 for the soak: 35 for each ten seconds.
  EXPECT_EQ(axis.column(Instant{} + Duration::seconds(10)), 35);
  EXPECT_EQ(axis.column(Instant{} + Duration::seconds(3610)), 40);
  EXPECT_EQ(axis.column(Instant{} + Duration::seconds(3620)), 75);
}

TEST(Timeline, SeveralWaitsOfOneLengthAreAllCompressed) {
  std::vector<TimelineEntry> timeline;
  for (int i = 0; i < 3; ++i) {
    timeline.push_back(told(i * 3610.0, i * 3610.0 + 10, "step deploy" + std::to_string(i), ""));
    timeline.push_back(told(i * 3610.0 + 10, i * 3610.0 + 3610, "step soak" + std::to_string(i), ""));
  }
  const TimelineAxis axis(timeline, 90);
  int compressed = 0;
  for (const auto& s : axis.stretches()) compressed += s.compressed ? 1 : 0;
  EXPECT_EQ(compressed, 3);
}

TEST(Timeline, ShortWorkIsNotCompressed) {
  const TimelineAxis axis({told(0, 0.01, "step a", ""), told(0.01, 20, "step b", "")}, 80);
  for (const auto& s : axis.stretches()) EXPECT_FALSE(s.compressed);
}

TEST(Timeline, ColumnsNeverGoBackAndEveryStretchIsSeen) {
  std::vector<TimelineEntry> timeline;
  for (int i = 0; i < 500; ++i) timeline.push_back(told(i * 0.7, i * 0.7 + 0.01 * (i % 13), "step s" + std::to_string(i % 7), ""));
  const TimelineAxis axis(timeline, 78);
  int last = 0;
  for (const auto& s : axis.stretches()) {
    EXPECT_EQ(s.left, last);
    EXPECT_GT(s.right, s.left);
    last = s.right;
  }
  EXPECT_EQ(last, 78);
}

TEST(Timeline, SharesAndCountsAreReadFromWhatWasTold) {
  EXPECT_EQ(told_share("6 of 8 instances"), 0.75);
  EXPECT_EQ(told_share("75%"), 0.75);
  EXPECT_EQ(told_share("serving"), 1);
  EXPECT_EQ(told_count("9,300 requests failed"), 9300);
}

TEST(Timeline, SharesAreDrawnAsHeights) {
  const std::string text = timeline_text({told(0, 1, "step a", ""), told(0, 1, "version v1", "2 of 8 instances")}, 100);
  EXPECT_TRUE(has(text, "version v1            ▂▂▂▂"));
}

TEST(Timeline, SvgIsSelfContainedAndEscaped) {
  const std::string svg = timeline_svg({told(0, 1, "step a", "x < 1 & \"y\"")});
  EXPECT_TRUE(has(svg, "x &lt; 1 &amp; &quot;y&quot;"));
  EXPECT_FALSE(has(svg, "<script"));
}

TEST(Story, DowntimeIsExplainedWhereThereIsSome) {
  EXPECT_TRUE(has(story_text(result_of({naive({100, 300})})), "Downtime is the sum of the slots of 100 ms"));
  EXPECT_EQ(story_text(result_of({safe("expand_contract")})).find("Downtime is"), std::string::npos);
}

TEST(Story, StepsComeInOrderOfTimeWithTheirReason) {
  const std::string text = story_text(result_of({naive({9300})}));
  const std::size_t rename = text.find("step rename"), deploy = text.find("step deploy-v2");
  ASSERT_NE(rename, std::string::npos);
  ASSERT_NE(deploy, std::string::npos);
  EXPECT_LT(rename, deploy);
  EXPECT_TRUE(has(text, "The change as it is typed."));
}

TEST(Story, BeginsWithTheVerdictAndItsReasons) {
  const std::string text = story_text(result_of({naive({9300})}));
  EXPECT_LT(text.find("naive is down:"), text.find("step rename"));
  EXPECT_LT(text.find("fail on average"), text.find("step rename"));
}

TEST(Story, SaysWhichRunIsToldAndWhyItIsNotTheFirst) {
  Prediction p = naive({0, 9300});
  EXPECT_TRUE(has(story_text(result_of({p})), "The first run"));
  p.told = 1, p.showing = 1;
  p.runs[1].timeline = p.runs[0].timeline;
  EXPECT_TRUE(has(story_text(result_of({p})), "Run 2 of 2, the only one that shows why"));
}

TEST(Story, WhatABackgroundJobDoesOverAndOverIsToldOnceUnlessItStandsInTheWay) {
  Prediction p = naive({9300});
  for (int minute = 1; minute <= 12; ++minute) {
    p.runs[0].timeline.push_back(told(60 * minute, 60 * minute + minute, "background report", "SELECT 1"));
  }
  p.runs[0].timeline.push_back(told(301, 302, "lock users", "step rename waits for AccessExclusiveLock"));
  const std::string text = story_text(result_of({p}));
  EXPECT_TRUE(has(text, "background report: SELECT 1 (and 10 more like it, the longest 12.0 s)"));
  EXPECT_TRUE(has(text, "5min"));  // the fifth, in whose way the lock waits
  EXPECT_FALSE(has(text, "6min"));
}

// 1h 38min 0.1 s and 0.4 s later; 1h 38min 20 s alone.
TEST(Story, MomentsThatDifferLookDifferent) {
  Prediction p = naive({9300});
  for (const double at : {5880.1, 5880.4, 5900.0}) p.runs[0].timeline.push_back(told(at, at, "errors", "x"));
  const std::string text = story_text(result_of({p}));
  EXPECT_TRUE(has(text, "1h 38min 0.1s "));
  EXPECT_TRUE(has(text, "1h 38min 0.4s "));
  EXPECT_TRUE(has(text, "1h 38min 20s "));
}

TEST(Markdown, TablesAreGitHubTables) {
  const std::string text = compare_markdown(result_of({naive({9300})}));
  EXPECT_TRUE(has(text, "| strategy | verdict |"));
  EXPECT_TRUE(has(text, "| naive | down | 48.3 s | 48.3 s | 9,300 |"));
}

TEST(Markdown, PipesInCellsAreEscaped) {
  Table table;
  table.columns = {{"a", "", false}};
  table.rows = {{"x | y"}};
  EXPECT_TRUE(has(markdown_table(table), "| x \\| y |"));
}

TEST(Html, IsOnePageWithPlanAndTimelineAndNoScript) {
  Prediction p = naive({9300});
  p.why = "a < b";
  const std::string page = to_html(result_of({p}));
  EXPECT_TRUE(has(page, "<!doctype html>"));
  EXPECT_TRUE(has(page, "ALTER TABLE users RENAME COLUMN name TO full_name;"));
  EXPECT_TRUE(has(page, "<svg"));
  EXPECT_TRUE(has(page, "a &lt; b"));
  EXPECT_EQ(page.find("<script"), page.rfind("<script"));
  EXPECT_FALSE(has(page, "https:"));
}

ReplayResult replayed() {
  ReplayResult r;
  r.backend = "sqlite";
  r.server_version = "3.40.1";
  r.predicted = result_of({naive({9300, 9300})});
  r.paired.completed = r.measured.completed = true;
  r.data_check = "all rows as expected";
  return r;
}

TEST(ReplayText, SaysWhyThePlanWasNotCarriedOutAndWhetherThatWasPredicted) {
  ReplayResult r = replayed();
  EXPECT_FALSE(has(replay_text(r), "carried out"));
  r.measured.completed = false;
  r.measured.why_incomplete = "step two failed: a <b>";
  r.unforeseen_end = true;
  EXPECT_TRUE(has(replay_text(r), "The plan was NOT carried out: step two failed: a <b>. The prediction says that it is."));
  EXPECT_TRUE(has(replay_markdown(r), "**The plan was NOT carried out: step two failed"));
  EXPECT_TRUE(has(to_html(r), "The plan was NOT carried out: step two failed: a &lt;b&gt;"));
  EXPECT_TRUE(has(to_json(r), "\"why_incomplete\": \"step two failed: a <b>\""));
  r.unforeseen_end = false;
  r.paired = r.measured;
  EXPECT_TRUE(has(replay_text(r), "The prediction says so too: step two failed"));
}

TEST(ReplayText, ShowsPredictedBesideMeasured) {
  ReplayResult r = replayed();
  r.errors = {{"downtime_s", 48.3, 46, 0.05, false, true}, {"stall_s", 0, 0, {}, true, false}};
  const std::string text = replay_text(r);
  EXPECT_TRUE(has(text, "naive on sqlite 3.40.1"));
  EXPECT_TRUE(has(text, "+5%"));
  EXPECT_TRUE(has(text, "agree"));
  EXPECT_TRUE(has(text, "all rows as expected"));
  EXPECT_LE(widest_line(text), 100U);
  r.valid = false;
  r.invalid_reason = "the generator fell behind";
  EXPECT_TRUE(has(replay_text(r), "NOT valid: the generator fell behind"));
}

// 9.8 ms against 39 ms lie both below the floor of 0.5 s, and are not the same.
TEST(ReplayText, BelowTheFloorIsNotCalledAgreement) {
  ReplayResult r = replayed();
  r.step_errors = {{"rename", {{"lock_wait_s", 0, 0, {}, true, true}, {"held_s", 0.0098, 0.039, {}, true, false}}}};
  const std::string text = replay_text(r);
  EXPECT_TRUE(has(text, "below floor, x0.25"));
  EXPECT_TRUE(has(text, "Below the floor"));  // what that means
  EXPECT_FALSE(has(text, "lock wait"));       // nothing predicted, nothing measured
}

// Every predicted run has 48.3 s of downtime.
TEST(ReplayText, SaysHowFarOutsideAValueLiesAndNothingWhereTheEyeSeesNoDifference) {
  ReplayResult r = replayed();
  r.errors = {{"downtime_s", 48.3, 48.31, 0, false, false}};
  EXPECT_TRUE(has(replay_text(r), "same"));
  r.errors = {{"downtime_s", 48.3, 49.3, -0.02, false, false}};
  EXPECT_TRUE(has(replay_text(r), "no, 1.00 s above"));
}

// The lock was held 3 s longer and 60 requests more failed; a total within 5% is not worth a word.
TEST(ReplayText, TellsWhereItIsFurthestOffAndWhy) {
  ReplayResult r = replayed();
  r.errors = {{"failed_requests", 40, 100, -0.6, false, false}, {"total_time_s", 100, 104, -0.04, false, true}};
  r.step_errors = {{"change", {{"held_s", 1, 4, -0.75, false, false}}}};
  const auto told = largest_differences(r);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_TRUE(has(told[0], "step change, held: predicted 1.00 s, measured 4.00 s; its work took longer")) << told[0];
  EXPECT_TRUE(has(told[1], "failed requests: predicted 40, measured 100; it follows from step change, whose held")) << told[1];
  EXPECT_TRUE(has(replay_text(r), "Furthest apart"));
}

TEST(ReplayText, WithoutAStepToBlameErrorsAreComparedByClass) {
  ReplayResult r = replayed();
  r.errors = {{"failed_requests", 40, 100, -0.6, false, false}};
  r.paired.errors = {{{ErrorClass::Schema, "42703", "m"}, "v1", "e", 40}};
  r.measured.errors = {{{ErrorClass::Schema, "42703", "m"}, "v1", "e", 70}, {{ErrorClass::Deadlock, "40P01", "m"}, "v1", "e", 30}};
  EXPECT_TRUE(has(largest_differences(r).at(0), "predicted 40 schema; measured 30 deadlock, 70 schema"));
  r.valid = false;
  EXPECT_TRUE(has(largest_differences(r).at(0), "the load generator fell behind"));
}

TEST(ReplayText, DrawsBothTimelinesOnOneAxis) {
  ReplayResult r = replayed();
  r.paired.timeline = {{Instant{-30'000'000'000}, Instant{-29'000'000'000}, "background early", "runs"},
                       {Instant{0}, Instant{8'000'000'000}, "step change", "ALTER"}};
  r.measured.timeline = {{Instant{0}, Instant{4'000'000'000}, "step change", "ALTER"}};
  const std::string text = replay_text(r);
  EXPECT_TRUE(has(text, "predicted\n"));
  EXPECT_TRUE(has(text, "measured\n"));
  EXPECT_FALSE(has(text, "early"));  // before the measurement began
  EXPECT_LE(widest_line(text), 100U);
}

// Both predicted runs have 48.3 s of downtime.
TEST(ReplayText, SaysWhatIsPairedAndWhyThatMayLieOutsideItsOwnBand) {
  ReplayResult r = replayed();
  r.errors = {{"downtime_s", 48.3, 48.3, 0, false, true}};
  const auto said = [&] { return paired_text(r); };
  EXPECT_TRUE(has(said(), "the paired run, simulated with the replay's own seed and arrivals"));
  EXPECT_TRUE(said().ends_with("p5 to p95 is over 2 runs with arrivals and work of their own.")) << said();
  r.errors[0].predicted = 48.9;
  EXPECT_TRUE(said().ends_with("so that a single run may lie outside: here downtime.")) << said();
  EXPECT_LT(replay_text(r).find("the paired run"), replay_text(r).find("quantity"));
}

TEST(ReplayText, RepetitionsHaveASpread) {
  ReplayResult r = replayed();
  r.errors = {{"downtime_s", 5, 5, 0.0, false, true}};
  for (const double measured : {5.0, 4.0, 8.0}) {
    r.repetitions.push_back({r.repetitions.size(), true, true, true, {{"downtime_s", 5, measured, (5 - measured) / measured, false, true}}});
  }
  const std::string text = replay_text(r);
  EXPECT_TRUE(has(text, "3 replays"));
  EXPECT_TRUE(has(text, "4.00 s  5.00 s  8.00 s")) << text;
  EXPECT_TRUE(has(text, "38%"));
  EXPECT_TRUE(has(to_json(r), "\"repetitions\": [\n    {\n      \"run\": 0"));
}

TEST(ReplayText, StepsWhoseLocksNobodySawHaveADash) {
  ReplayResult r = replayed();
  r.step_errors = {{"rename", {{"lock_wait_s", 1, {}, {}, false, {}}, {"blocked_requests", 40, {}, {}, false, {}}}}};
  r.unmeasured = {"lock_wait_s", "held_s", "blocked_requests"};
  r.why_blind = "the connection is lost";
  const std::string text = replay_text(r);
  EXPECT_TRUE(has(text, "blocked requests         40         -  not measured")) << text;
  EXPECT_TRUE(has(text, "could not: the connection is lost")) << text;
}

TEST(ReplayText, SaysWhatWasNotMeasured) {
  ReplayResult r = replayed();
  r.errors = {{"diverged_rows_peak", 12, {}, {}, false, {}}};
  r.unmeasured = {"diverged_rows_peak"};
  EXPECT_TRUE(has(replay_text(r), "Not measured: diverged rows peak"));
}

}  // namespace
}  // namespace midflight::io
