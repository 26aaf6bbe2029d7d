#include "sim/io/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "result_support.h"

namespace midflight::io {
namespace {

using Json = nlohmann::ordered_json;
using testing::naive;
using testing::refused;
using testing::result_of;

std::vector<std::string> keys(const Json& json) {
  std::vector<std::string> all;
  for (const auto& item : json.items()) all.push_back(item.key());
  return all;
}

TEST(Json, KeysAreTheContractInItsOrder) {
  const Json json = Json::parse(to_json(result_of({naive({100, 300})})));
  EXPECT_EQ(keys(json), (std::vector<std::string>{"schema_version", "midflight", "scenario", "seed", "runs", "assumptions",
                                                  "strategies"}));
  const Json& s = json["strategies"][0];
  EXPECT_EQ(keys(s), (std::vector<std::string>{
                         "name", "verdict", "why", "conditions", "completed", "overloaded", "endless_runs", "downtime_s", "failed_requests",
                         "delayed_requests", "requests", "stall_s", "diverged_rows_peak", "diverged_rows", "stale_reads",
                         "lost_writes", "total_time_s", "overlap_s", "deployments", "endpoints", "errors", "steps", "critical_path",
                         "timeline"}));
  EXPECT_EQ(keys(s["endpoints"][0]),
            (std::vector<std::string>{"version", "endpoint", "downtime_s", "failed_requests", "delayed_requests"}));
  EXPECT_EQ(keys(s["errors"][0]),
            (std::vector<std::string>{"class", "sqlstate", "message", "version", "endpoint", "count"}));
  EXPECT_EQ(keys(s["steps"][0]), (std::vector<std::string>{"id", "kind", "sql", "locks", "start_s", "lock_wait_s", "held_s",
                                                           "tries", "blocked_requests"}));
  EXPECT_EQ(keys(s["timeline"][0]), (std::vector<std::string>{"at_s", "until_s", "lane", "what"}));
}

TEST(Json, CountsAndSecondsAreDistributions) {
  const Json json = Json::parse(to_json(result_of({naive({100, 300})})));
  const Json& s = json["strategies"][0];
  EXPECT_EQ(s["failed_requests"].dump(), R"({"mean":200,"p5":100,"p50":100,"p95":300})");
  EXPECT_EQ(s["errors"][0]["count"].dump(), R"({"mean":200,"p5":100,"p50":100,"p95":300})");
  EXPECT_EQ(s["steps"][0]["tries"].dump(), R"({"mean":1,"p5":1,"p50":1,"p95":1})");
  EXPECT_EQ(s["deployments"].dump(), "1");
}

TEST(Json, SecondsPrintAsTheDecimalTheyWereCountedIn) {
  const Json json = Json::parse(to_json(result_of({naive({1})})));
  // 48,300,000,000 ns times 1e-9 would be 48.300000000000004.
  EXPECT_EQ(json["strategies"][0]["downtime_s"]["p95"].dump(), "48.3");
  EXPECT_EQ(json["strategies"][0]["steps"][0]["held_s"]["p50"].dump(), "0.003");
}

TEST(Json, DowntimeThatDoesNotEndIsAFlagBesideWhatWasCounted) {
  Prediction p = naive({100, 300});
  p.runs[1].endless = true;
  const Json json = Json::parse(to_json(result_of({p})));
  EXPECT_EQ(json["strategies"][0]["endless_runs"].dump(), "1");
  EXPECT_EQ(json["strategies"][0]["downtime_s"]["p95"].dump(), "48.3");
}

TEST(Json, ZeroIsNeverNegative) {
  Prediction p = naive({0});
  p.runs[0].timeline = {testing::told(-0.0, 0, "errors", "")};
  EXPECT_EQ(to_json(result_of({p})).find("-0"), std::string::npos);
}

TEST(Json, RefusedStrategyHasNullsAndItsReason) {
  const Json json = Json::parse(to_json(result_of({refused("shadow_table", "no key")})));
  EXPECT_EQ(json["strategies"][0]["verdict"], "refused");
  EXPECT_EQ(json["strategies"][0]["why"], "no key");
  EXPECT_TRUE(json["strategies"][0]["downtime_s"].is_null());
}

TEST(Json, UnreachedStepStartsAtNull) {
  Prediction p = naive({0});
  p.runs[0].steps[1].reached = false;
  const Json json = Json::parse(to_json(result_of({p})));
  EXPECT_TRUE(json["strategies"][0]["steps"][1]["start_s"].is_null());
}

TEST(Json, BytesThatAreNoTextDoNotStopTheReport) {
  Prediction p = naive({0});
  p.why = "bad \xff byte";
  EXPECT_TRUE(Json::accept(to_json(result_of({p}))));
}

ReplayResult replay() {
  ReplayResult r;
  r.backend = "sqlite";
  r.server_version = "3.40.1";
  r.predicted = result_of({naive({100, 300})});
  r.paired = testing::naive_run(300);
  r.measured = testing::naive_run(250);
  r.errors = {{"downtime_s", 48.3, 48.3, 0.0, false, true},
              {"stall_s", 0, 0.1, {}, true, true},
              {"stale_reads", 0, {}, {}, false, {}}};
  r.step_errors = {{"rename", {{"lock_wait_s", 0, 1, -1.0, false, false}, {"held_s", 0.003, 0.01, {}, true, false}}}};
  r.unmeasured = {"stale_reads"};
  r.data_check = "all rows as expected";
  return r;
}

TEST(JsonReplay, MeasuredValuesArePlainAndUnmeasuredOnesNull) {
  const Json json = Json::parse(to_json(replay()));
  EXPECT_EQ(json["measured"]["failed_requests"].dump(), "250");
  EXPECT_EQ(json["measured"]["steps"][0]["tries"].dump(), "1");
  EXPECT_TRUE(json["measured"]["stale_reads"].is_null());
  EXPECT_EQ(json["predicted"]["failed_requests"]["p95"], 300);
}

TEST(JsonReplay, ErrorsAreNullWhereBothAreBelowTheFloor) {
  const Json json = Json::parse(to_json(replay()));
  EXPECT_EQ(json["error"]["downtime_s"].dump(), "0");
  EXPECT_TRUE(json["error"]["stall_s"].is_null());
  EXPECT_EQ(json["error"]["agree"].dump(), R"(["stall_s"])");
  EXPECT_EQ(json["error"]["steps"].dump(), R"([{"id":"rename","lock_wait_s":-1,"held_s":null}])");
}

TEST(JsonReplay, WhatNobodySawOfLocksIsNullAndSaid) {
  ReplayResult r = replay();
  EXPECT_EQ(Json::parse(to_json(r))["measured"]["steps"][0]["blocked_requests"].dump(), "0");
  r.unmeasured = {"lock_wait_s", "held_s", "blocked_requests"};
  r.why_blind = "the connection is lost";
  r.step_errors = {{"rename", {{"lock_wait_s", 1, {}, {}, false, {}}}}};
  const Json json = Json::parse(to_json(r));
  for (const char* name : {"lock_wait_s", "held_s", "blocked_requests"}) EXPECT_TRUE(json["measured"]["steps"][0][name].is_null()) << name;
  EXPECT_FALSE(json["paired"]["steps"][0]["held_s"].is_null());
  EXPECT_EQ(json["why_blind"], "the connection is lost");
}

TEST(JsonReplay, ReasonIsNullForAValidReplay) {
  ReplayResult r = replay();
  EXPECT_TRUE(Json::parse(to_json(r))["invalid_reason"].is_null());
  r.valid = false;
  r.invalid_reason = "the generator fell behind";
  EXPECT_EQ(Json::parse(to_json(r))["invalid_reason"], "the generator fell behind");
}

}  // namespace
}  // namespace midflight::io
