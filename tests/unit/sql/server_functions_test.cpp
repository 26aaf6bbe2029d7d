#include "sim/sql/server_functions.h"

#include <gtest/gtest.h>

#include "sim/sql/parse.h"

namespace midflight::sql {
namespace {

TEST(ServerFunctions, AreKnownByName) {
  for (const char* name : {"to_timestamp", "jsonb_path_query", "width_bucket", "array_agg", "setval", "pg_relation_size", "coalesce", "xmlelement"})
    EXPECT_TRUE(is_server_function(name)) << name;
  for (const char* name : {"migrate_orders", "create_distributed_table", "", " ", "!", "random!"}) EXPECT_FALSE(is_server_function(name)) << name;
}

TEST(ServerFunctions, ThatRunGivenSqlOrWorkOnARelationAreNotAmongThem) {
  for (const char* name : {"query_to_xml", "table_to_xml", "ts_stat", "brin_summarize_range", "gin_clean_pending_list"})
    EXPECT_FALSE(is_server_function(name)) << name;
}

TEST(ServerFunctions, AreVolatileWhereTheCatalogSaysSo) {
  for (const char* name : {"random", "clock_timestamp", "timeofday", "nextval", "gen_random_uuid", "uuidv7", "pg_sleep", "uuid_generate_v1"})
    EXPECT_TRUE(is_volatile_function(name)) << name;
  for (const char* name : {"now", "txid_current", "timezone", "lower", "statement_timestamp", "my_own"}) EXPECT_FALSE(is_volatile_function(name)) << name;
}

TEST(ServerFunctions, RandomUuidsAreSeenInTheParseAndNotInTexts) {
  const auto draws = [](const std::string& value) {
    const Statement statement = parse_one("ALTER TABLE t ADD COLUMN c text DEFAULT " + value);
    return std::get<AddColumn>(statement.operations.front()).draws_uuid;
  };
  EXPECT_TRUE(draws("gen_random_uuid()"));
  EXPECT_TRUE(draws("lower(public.\"uuid_generate_v4\"()::text)"));
  EXPECT_TRUE(draws("random()::text || uuidv7 ()"));
  EXPECT_FALSE(draws("'gen_random_uuid()'"));
  EXPECT_FALSE(draws("random()"));
}

}  // namespace
}  // namespace midflight::sql
