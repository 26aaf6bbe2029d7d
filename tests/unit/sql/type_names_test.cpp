#include "sim/sql/type_names.h"

#include <gtest/gtest.h>

namespace midflight::sql {
namespace {

std::string unknown(const std::string& ddl, const std::string& before = "") {
  TypeNames types;
  types.add(before);
  types.add(ddl);
  std::string names;
  for (const UnknownType& type : types.unknown_in(ddl)) names += (names.empty() ? "" : " ") + type.name;
  return names;
}

TEST(TypeNames, OfPostgresqlAreKnownInEverySpelling) {
  for (const char* type : {"int", "integer", "int8", "bigint", "bigserial", "varchar(20)", "character varying", "char(3)", "\"char\"",
                           "double precision", "dec(8,2)", "timestamp(3) with time zone", "timestamptz", "time", "interval day to second",
                           "bit varying(4)", "text[]", "_int4", "pg_catalog.int4", "tstzrange", "regclass", "jsonb", "national character(4)"}) {
    EXPECT_EQ(unknown(std::string("CREATE TABLE t (a ") + type + ")"), "") << type;
  }
}

TEST(TypeNames, NobodyDefinedAreFoundWithTheirPlace) {
  TypeNames types;
  const auto found = types.unknown_in("CREATE TABLE t (a int,\n  b bigintt,\n  c public.datetime[]);\nALTER TABLE t ADD d strng", {"s.sql", 1, 1});
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].name, "bigintt");
  EXPECT_EQ(found[0].where.line, 2);
  EXPECT_EQ(found[0].where.column, 5);
  EXPECT_EQ(found[1].name, "datetime");
  EXPECT_EQ(found[1].where.line, 3);
  EXPECT_EQ(found[2].name, "strng");
  EXPECT_EQ(found[2].where.line, 4);
}

TEST(TypeNames, OfCastsAndOtherTypesAreLookedAtToo) {
  EXPECT_EQ(unknown("CREATE TABLE t (a text DEFAULT 'x'::txt)"), "txt");
  EXPECT_EQ(unknown("CREATE DOMAIN d AS txt"), "txt");
  EXPECT_EQ(unknown("CREATE TYPE pair AS (a int, b inte)"), "inte");
  EXPECT_EQ(unknown("ALTER TABLE t ALTER COLUMN a TYPE inte"), "inte");
}

TEST(TypeNames, ThatTheTextCreatesAreKnown) {
  EXPECT_EQ(unknown("CREATE TABLE t (a mood, b us.zip, c pair, d other, e v, f m)",
                    "CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN us.zip AS text; CREATE TYPE pair AS (a int);"
                    "CREATE TABLE other (x int); CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1"), "");
}

TEST(TypeNames, OfAnExtensionComeWithIt) {
  const std::string table = "CREATE TABLE t (a citext, b public.geometry(Point, 4326), c vector(3))";
  EXPECT_EQ(unknown(table), "citext geometry vector");
  EXPECT_EQ(unknown(table, "CREATE EXTENSION citext; CREATE EXTENSION IF NOT EXISTS postgis; CREATE EXTENSION vector"), "");
  EXPECT_EQ(unknown(table, "CREATE EXTENSION pgcrypto"), "citext geometry vector");
  EXPECT_EQ(unknown(table, "CREATE EXTENSION of_somebody"), "");
}

TEST(TypeNames, OfFunctionsAreLeftAlone) {
  EXPECT_EQ(unknown("CREATE FUNCTION f(a anything) RETURNS trigger LANGUAGE plpgsql AS 'x'"), "");
}

}  // namespace
}  // namespace midflight::sql
