#include <gtest/gtest.h>

#include "sim/sql/parse.h"
#include "tests/unit/sql/texts.h"

namespace midflight::sql {
namespace {

template <class T>
T only(const std::string& sql) {
  const Statement statement = parse_one(sql);
  EXPECT_EQ(statement.operations.size(), 1U) << sql;
  const T* operation = statement.operations.empty() ? nullptr : std::get_if<T>(&statement.operations.front());
  EXPECT_NE(operation, nullptr) << sql;
  return operation != nullptr ? *operation : T{};
}

TEST(Ddl, RenamesKeepTheirKind) {
  const auto column = only<RenameColumn>("ALTER TABLE users RENAME COLUMN name TO full_name");
  EXPECT_EQ(column.table + column.from + column.to, "usersnamefull_name");
  EXPECT_EQ(only<RenameTable>("ALTER TABLE audit.log RENAME TO old_log").to, "audit.old_log");
  EXPECT_EQ(only<RenameTable>("ALTER VIEW v RENAME TO w").to, "w");
  EXPECT_EQ(only<RenameIndex>("ALTER INDEX i RENAME TO j").to, "j");
  EXPECT_EQ(only<RenameConstraint>("ALTER TABLE t RENAME CONSTRAINT a TO b").to, "b");
}

TEST(Ddl, SubcommandsAreOperationsInTheOrderOfTheServersPasses) {
  const Statement statement =
      parse_one("ALTER TABLE users ADD COLUMN a int, DROP COLUMN IF EXISTS b CASCADE, ALTER COLUMN c SET NOT NULL");
  ASSERT_EQ(statement.operations.size(), 3U);
  EXPECT_EQ(statement.kind, StatementKind::Ddl);
  EXPECT_TRUE(std::get<DropColumn>(statement.operations[0]).if_exists);
  EXPECT_TRUE(std::get<DropColumn>(statement.operations[0]).cascade);
  EXPECT_EQ(std::get<AddColumn>(statement.operations[1]).column.type, "integer");
  EXPECT_EQ(std::get<SetNotNull>(statement.operations[2]).column, "c");
}

TEST(Ddl, OnlyVolatileDefaultsAreVolatile) {
  const auto is_volatile = [](const std::string& value) {
    return only<AddColumn>("ALTER TABLE t ADD COLUMN c text DEFAULT " + value).volatile_default;
  };
  EXPECT_TRUE(is_volatile("random()"));
  EXPECT_TRUE(is_volatile("gen_random_uuid()"));
  EXPECT_TRUE(is_volatile("clock_timestamp()"));
  EXPECT_TRUE(is_volatile("lower(uuid_generate_v4()::text)"));
  EXPECT_FALSE(is_volatile("now()"));
  EXPECT_FALSE(is_volatile("current_timestamp"));
  EXPECT_FALSE(is_volatile("'x'"));
  EXPECT_TRUE(only<AddColumn>("ALTER TABLE t ADD COLUMN c bigserial").volatile_default);
}

TEST(Ddl, ColumnsBringTheirConstraints) {
  const auto add = only<AddColumn>("ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 0 UNIQUE REFERENCES u (id) CHECK (c > 0)");
  EXPECT_TRUE(add.column.not_null);
  EXPECT_EQ(add.column.default_sql, "0");
  ASSERT_EQ(add.constraints.size(), 3U);
  EXPECT_EQ(add.constraints[0].name, "t_c_key");
  EXPECT_EQ(add.constraints[1].name, "t_c_fkey");
  EXPECT_EQ(add.constraints[2].name, "t_c_check");
}

TEST(Ddl, ACheckMayProveNotNull) {
  const auto add = only<AddConstraint>("ALTER TABLE t ADD CONSTRAINT n CHECK (c IS NOT NULL) NOT VALID");
  EXPECT_EQ(add.constraint.proves_not_null, "c");
  EXPECT_FALSE(add.constraint.valid);
  EXPECT_EQ(only<AddConstraint>("ALTER TABLE t ADD CHECK (c IS NULL)").constraint.proves_not_null, "");
  EXPECT_EQ(only<AddConstraint>("ALTER TABLE t ADD CHECK (a < b)").constraint.name, "t_check");
}

TEST(Ddl, NamesAreMadeUpAsPostgresqlDoes) {
  EXPECT_EQ(only<CreateIndex>("CREATE INDEX ON users (lower(email), city)").index.name, "users_lower_city_idx");
  EXPECT_EQ(only<AddConstraint>("ALTER TABLE users ADD PRIMARY KEY (id)").constraint.name, "users_pkey");
  EXPECT_EQ(only<AddConstraint>("ALTER TABLE o ADD FOREIGN KEY (a, b) REFERENCES p").constraint.name, "o_a_b_fkey");
  const std::string longest(63, 'a');
  EXPECT_EQ(only<CreateIndex>("CREATE INDEX ON " + longest + " (b)").index.name.size(), 63U);
}

TEST(Ddl, AConstraintUsingAnIndexTakesItsName) {
  const auto add = only<AddConstraint>("ALTER TABLE t ADD UNIQUE USING INDEX i");
  EXPECT_EQ(add.using_index, "i");
  EXPECT_EQ(add.constraint.name, "i");
}

TEST(Ddl, TypesAreSpelledAsPostgresqlPrintsThem) {
  const auto type = [](const std::string& text) { return only<AddColumn>("ALTER TABLE t ADD c " + text).column.type; };
  EXPECT_EQ(type("varchar(50)"), "character varying(50)");
  EXPECT_EQ(type("int8"), "bigint");
  EXPECT_EQ(type("timestamptz"), "timestamp with time zone");
  EXPECT_EQ(type("timestamp(3)"), "timestamp(3) without time zone");
  EXPECT_EQ(type("decimal(10, 2)"), "numeric(10,2)");
  EXPECT_EQ(type("float"), "double precision");
  EXPECT_EQ(type("char(3)"), "character(3)");
  EXPECT_EQ(type("text[]"), "text[]");
  EXPECT_EQ(type("public.mood"), "mood");
  EXPECT_EQ(type("cereal_serial"), "cereal_serial");
}

TEST(Ddl, ASimpleViewShowsItsColumns) {
  const View view = only<CreateView>("CREATE OR REPLACE VIEW v AS SELECT id, full_name AS name, lower(full_name) FROM users u").view;
  EXPECT_EQ(view.table, "users");
  ASSERT_EQ(view.outputs.size(), 3U);
  EXPECT_EQ(view.outputs[1].name + "=" + view.outputs[1].column, "name=full_name");
  EXPECT_EQ(view.outputs[2].column, "");
}

TEST(Ddl, AJoinedViewHasNoTable) {
  EXPECT_EQ(only<CreateView>("CREATE VIEW v AS SELECT a.id FROM a JOIN b ON true").view.table, "");
  EXPECT_EQ(only<CreateView>("CREATE VIEW v AS SELECT DISTINCT id FROM a").view.table, "");
}

TEST(Ddl, DropsNameTheirObjects) {
  EXPECT_EQ(parse_one("DROP TABLE a, public.b").operations.size(), 2U);
  EXPECT_EQ(only<DropTable>("DROP TABLE public.b CASCADE").table, "b");
  EXPECT_TRUE(only<DropIndex>("DROP INDEX CONCURRENTLY IF EXISTS i").concurrently);
  EXPECT_EQ(only<DropTrigger>("DROP TRIGGER g ON t").trigger, "g");
  EXPECT_EQ(only<DropView>("DROP VIEW v").view, "v");
}

TEST(Ddl, WhatIsNotModelledSaysSo) {
  EXPECT_TRUE(has(only<Opaque>("DO $$ begin end $$").why, "DO"));
}

TEST(Ddl, HarmlessStatementsAreHarmless) {
  for (const char* sql : {"SET lock_timeout = '1s'", "COMMENT ON SCHEMA s IS 'x'", "GRANT a TO b", "CREATE ROLE r", "BEGIN"}) {
    EXPECT_TRUE(std::holds_alternative<Harmless>(parse_one(sql).operations.at(0))) << sql;
  }
}

TEST(Ddl, ANewSchemaIsCalledAsItSaysOrLikeItsOwner) {
  EXPECT_TRUE(only<CreateSchema>("CREATE SCHEMA IF NOT EXISTS s").if_not_exists);
  EXPECT_EQ(only<CreateSchema>("CREATE SCHEMA AUTHORIZATION joe").schema, "joe");
  const auto made = parse_one("CREATE SCHEMA s CREATE TABLE t (id int)").operations;
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(std::get<CreateTable>(made[1]).table.name, "s.t");
}

TEST(Ddl, SettingsOfATableAreOneKindOfOperation) {
  EXPECT_EQ(only<RelationSetting>("ALTER TABLE t OWNER TO r").kind, SettingKind::Owner);
  EXPECT_EQ(only<RelationSetting>("ALTER TABLE t ENABLE ROW LEVEL SECURITY").kind, SettingKind::RowSecurity);
  EXPECT_EQ(only<RelationSetting>("ALTER TABLE t ALTER c SET STATISTICS 100").name, "c");
  EXPECT_EQ(only<RelationSetting>("ALTER TABLE t SET (toast.autovacuum_enabled = off)").name, "toast.autovacuum_enabled");
  EXPECT_TRUE(only<RelationSetting>("ALTER TABLE IF EXISTS ONLY t DISABLE TRIGGER ALL").reach.lenient);
  EXPECT_EQ(only<ChangeStorage>("ALTER TABLE t SET TABLESPACE fast").target, "fast");
}

TEST(Ddl, TablesAreReadWithWhatTheyAreMadeFrom) {
  EXPECT_EQ(only<CreateTable>("CREATE TABLE t (a int) PARTITION BY RANGE (a)").table.partition_key, "RANGE (a)");
  EXPECT_EQ(only<CreateTable>("CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (MAXVALUE)").table.bound,
            "FOR VALUES FROM (1) TO (MAXVALUE)");
  EXPECT_EQ(only<CreateTable>("CREATE TABLE p PARTITION OF t DEFAULT").table.parents.at(0), "t");
  EXPECT_TRUE(only<CreateTable>("CREATE TABLE c (LIKE t INCLUDING ALL)").likes.at(0).indexes);
  EXPECT_FALSE(only<CreateTable>("CREATE TABLE c (LIKE t INCLUDING ALL EXCLUDING INDEXES)").likes.at(0).indexes);
  EXPECT_TRUE(only<CreateTable>("CREATE TABLE c AS SELECT a FROM t").as_query);
  EXPECT_EQ(only<CreateTable>("SELECT a, b + 1 AS n INTO c FROM t").selected.at(1).name, "n");
}

TEST(Ddl, PartitionsAreAttachedAndDetached) {
  EXPECT_EQ(only<AttachPartition>("ALTER TABLE t ATTACH PARTITION p FOR VALUES IN ('a', 'b')").bound, "FOR VALUES IN ('a', 'b')");
  EXPECT_EQ(only<AttachPartition>("ALTER TABLE t ATTACH PARTITION p FOR VALUES WITH (MODULUS 4, REMAINDER 1)").bound,
            "FOR VALUES WITH (MODULUS 4, REMAINDER 1)");
  EXPECT_TRUE(only<DetachPartition>("ALTER TABLE t DETACH PARTITION p CONCURRENTLY").concurrently);
  EXPECT_TRUE(only<DetachPartition>("ALTER TABLE t DETACH PARTITION p FINALIZE").finalize);
  EXPECT_FALSE(only<ChangeInheritance>("ALTER TABLE c NO INHERIT t").inherits);
}

TEST(Ddl, DataStatementsAreData) {
  EXPECT_TRUE(std::holds_alternative<DataStatement>(parse_one("UPDATE t SET a = 1").operations.at(0)));
  EXPECT_EQ(parse_one("UPDATE t SET a = 1").kind, StatementKind::Update);
}

}  // namespace
}  // namespace midflight::sql
