#include "tests/support/closed_forms.h"

// One slow reader, one ALTER TABLE, and everybody behind it.

namespace midflight::testing {
namespace {

class LockQueue : public BothModes {};
MIDFLIGHT_BOTH_MODES(LockQueue);

constexpr double kRate = 200;

/// The report reads from 0 s to 8 s; the ALTER asks at 1 s.
std::string behind_a_report(const std::string& limits, const std::string& latency) {
  return one_reader("200/s",
                    "background:\n"
                    "  - {name: report, at: 0s, time: 8s, sql: SELECT count(*) FROM users}\n"
                    "plan:\n"
                    "  - {wait: 1s}\n"
                    "  - {id: alter, sql: ALTER TABLE users ADD COLUMN x int}\n"
                    "objective: {latency: " + latency + ", errors: 1%}\n",
                    limits);
}

cost::Profile half_a_second_of_ddl() {
  cost::Profile profile = plain_profile();
  profile.metadata_s = 0.5;
  return profile;
}

//  0        1                                    8     8.5
//  |-report----------------------------------------|
//           |-ALTER waits: R = 7 ----------------|=h=|
//           |-readers wait: W = R + h = 7.5 ---------|
TEST_P(LockQueue, ReadersWaitForTheRestOfTheReportAndForTheDdl) {
  const Scenario s = scenario(behind_a_report("  request_timeout: 1min\n", "1s"));
  const Prediction p = predict(s, 60, half_a_second_of_ddl());

  for (const Measurement& m : p.runs) {
    EXPECT_EQ(step(p, m, "alter").lock_wait, Duration::seconds(7));
    EXPECT_EQ(step(p, m, "alter").held, Duration::milliseconds(500));
    EXPECT_EQ(m.total_time, Duration::milliseconds(8500));
    EXPECT_EQ(m.failed_requests, 0);
  }
  // Blocked: lambda W = 200 * 7.5.
  expect_near(mean(p, [&](const auto& m) { return step(p, m, "alter").blocked_requests; }), kRate * 7.5, "blocked");
  // Delayed by more than a second: those who came in the first W - 1 s.
  expect_near(mean(p, [](const auto& m) { return m.delayed_requests; }), kRate * 6.5, "delayed");
  // Down: the slots of those arrivals, [1.0, 7.5).
  expect_near(mean(p, [](const auto& m) { return m.downtime.seconds(); }), 6.5, "downtime");
  // Nobody succeeds from the last answer before 1 s (5 ms before, on average) until 8.501 s.
  expect_near(mean(p, [](const auto& m) { return m.stall.seconds(); }), 7.5, "stall");
}

//  1            W - c = 5.5     8.5
//  |-time out-------|--wait-----|     c = 2 s
TEST_P(LockQueue, ThoseWhoWouldWaitLongerThanTheirTimeoutFail) {
  const Scenario s = scenario(behind_a_report("  request_timeout: 2s\n", "1s"));
  const Prediction p = predict(s, 60, half_a_second_of_ddl());

  // Timeouts: lambda (W - c) = 200 * 5.5.
  expect_near(mean(p, [](const auto& m) { return failures(m, ErrorClass::RequestTimeout); }), kRate * 5.5, "timeouts");
  expect_near(mean(p, [](const auto& m) { return m.failed_requests; }), kRate * 5.5, "failed");
  // Delayed: those who wait between 1 s and c.
  expect_near(mean(p, [](const auto& m) { return m.delayed_requests; }), kRate * 1.0, "delayed");
}

// Twenty jobs, each 2 s long every 100 s at a phase of its own; the ALTER waits
// for the last that is there when it asks.  With u = 2 - t:
//   P(wait = 0) = 0.98^20 = 0.6676
//   P(wait > t) = 1 - (1 - u/100)^20
//   E[wait] = 2 - 100/21 * (1 - 0.98^21) = 0.3536 s
TEST_P(LockQueue, WaitsForTheLongestResidualOfManyReaders) {
  std::string jobs = "background:\n";
  for (int i = 0; i < 20; ++i) {
    jobs += "  - {name: job " + std::to_string(i) + ", every: 100s, time: 2s, sql: SELECT count(*) FROM users}\n";
  }
  const Scenario s = scenario(one_reader("1/s", jobs + "plan:\n  - {wait: 90s}\n  - {id: alter, sql: ALTER TABLE users ADD COLUMN x int}\n"));
  const Prediction p = predict(s, 4000, plain_profile());

  const auto waited = [&](const Measurement& m) { return step(p, m, "alter").lock_wait; };
  // 4000 runs: standard errors 0.0074 and 0.0091.
  EXPECT_NEAR(mean(p, [&](const auto& m) { return waited(m) < Duration::milliseconds(5); }), 0.6676, 0.03);
  EXPECT_NEAR(mean(p, [&](const auto& m) { return waited(m).seconds(); }), 0.3536, 0.03);
}

}  // namespace
}  // namespace midflight::testing
