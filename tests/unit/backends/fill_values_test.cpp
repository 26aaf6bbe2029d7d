#include "backends/data/fill_values.h"

#include <gtest/gtest.h>

#include <set>

namespace midflight::backends {
namespace {

ColumnFill column_of(const std::string& type, const std::string& check = "") {
  Table table;
  table.columns = {{"c", type, false, {}, false, false}};
  if (!check.empty()) table.constraints = {{"c_check", ConstraintKind::Check, {"c"}, check, "", {}, true, ""}};
  return {table.columns[0], table};
}

TEST(FillValues, DifferByRowAndFromEverythingFresh) {
  for (const char* type : {"bigint", "text", "character varying(12)", "uuid", "numeric(12,2)"}) {
    const ColumnFill fill = column_of(type);
    std::set<Value> values;
    for (std::int64_t i = 0; i < 1000; ++i) {
      values.insert(fill.value(i + 1));
      values.insert(fill.fresh(i));
    }
    EXPECT_EQ(values.size(), 2000U) << type;
  }
}

TEST(FillValues, KeepToTheLengthOfTheType) {
  const ColumnFill fill = column_of("character varying(8)");
  for (const std::int64_t row : {1LL, 99LL, 12'345'678LL}) EXPECT_LE(std::get<std::string>(fill.value(row)).size(), 8U);
}

TEST(FillValues, KeepToTheListAndTheBoundsOfACheck) {
  const ColumnFill state = column_of("text", "c IN ('new', 'paid')");
  for (std::int64_t r = 1; r < 10; ++r) {
    const auto text = std::get<std::string>(state.value(r));
    EXPECT_TRUE(text == "new" || text == "paid") << text;
  }
  const ColumnFill share = column_of("integer", "c >= 5 AND c < 8");
  for (std::int64_t r = 1; r < 10; ++r) {
    const auto number = std::get<std::int64_t>(share.value(r));
    EXPECT_TRUE(number >= 5 && number < 8) << number;
  }
}

TEST(FillValues, TwoParentsGiveDistinctPairs) {
  Table a, b, both;
  a.name = "a", b.name = "b", both.name = "both";
  for (Table* t : {&a, &b}) {
    t->columns = {{"id", "bigint", true, {}, true, false}};
    t->constraints = {{"pk", ConstraintKind::PrimaryKey, {"id"}, "", "", {}, true, ""}};
    t->rows = 10;
  }
  both.columns = {{"a_id", "bigint", true, {}, false, false}, {"b_id", "bigint", true, {}, false, false}};
  both.constraints = {{"fa", ConstraintKind::ForeignKey, {"a_id"}, "", "a", {"id"}, true, ""},
                      {"fb", ConstraintKind::ForeignKey, {"b_id"}, "", "b", {"id"}, true, ""}};
  const Schema schema{{a, b, both}, {}, {}};
  const TableFill fill(both, schema);
  std::set<std::pair<Value, Value>> pairs;
  for (std::int64_t r = 1; r <= 100; ++r) pairs.insert({fill.columns()[0].value(r), fill.columns()[1].value(r)});
  EXPECT_EQ(pairs.size(), 100U);
}

TEST(FillValues, TextFillsTheRowsBytes) {
  Table table;
  table.columns = {{"id", "bigint", true, {}, true, false}, {"body", "text", false, {}, false, false}};
  table.row_bytes = 208;
  const TableFill fill(table, {{table}, {}, {}});
  EXPECT_EQ(std::get<std::string>(fill.column("body")->value(3)).size(), 200U);
}

}  // namespace
}  // namespace midflight::backends
