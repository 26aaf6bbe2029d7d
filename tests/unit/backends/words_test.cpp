#include "backends/data/words.h"

#include <gtest/gtest.h>

#include "backends/data/batches.h"
#include "sim/kernel/error.h"
#include "sim/sql/parse.h"
#include "tests/conformance/subject.h"

namespace midflight::backends {
namespace {

constexpr Dialect kSqlite{Engine::Sqlite, 340}, kPostgres{Engine::Postgresql, 15};

TEST(LimitedTo, KeepsTheConditionWhole) {
  EXPECT_EQ(limited_to("UPDATE t SET a = b", "c > 1"), "UPDATE t SET a = b WHERE c > 1");
  EXPECT_EQ(limited_to("UPDATE t SET a = (SELECT 1 WHERE 1) WHERE a IS NULL OR b = 'where'", "c > 1"),
            "UPDATE t SET a = (SELECT 1 WHERE 1) WHERE ( a IS NULL OR b = 'where') AND c > 1");
}

TEST(TextArray, KeepsQuotesAndBackslashes) { EXPECT_EQ(text_array({"a", "\"b\\"}), R"({"a","\"b\\"})"); }

Batches batches(const Schema& schema, const Dialect& dialect) { return {"users", Catalogue(schema, {}, {}), dialect}; }

TEST(Batches, AreRangesOfRowidOnSqlite) {
  const Batches b = batches(users_schema(), kSqlite);
  EXPECT_EQ(b.condition(), "rowid > ?1 AND rowid <= ?2");
  EXPECT_EQ(b.bounds(0, 30, 150), (Row{std::int64_t{0}, std::int64_t{30}}));
}

TEST(Batches, AreRangesOfAnIntegerKeyOnPostgres) {
  const Batches b = batches(users_schema(), kPostgres);
  EXPECT_EQ(b.condition(), "id > $1 AND id <= $2");
  EXPECT_EQ(b.bounds(30, 30, 150), (Row{std::int64_t{30}, std::int64_t{60}}));
}

TEST(Batches, TheLastOneTakesWhatCameSinceTheFilling) {
  EXPECT_EQ(batches(users_schema(), kPostgres).bounds(90, 30, 150), (Row{std::int64_t{90}, std::int64_t{150}}));
}

// 100 rows, of which 10 are known: nine of ten batches would be empty if those were all.
TEST(Batches, DivideAllRowsWhereSomeAreKnown) {
  Catalogue catalogue(users_schema(), {}, {});
  std::vector<Value> names;
  for (int i = 0; i < 10; ++i) names.emplace_back("n" + std::to_string(i));
  catalogue.use_known("users", "name", names);
  EXPECT_EQ(catalogue.rows("users"), 10);
  EXPECT_EQ(catalogue.table_rows("users"), 100);
  const Batches b("users", catalogue, kPostgres);
  EXPECT_EQ(b.bounds(0, 30, 150), (Row{std::int64_t{0}, std::int64_t{30}}));
  EXPECT_EQ(b.bounds(90, 30, 150), (Row{std::int64_t{90}, std::int64_t{150}}));
}

Schema partitioned(const std::string& key) {
  Schema schema = sql::schema_from_sql("CREATE TABLE users (id bigint, day date, name text" + key + ";"
                                       "CREATE TABLE u1 PARTITION OF users FOR VALUES FROM (1000) TO (2000);"
                                       "CREATE TABLE u2 PARTITION OF users FOR VALUES FROM (1) TO (1000);");
  schema.table("u1")->rows = schema.table("u2")->rows = 50;
  return schema;
}

// The later keys stand in the partition that is named first.
TEST(Batches, OfPartitionsAreRangesOfTheKeysThereAre) {
  const Batches b = batches(partitioned(", PRIMARY KEY (id)) PARTITION BY RANGE (id)"), kPostgres);
  EXPECT_EQ(b.condition(), "id > $1 AND id <= $2");
  EXPECT_EQ(b.bounds(0, 30, 1049), (Row{std::int64_t{-1}, std::int64_t{30}}));
  EXPECT_EQ(b.bounds(30, 30, 1049), (Row{std::int64_t{30}, std::int64_t{1009}}));
  EXPECT_EQ(b.bounds(60, 40, 1060), (Row{std::int64_t{1009}, std::int64_t{1060}}));
}

TEST(Batches, OfPartitionsWithoutSuchAKeyAreRefused) {
  try {
    batches(partitioned(") PARTITION BY RANGE (id)"), kPostgres);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotSupported);
    EXPECT_NE(std::string(error.what()).find("the table is partitioned and has no primary key of one integer column"), std::string::npos) << error.what();
  }
}

TEST(Batches, OfKeysThatWereFoundAreAsLargeAsTheSampleSays) {
  Catalogue catalogue(users_schema(), {}, {});
  std::vector<Value> ids;
  for (std::int64_t i = 10; i > 0; --i) ids.emplace_back(i * 1000);
  catalogue.use_known("users", "id", ids);
  const Batches b("users", catalogue, kPostgres);
  EXPECT_EQ(b.bounds(0, 30, 10'500), (Row{std::int64_t{-1}, std::int64_t{3000}}));
  EXPECT_EQ(b.bounds(30, 30, 10'500), (Row{std::int64_t{3000}, std::int64_t{6000}}));
  EXPECT_EQ(b.bounds(90, 10, 10'500), (Row{std::int64_t{9000}, std::int64_t{10'500}}));
}

// 100 rows on 8 pages: rows 26 to 50 begin on page 2, and the last batch has no end.
TEST(Batches, WithoutSuchAKeyAreRangesOfPages) {
  Schema schema = users_schema();
  schema.tables[0].constraints.clear();
  const Batches b = batches(schema, kPostgres);
  EXPECT_EQ(b.bounds(25, 25, 8), (Row{std::string("(2,0)"), std::string("(4,0)")}));
  EXPECT_EQ(b.bounds(75, 25, 8), (Row{std::string("(6,0)"), std::string("(4294967294,0)")}));
}

}  // namespace
}  // namespace midflight::backends
