#include "sim/io/trace_events.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "result_support.h"

namespace midflight::io {
namespace {

using testing::naive;
using testing::refused;
using testing::result_of;
using Json = nlohmann::json;

Json events_of(const std::vector<Prediction>& predictions) { return Json::parse(to_trace(result_of(predictions))).at("traceEvents"); }

Prediction with_queue() {
  Prediction p = naive({100});
  QueueMoment m;
  m.at = Instant{} + Duration::seconds(2);
  m.lock = "users";
  m.what = "3 requests join the queue";
  m.holders = {{"step rename", "AccessExclusiveLock", 1, false, {}}};
  m.waiters = {{"v1 profile", "AccessShareLock", 3, true, {}}};
  p.runs[0].queue = {m};
  p.runs[0].failures = {{Instant{} + Duration::seconds(5), Instant{} + Duration::seconds(6), "v1", 7}};
  return p;
}

TEST(TraceEvents, EveryEventHasWhatItsPhaseDemands) {
  for (const Json& e : events_of({with_queue(), refused("other", "does not apply")})) {
    const std::string phase = e.at("ph");
    EXPECT_TRUE(e.at("name").is_string());
    EXPECT_TRUE(e.at("pid").is_number_integer());
    if (phase == "M") {
      EXPECT_TRUE(e.at("args").at("name").is_string());
      continue;
    }
    EXPECT_GE(e.at("ts").get<double>(), 0);
    if (phase == "X") { EXPECT_GE(e.at("dur").get<double>(), 0); }
    if (phase == "C") { EXPECT_TRUE(e.at("args").at("requests").is_number_integer()); }
    if (phase == "i") { EXPECT_EQ(e.at("s"), "p"); }
    EXPECT_TRUE(phase == "X" || phase == "C" || phase == "i") << phase;
  }
}

TEST(TraceEvents, WarmUpShiftsTheBeginningAndAMarkSaysWhereThePlanIs) {
  bool marked = false;
  for (const Json& e : events_of({with_queue()})) {
    if (e.at("name") != "the plan begins") continue;
    EXPECT_EQ(e.at("ts"), 30'000'000.0);  // v1 serves from -30 s on
    marked = true;
  }
  EXPECT_TRUE(marked);
}

TEST(TraceEvents, QueueIsACounterThatRises) {
  bool counted = false;
  for (const Json& e : events_of({with_queue()})) {
    if (e.at("ph") != "C" || e.at("name") != "queue for users") continue;
    EXPECT_EQ(e.at("args").at("requests"), 3);
    EXPECT_EQ(e.at("ts"), 32'000'000.0);
    counted = true;
  }
  EXPECT_TRUE(counted);
}

TEST(TraceEvents, RefusedStrategyHasNoTrack) { EXPECT_TRUE(events_of({refused("other", "does not apply")}).empty()); }

}  // namespace
}  // namespace midflight::io
