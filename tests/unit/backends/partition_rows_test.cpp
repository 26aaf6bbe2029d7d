#include <gtest/gtest.h>

#include <set>

#include "backends/data/catalogue.h"
#include "backends/data/table_fill.h"
#include "sim/sql/parse.h"

namespace midflight::backends {
namespace {

Schema schema_of_rows(const std::string& text, const std::vector<std::pair<std::string, std::int64_t>>& rows) {
  Schema schema = sql::schema_from_sql(text);
  for (const auto& [table, count] : rows) schema.table(table)->rows = count;
  return schema;
}

std::string text_of(const Value& value) { return std::get<std::string>(value); }

constexpr const char* kByDay =
    "CREATE TABLE events (id bigint, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);"
    "CREATE TABLE e24 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
    "CREATE TABLE e25 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');"
    "CREATE TABLE rest PARTITION OF events DEFAULT;";

// Rows 1 to 300 of events are those of e24, 301 to 400 those of e25, 401 to 410 the rest.
TEST(PartitionRows, OfALeafLieWithinItsBoundsAndAreThoseOfTheWholeTable) {
  const Schema schema = schema_of_rows(kByDay, {{"events", 410}, {"e24", 300}, {"e25", 100}, {"rest", 10}});
  const SchemaFill fills(schema);
  const ColumnFill &whole = *fills.table("events")->column("at"), &leaf = *fills.table("e25")->column("at");
  for (std::int64_t r = 1; r <= 300; ++r) EXPECT_EQ(text_of(whole.value(r)).substr(0, 4), "2024") << r;
  for (std::int64_t r = 1; r <= 100; ++r) {
    EXPECT_EQ(leaf.value(r), whole.value(300 + r));
    EXPECT_EQ(text_of(leaf.value(r)).substr(0, 7), "2025-01");
    EXPECT_EQ(fills.table("e25")->column("id")->value(r), Value(300 + r));
  }
  for (std::int64_t r = 401; r <= 410; ++r) EXPECT_GE(text_of(whole.value(r)), "2025-02-01");
  EXPECT_EQ(filled_rows(*schema.table("events"), fills.partitions()), 410);
}

TEST(PartitionRows, OfTheWholeTableAloneAreSharedOutEvenly) {
  const SchemaFill fills(schema_of_rows(kByDay, {{"events", 101}}));
  std::map<std::string, std::int64_t> rows;
  for (const PartitionSlice& slice : fills.partitions().slices("events")) rows[slice.table] = slice.rows;
  EXPECT_EQ(rows, (std::map<std::string, std::int64_t>{{"e24", 50}, {"e25", 51}, {"rest", 0}}));
}

TEST(PartitionRows, OfOnePartitionMayBeAllThereAre) {
  const Schema schema = schema_of_rows(kByDay, {{"events", 5}, {"e25", 5}});
  const Catalogue catalogue(schema, {}, {});
  EXPECT_EQ(catalogue.rows("events"), 5);
  for (std::int64_t r = 1; r <= 5; ++r) EXPECT_EQ(text_of(catalogue.fill("events", "at").value(r)).substr(0, 7), "2025-01");
}

TEST(PartitionRows, NewOnesFindAPartition) {
  const SchemaFill fills(schema_of_rows(kByDay, {{"e24", 3}}));
  for (std::int64_t s = 0; s < 50; ++s) {
    const std::string day = text_of(fills.table("events")->column("at")->fresh(s));
    EXPECT_GE(day, "2024-01-01");
  }
  const SchemaFill numbers(schema_of_rows("CREATE TABLE t (id bigint PRIMARY KEY) PARTITION BY RANGE (id);"
                                          "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (101);"
                                          "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (101) TO (201);", {{"t1", 100}, {"t2", 30}}));
  const ColumnFill& id = *numbers.table("t")->column("id");
  for (std::int64_t r = 1; r <= 130; ++r) EXPECT_EQ(id.value(r), Value(r));
  EXPECT_EQ(id.fresh(0), Value(std::int64_t{131}));
  EXPECT_EQ(id.fresh(69), Value(std::int64_t{200}));
}

TEST(PartitionRows, GoByListsTimesAndSubpartitions) {
  const Schema schema = schema_of_rows(
      "CREATE TYPE kind AS ENUM ('a', 'b', 'c');"
      "CREATE TABLE e (id int, at timestamptz, k kind) PARTITION BY RANGE (at);"
      "CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2024-01-01 00:00:00+02') TO ('2024-01-02 00:00:00+02') PARTITION BY LIST (k);"
      "CREATE TABLE e1a PARTITION OF e1 FOR VALUES IN ('a');"
      "CREATE TABLE e1r PARTITION OF e1 DEFAULT;"
      "CREATE TABLE e0 PARTITION OF e FOR VALUES FROM (MINVALUE) TO ('2024-01-01 00:00:00+02') PARTITION BY HASH (id);"
      "CREATE TABLE e0h PARTITION OF e0 FOR VALUES WITH (MODULUS 1, REMAINDER 0);",
      {{"e1a", 10}, {"e1r", 10}, {"e0h", 10}});
  const SchemaFill fills(schema);
  for (std::int64_t r = 1; r <= 10; ++r) {
    EXPECT_EQ(fills.table("e1a")->column("k")->value(r), Value(std::string("a")));
    EXPECT_NE(fills.table("e1r")->column("k")->value(r), Value(std::string("a")));
    // From 22:00 of the day before, in UTC.
    EXPECT_GE(text_of(fills.table("e1a")->column("at")->value(r)), "2023-12-31 22:00:00+00");
    EXPECT_LT(text_of(fills.table("e1a")->column("at")->value(r)), "2024-01-01 22:00:00+00");
    EXPECT_LT(text_of(fills.table("e0")->column("at")->value(r)), "2023-12-31 22:00:00+00");
  }
  EXPECT_EQ(fills.partitions().slices("e").size(), 3U);
}

TEST(PartitionRows, QuotesOfALiteralAreUndone) {
  const SchemaFill fills(schema_of_rows("CREATE TABLE t (name text) PARTITION BY LIST (name);"
                                        "CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('it''s');", {{"t1", 10}}));
  EXPECT_EQ(fills.table("t")->column("name")->value(1), Value(std::string("it's")));
}

TEST(PartitionRows, OfPartitionsByAnExpressionAreRefused) {
  const SchemaFill fills(schema_of_rows("CREATE TABLE t (name text) PARTITION BY LIST (lower(name));"
                                        "CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a');", {{"t1", 10}}));
  EXPECT_EQ(fills.partitions().slices("t")[0].refused, "values for a partition FOR VALUES IN ('a') of LIST ((lower(name))) are not known");
}

}  // namespace
}  // namespace midflight::backends
