#include "tests/support/closed_forms.h"

// Giving up and trying again: many short stalls for one long one.

namespace midflight::testing {
namespace {

class LockTimeout : public BothModes {};
MIDFLIGHT_BOTH_MODES(LockTimeout);

std::string with_timeout(const std::string& wait, const std::string& job, const std::string& pause) {
  return one_reader("50/s",
                    "background:\n  - {name: report, " + job + ", sql: SELECT count(*) FROM users}\n"
                    "plan:\n  - {wait: " + wait + "}\n"
                    "  - {id: alter, sql: ALTER TABLE users ADD COLUMN x int, lock_timeout: 500ms, "
                    "retry: {tries: 50, pause: " + pause + "}}\n",
                    "  request_timeout: 1min\n");
}

//  0   1   1.5         3.5  4           6  6.5      8    8.5
//  |-report-----------------------------------------|
//      |--X|  pause 2  |--X|  pause 2   |--X| pause  2   |ok   tries 4, waits 3 * 0.5
TEST_P(LockTimeout, EachTryStallsReadersForNoLongerThanItsTimeout) {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 0.1;
  const Prediction p = predict(scenario(with_timeout("1s", "at: 0s, time: 8s", "2s")), 60, profile);

  for (const Measurement& m : p.runs) {
    EXPECT_EQ(step(p, m, "alter").tries, 4);
    // The fourth try may meet a reader, for less than a millisecond.
    EXPECT_NEAR(step(p, m, "alter").lock_wait.seconds(), 1.5, 0.001);
    EXPECT_NEAR(m.total_time.seconds(), 8.6, 0.001);
    EXPECT_LE(m.stall, Duration::milliseconds(600));
  }
  // Blocked: lambda (3 tau + h) = 50 * 1.6.
  expect_near(mean(p, [&](const auto& m) { return step(p, m, "alter").blocked_requests; }), 50 * 1.6, "blocked");
}

// A 4 s report every 10 s at a random phase x.  A try succeeds unless x < 3.5,
// so q = 0.65.  With a pause of 4.5 s the second try comes 5 s later, always
// into the gap: E[tries] = 1 + 0.35; E[wait] = 0.35 * 0.5 + E[R; R <= tau]
// = 0.175 + (0.5^2 / 2) / 10 = 0.1875 s.
TEST_P(LockTimeout, TriesFarApartAreIndependentOfOneAnother) {
  const Prediction p = predict(scenario(with_timeout("20s", "every: 10s, time: 4s", "4500ms")), 4000, plain_profile());
  expect_near(mean(p, [&](const auto& m) { return step(p, m, "alter").tries; }), 1.35, "tries");
  EXPECT_NEAR(mean(p, [&](const auto& m) { return step(p, m, "alter").lock_wait.seconds(); }), 0.1875, 0.012);
}

// The same with a pause of 0.5 s: a try a second, all into the same report.
// x in [0, 0.5): 5 tries, [0.5, 1.5): 4, ... [2.5, 3.5): 2; E = 1 + (0.5*4 + 3 + 2 + 1) / 10 = 1.8.
TEST_P(LockTimeout, TriesCloseTogetherFailTogether) {
  const Prediction p = predict(scenario(with_timeout("20s", "every: 10s, time: 4s", "500ms")), 4000, plain_profile());
  expect_near(mean(p, [&](const auto& m) { return step(p, m, "alter").tries; }), 1.8, "tries");
  // tau for each failed try; and the last one comes in the report's last half
  // second from four stretches of x, not one: 4 * (0.5^2 / 2) / 10 = 0.05.
  EXPECT_NEAR(mean(p, [&](const auto& m) { return step(p, m, "alter").lock_wait.seconds(); }), 0.8 * 0.5 + 0.05, 0.025);
}

}  // namespace
}  // namespace midflight::testing
