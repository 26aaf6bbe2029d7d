#include "tests/support/closed_forms.h"

// What a few runs in a hundred do is no part of a 95th percentile, and is told all the same.

namespace midflight::testing {
namespace {

class RareHarm : public BothModes {};
MIDFLIGHT_BOTH_MODES(RareHarm);

std::string with_reader(const std::string& reader, const std::string& step) {
  return "name: rare harm\n"
         "database: {engine: postgresql, version: 15, connections: 500, cores: 4}\n"
         "schema: CREATE TABLE a (id bigint PRIMARY KEY, x int)\ntables: {a: {rows: 1000, row_bytes: 96}}\n"
         "app:\n  instances: 2\n  pool: 10\n  pool_timeout: 1s\n  versions:\n    v1:\n"
         "      - {name: read, rate: 50/s, time: 1ms, sql: SELECT x FROM a WHERE id = $1}\n"
         "background:\n  - {name: reader, " + reader + ", sql: SELECT count(*) FROM a}\n"
         "plan:\n  - {id: alter, sql: ALTER TABLE a ADD COLUMN z int" + step + "}\n";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The reader is there 3 s of every 100 s.
TEST_P(RareHarm, IsCountedInTheSentenceAndItsRunIsTold) {
  const Prediction p = predict(scenario(with_reader("every: 100s, time: 3s", "")), 200, plain_profile());
  ASSERT_EQ(p.verdict, Verdict::Safe) << p.why;
  const auto harmful = std::count_if(p.runs.begin(), p.runs.end(), [](const Measurement& m) { return m.failed_requests + m.delayed_requests > 0; });
  ASSERT_GT(harmful, 2);
  EXPECT_TRUE(says(p.why, "in " + std::to_string(200 - harmful) + " of 200 runs no request fails")) << p.why;
  EXPECT_TRUE(says(p.why, "in the worst of the others")) << p.why;
  EXPECT_EQ(p.showing, static_cast<std::size_t>(harmful));
  EXPECT_GT(p.runs[p.told].failed_requests + p.runs[p.told].delayed_requests, 0);
}

TEST_P(RareHarm, NothingIsAddedWhereEveryRunIsHarmless) {
  const Prediction p = predict(scenario(with_reader("at: 10s, time: 1s", "")), 20, plain_profile());
  EXPECT_EQ(p.why, "no request fails, none is late, and no row is misread");
  EXPECT_EQ(p.told, 0U);
}

TEST_P(RareHarm, ALockTimeoutBeyondTheObjectiveIsPointedOut) {
  const std::string reader = "at: 0s, time: 5s";
  const Prediction longer = predict(scenario(with_reader(reader, ", lock_timeout: 2s, retry: {tries: 9, pause: 1s}")), 10, plain_profile());
  EXPECT_TRUE(says(longer.hint, "behind alter until its lock_timeout of 2s is over, and are late after 1s")) << longer.hint;
  const Prediction shorter = predict(scenario(with_reader(reader, ", lock_timeout: 100ms, retry: {tries: 9, pause: 1s}")), 10, plain_profile());
  EXPECT_EQ(shorter.verdict, Verdict::Safe) << shorter.why;
  EXPECT_EQ(shorter.hint, "");
}

}  // namespace
}  // namespace midflight::testing
