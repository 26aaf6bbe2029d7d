#pragma once

#include <string>

#include <gtest/gtest.h>

#include "tests/support/scenarios.h"

/// Scenarios that a closed form describes, run both ways.
namespace midflight::testing {

/// Within 3% of the sum by hand.
inline void expect_near(double actual, double by_hand, const std::string& what) {
  EXPECT_NEAR(actual, by_hand, 0.03 * by_hand) << what;
}

/// A test that holds with every request simulated and with certain ones counted.
class BothModes : public ::testing::TestWithParam<bool> {
 protected:
  Prediction predict(const Scenario& s, int runs, const cost::Profile& profile, std::string_view strategy = "plan") const {
    RunOptions o = options(runs, GetParam());
    o.profile = profile;
    o.lead_out = Duration::seconds(5);
    return run(s, o, strategy);
  }
};

inline std::string mode_name(const ::testing::TestParamInfo<bool>& mode) { return mode.param ? "Exact" : "Counted"; }

#define MIDFLIGHT_BOTH_MODES(suite) \
  INSTANTIATE_TEST_SUITE_P(Modes, suite, ::testing::Bool(), mode_name)

/// One table and one endpoint that reads it; as much of everything as is asked for.
inline std::string one_reader(const std::string& rate, const std::string& rest, const std::string& limits = "") {
  return "name: one reader\n"
         "database: {engine: postgresql, version: 15, connections: 50000, cores: unlimited}\n"
         "schema: \"CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));\"\n"
         "tables: {users: {rows: 100000, row_bytes: 96}}\n"
         "app:\n  instances: 10\n  pool: 1000\n  pool_timeout: 1min\n" + limits +
         "  rollout: {kind: rolling, startup: 1s, drain: 1s}\n"
         "  versions:\n    v1:\n"
         "      - {name: profile, rate: " + rate + ", time: 1ms, sql: SELECT name FROM users WHERE id = $1}\n" + rest;
}

}  // namespace midflight::testing
