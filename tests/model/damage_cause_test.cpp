#include "tests/support/closed_forms.h"

// A plan that damages data says why, with the names of its versions, columns and steps.

namespace midflight::testing {
namespace {

const std::string kAdd = "  - {id: add, sql: ALTER TABLE stock ADD COLUMN quantity int}\n";
const std::string kDouble = "  - {id: double, deploy: v1.1}\n";
const std::string kCopy = "  - {id: copy, backfill: UPDATE stock SET quantity = qty WHERE quantity IS DISTINCT FROM qty, batch: 500, pause: 20ms}\n";
const std::string kReadNew = "  - {id: read-new, deploy: v1.2}\n";
const std::string kNewOnly = "  - {id: new-only, deploy: v2}\n";
const std::string kDrop = "  - {id: drop, sql: ALTER TABLE stock DROP COLUMN qty}\n";

Prediction predicted(const std::string& plan, const std::string& rollout = "rolling") {
  return run(scenario("name: stock\ndatabase: {engine: postgresql, version: 15}\n"
                      "schema: CREATE TABLE stock (sku text PRIMARY KEY, qty int)\n"
                      "tables: {stock: {rows: 5000, row_bytes: 60}}\n"
                      "app:\n  instances: 3\n  rollout: {kind: " + rollout + ", startup: 4s, drain: 1s}\n  versions:\n    v1:\n"
                      "      - {name: put, rate: 30/s, sql: UPDATE stock SET qty = $1 WHERE sku = $2}\n"
                      "      - {name: get, rate: 60/s, sql: SELECT qty FROM stock WHERE sku = $1}\n"
                      "change: ALTER TABLE stock RENAME COLUMN qty TO quantity\nplan:\n" + plan),
             options(20, false));
}

struct Wrong {
  std::string name, plan, rollout, cause;
};

class DamageCause : public ::testing::TestWithParam<Wrong> {};

TEST_P(DamageCause, IsSaid) {
  const Prediction p = predicted(GetParam().plan, GetParam().rollout);
  EXPECT_EQ(p.verdict, Verdict::Unsafe);
  EXPECT_NE(p.why.find("; " + GetParam().cause), std::string::npos) << p.why;
}

INSTANTIATE_TEST_SUITE_P(Plans, DamageCause, ::testing::Values(
    Wrong{"CopyBeforeDoubleWrites", kAdd + kCopy + kDouble + kReadNew + kNewOnly, "rolling",
          "v1 still writes only qty when copy goes over the rows, and nothing copies what it writes later"},
    Wrong{"CopyAfterTheNewRelease", kAdd + kDouble + kNewOnly + kCopy, "rolling",
          "copy puts the value of qty over what v2 has written to quantity alone"},
    Wrong{"SkippedRelease", kAdd + kDouble + kCopy + kNewOnly, "rolling",
          "v2 writes only quantity while v1.1, which serves beside it, reads qty"},
    Wrong{"NoCopy", kAdd + kDouble + kReadNew, "recreate", "v1.2 reads quantity, into which no step before has copied qty"},
    Wrong{"DropBeforeTheCopy", kAdd + kDouble + kDrop, "recreate", "drop drops qty before any step has copied it into quantity"},
    Wrong{"BackToTheOldRelease", kAdd + kDouble + kCopy + "  - {id: back, deploy: v1}\n  - {wait: 5s}\n" +
          "  - {id: again, deploy: v1.1}\n" + kReadNew, "rolling", "v1 writes only qty again after copy"}),
    [](const auto& tested) { return tested.param.name; });

TEST(DamageCauseOfASoundPlan, IsNotLookedFor) {
  const Prediction p = predicted(kAdd + kDouble + kCopy + kReadNew + kNewOnly + kDrop);
  EXPECT_EQ(p.verdict, Verdict::Safe) << p.why;
}

}  // namespace
}  // namespace midflight::testing
