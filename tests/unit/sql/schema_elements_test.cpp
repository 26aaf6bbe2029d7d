#include <gtest/gtest.h>

#include "sim/model/operation.h"
#include "sim/sql/parse.h"

namespace midflight::sql {
namespace {

TEST(SchemaElements, LieInTheNewSchemaInTheServersOrder) {
  const Statement made = parse_one(
      "CREATE SCHEMA s CREATE VIEW v AS SELECT a FROM t CREATE INDEX i ON t (a)"
      " CREATE TABLE t (a int REFERENCES other) CREATE SEQUENCE n");
  ASSERT_EQ(made.operations.size(), 5U);
  EXPECT_EQ(std::get<CreateSequence>(made.operations[1]).sequence.name, "s.n");
  const Table& table = std::get<CreateTable>(made.operations[2]).table;
  EXPECT_EQ(table.name, "s.t");
  EXPECT_EQ(table.constraints.front().referenced_table, "other");
  EXPECT_EQ(std::get<CreateView>(made.operations[3]).view.table, "s.t");
  EXPECT_EQ(std::get<CreateIndex>(made.operations[4]).index.table, "s.t");
}

TEST(SchemaElements, AreInTheSchemaOfADump) {
  const Schema schema = schema_from_sql("CREATE SCHEMA s CREATE TABLE t (id bigserial PRIMARY KEY) CREATE INDEX i ON t (id);");
  ASSERT_NE(schema.table("s.t"), nullptr);
  EXPECT_EQ(schema.table("s.t")->indexes.size(), 2U);
}

}  // namespace
}  // namespace midflight::sql
