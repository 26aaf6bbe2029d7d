#include <gtest/gtest.h>

#include "sim/sql/newer_syntax.h"
#include "sim/sql/parse.h"

namespace midflight::sql {
namespace {

/// Version and kind of what is read: "18 AddConstraint".
template <class T>
T only(const std::string& sql, int since) {
  const Statement statement = parse_one(sql);
  EXPECT_EQ(statement.since, since) << sql;
  EXPECT_EQ(statement.sql, sql);
  const T* operation = statement.operations.size() == 1 ? std::get_if<T>(&statement.operations.front()) : nullptr;
  EXPECT_NE(operation, nullptr) << sql;
  return operation != nullptr ? *operation : T{};
}

TEST(NewerSyntax, AGeneratedColumnIsVirtualUnlessStored) {
  for (const char* sql : {"ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a + 1) VIRTUAL", "ALTER TABLE t ADD c int GENERATED ALWAYS AS ((a) + (1))"}) {
    const Column column = only<AddColumn>(sql, 18).column;
    EXPECT_TRUE(column.generated && column.computed_on_read) << sql;
  }
  EXPECT_FALSE(only<AddColumn>("ALTER TABLE t ADD c int GENERATED ALWAYS AS (a) STORED", 0).column.computed_on_read);
}

TEST(NewerSyntax, OnlyTheVirtualColumnOfATableIsVirtual) {
  const Table table = only<CreateTable>("CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED, c int GENERATED ALWAYS AS (a) VIRTUAL)", 18).table;
  EXPECT_FALSE(table.column("b")->computed_on_read);
  EXPECT_TRUE(table.column("c")->computed_on_read);
}

TEST(NewerSyntax, NotNullIsAConstraintOfTheTable) {
  const Constraint named = only<AddConstraint>("ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID", 18).constraint;
  EXPECT_EQ(named.name, "n");
  EXPECT_EQ(named.kind, ConstraintKind::NotNull);
  EXPECT_FALSE(named.valid);
  EXPECT_EQ(only<AddConstraint>("ALTER TABLE t ADD NOT NULL \"A b\"", 18).constraint.name, "t_A b_not_null");
  EXPECT_EQ(only<AddColumn>("ALTER TABLE t ADD a int NOT NULL", 0).column.not_null, true);
}

TEST(NewerSyntax, WhatIsNotEnforcedIsNotChecked) {
  EXPECT_FALSE(only<AddConstraint>("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED", 18).constraint.valid);
  EXPECT_TRUE(only<AddConstraint>("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) ENFORCED", 18).constraint.valid);
  EXPECT_EQ(only<EnforceConstraint>("ALTER TABLE t ALTER CONSTRAINT f ENFORCED", 18).constraint, "f");
  EXPECT_EQ(only<Opaque>("ALTER TABLE t ALTER CONSTRAINT f NOT ENFORCED", 18).why,
            "ALTER CONSTRAINT ... NOT ENFORCED is new in PostgreSQL 18 and not followed here");
}

TEST(NewerSyntax, TemporalKeysAreKeys) {
  const Constraint key = only<AddConstraint>("ALTER TABLE t ADD PRIMARY KEY (id, during WITHOUT OVERLAPS)", 18).constraint;
  EXPECT_EQ(key.columns, (std::vector<std::string>{"id", "during"}));
  const Constraint reference = only<AddConstraint>("ALTER TABLE t ADD FOREIGN KEY (a, PERIOD during) REFERENCES u (b, PERIOD span)", 18).constraint;
  EXPECT_EQ(reference.referenced_columns, (std::vector<std::string>{"b", "span"}));
}

TEST(NewerSyntax, SettingsOfColumnsAndTables) {
  EXPECT_EQ(only<SetExpression>("ALTER TABLE t ALTER COLUMN c SET EXPRESSION AS (a * 2)", 17).column, "c");
  EXPECT_EQ(only<RelationSetting>("ALTER TABLE t ALTER c SET STATISTICS DEFAULT", 17).kind, SettingKind::Statistics);
  EXPECT_EQ(only<ChangeStorage>("ALTER TABLE t SET ACCESS METHOD DEFAULT", 17).target, "heap");
  EXPECT_EQ(only<CreateTable>("CREATE TABLE t (a text STORAGE external, storage int)", 16).table.columns.size(), 2U);
}

TEST(NewerSyntax, UpkeepWithoutNamesAndOfParentsOnly) {
  EXPECT_EQ(only<Reindex>("REINDEX DATABASE", 16).scope, ReindexScope::Database);
  EXPECT_EQ(only<CreateStatistics>("CREATE STATISTICS ON a, b FROM t", 16).statistics.table, "t");
  EXPECT_EQ(only<Maintenance>("ANALYZE ONLY s.t", 18).only, std::vector<std::string>{"s.t"});
  EXPECT_TRUE(only<Maintenance>("VACUUM t", 0).only.empty());
}

TEST(NewerSyntax, MergeIsStillAMerge) {
  const Statement merge = parse_one("MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED BY SOURCE THEN DELETE RETURNING t.*");
  EXPECT_EQ(merge.since, 17);
  ASSERT_EQ(merge.accesses.size(), 2U);
  EXPECT_EQ(merge.accesses[0].mode, LockMode::RowExclusiveLock);
}

TEST(NewerSyntax, WhatHasNoOlderWordsIsRefusedByName) {
  EXPECT_EQ(only<Opaque>("SELECT * FROM json_table(a, '$' COLUMNS (b int PATH '$.b')) j", 17).why,
            "SQL/JSON is new in PostgreSQL 17 and not followed here");
  EXPECT_EQ(only<Opaque>("ALTER TABLE t SPLIT PARTITION p INTO (PARTITION a DEFAULT)", 0).why,
            "SPLIT and MERGE of partitions is in no released version of PostgreSQL");
}

TEST(NewerSyntax, WordsInsideQuotesAndCommentsMeanNothing) {
  for (const char* sql : {"SELECT 'VIRTUAL' FROM", "SELECT /* WITHOUT OVERLAPS */ FROM FROM", "SELECT $$ NOT ENFORCED $$ FROM", "SELECT \"json_table\" ( FROM"}) {
    EXPECT_FALSE(older_words(sql).has_value()) << sql;
    EXPECT_THROW(parse_one(sql), Error) << sql;
  }
}

TEST(NewerSyntax, AMistakeStaysAMistake) {
  EXPECT_THROW(parse("ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (a VIRTUAL"), Error);
  EXPECT_THROW(parse("CREATE INDEX i ON t (a); SELEKT 1"), Error);
  EXPECT_THROW(parse("ALTER TABLE t ADD CONSTRAINT c CHECK NOT ENFORCED"), Error);
}

TEST(NewerSyntax, StandsBesideStatementsOfAnyVersion) {
  const std::vector<Statement> all = parse("CREATE TABLE t (a int);\n-- then\nALTER TABLE t ADD NOT NULL a;\nSELECT 1;", {"f.sql", 1, 1});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].since + all[2].since, 0);
  EXPECT_EQ(all[1].since, 18);
  EXPECT_EQ(all[1].where.line, 3);
}

}  // namespace
}  // namespace midflight::sql
