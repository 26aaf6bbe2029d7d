#include <gtest/gtest.h>

#include "sim/check/check.h"
#include "sim/sql/parse.h"

// What a statement means by those before it in its script: ROLLBACK, AND CHAIN, PREPARE.

namespace midflight::check {
namespace {

constexpr const char* kSchema =
    "CREATE SCHEMA sales; CREATE TABLE t (id int PRIMARY KEY, a int);\n"
    "CREATE TABLE hashed (id int, v text) PARTITION BY HASH (id);\n"
    "CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 1, REMAINDER 0);\n"
    "CREATE TABLE parent (id int, v int); CREATE TABLE heir () INHERITS (parent);\n"
    "CREATE TABLE region (code text) PARTITION BY LIST (code);\n"
    "CREATE TABLE region_us PARTITION OF region FOR VALUES IN ('us');\n"
    "CREATE TABLE region_asia (code text);\n"
    "CREATE SEQUENCE numbers; CREATE VIEW v AS SELECT id, a FROM t; CREATE TYPE mood AS ENUM ('sad');\n"
    "CREATE TABLE felt (how mood);";

ScriptReport checked(const std::string& text) {
  Options options;
  options.schema = sql::schema_from_sql(kSchema);
  options.schema_is_complete = true;
  options.list_all = true;
  options.timeouts = {Duration::seconds(2), Duration::minutes(1), Duration::minutes(1)};
  return Checker(options).check({"m.sql", "plain", "", Wrapping::EachStatement, text, {}});
}

/// The locks of a script's last statement.
std::string last_locks(const std::string& text) {
  const ScriptReport report = checked(text);
  if (!report.statements.back().work.understood) return "not understood: " + report.statements.back().work.why_not;
  std::string out;
  for (const Phase& phase : report.statements.back().work.phases) {
    for (const RelationLock& lock : phase.locks) out += (out.empty() ? "" : ", ") + lock.relation + " " + std::string(lock_mode_name(lock.mode));
  }
  return out;
}

/// Message and advice of a rule, or "not found".
std::string told(const std::string& rule, const std::string& text) {
  for (const Finding& finding : checked(text).findings) {
    if (finding.rule == rule) return finding.message + "\n" + finding.instead;
  }
  return "not found";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(ScriptFlow, RollbackBringsBackWhatWasThere) {
  EXPECT_EQ(last_locks("BEGIN; ALTER TABLE t RENAME TO u; ROLLBACK; ALTER TABLE t ADD COLUMN b int;"), "t AccessExclusiveLock");
  EXPECT_EQ(told("does-not-fit", "BEGIN; ALTER TABLE t RENAME TO u; ROLLBACK; ALTER TABLE t ADD COLUMN b int;"), "not found");
  EXPECT_NE(told("does-not-fit", "BEGIN; ALTER TABLE t RENAME TO u; COMMIT; ALTER TABLE t ADD COLUMN b int;"), "not found");
}

TEST(ScriptFlow, RollbackToASavepointKeepsWhatCameBeforeIt) {
  const std::string begin = "BEGIN; ALTER TABLE t ADD COLUMN b int; SAVEPOINT s; ALTER TABLE felt DROP COLUMN how; ROLLBACK TO s;";
  EXPECT_EQ(told("does-not-fit", begin + "ALTER TABLE felt ALTER COLUMN how SET DEFAULT 'sad'; ALTER TABLE t ALTER COLUMN b SET DEFAULT 1;"), "not found");
}

TEST(ScriptFlow, AbortOfAChainedTransactionTakesBackItsOwnPartAlone) {
  const std::string begin = "BEGIN; ALTER TABLE t ADD COLUMN b int; COMMIT AND CHAIN; ALTER TABLE t ADD COLUMN c int; ABORT;";
  EXPECT_EQ(told("unbalanced-transaction", begin), "not found");
  EXPECT_EQ(told("does-not-fit", begin + "ALTER TABLE t ALTER COLUMN b SET DEFAULT 1;"), "not found");
  EXPECT_NE(told("does-not-fit", begin + "ALTER TABLE t ALTER COLUMN c SET DEFAULT 1;"), "not found");
}

TEST(ScriptFlow, RolledBackSettingsAreAsBefore) {
  const std::string begin = "BEGIN; SET search_path = sales; ROLLBACK;";
  EXPECT_EQ(last_locks(begin + "CREATE INDEX ON t (a);"), "t ShareLock");
}

TEST(ScriptFlow, ExecuteIsWhatWasPrepared) {
  const std::string prepare = "PREPARE p (int) AS UPDATE t SET a = 1 WHERE id = $1;";
  EXPECT_EQ(last_locks(prepare + "EXECUTE p (7);"), "t RowExclusiveLock");
  EXPECT_EQ(last_locks("PREPARE \"P\" AS DELETE FROM t; EXECUTE \"P\";"), "t RowExclusiveLock");
  EXPECT_EQ(last_locks("PREPARE q AS SELECT * FROM t FOR UPDATE; EXPLAIN ANALYZE EXECUTE q;"), "t RowShareLock");
  EXPECT_EQ(checked(prepare + "EXECUTE p (7);").statements.back().sql, "EXECUTE p (7)");
}

TEST(ScriptFlow, ExecuteOfWhatNobodyPreparedIsNotUnderstood) {
  const std::string prepare = "PREPARE p AS DELETE FROM t;";
  const std::string unknown = "not understood: what EXECUTE runs is not followed";
  EXPECT_EQ(last_locks("EXECUTE p;"), unknown);
  EXPECT_EQ(last_locks(prepare + "DEALLOCATE p; EXECUTE p;"), unknown);
  EXPECT_EQ(last_locks(prepare + "DEALLOCATE PREPARE ALL; EXECUTE p;"), unknown);
  EXPECT_EQ(last_locks(prepare + "EXECUTE other;"), unknown);
}

TEST(ScriptFlow, ExecuteOfAnUpdateOfAllRowsIsJudgedAsTheUpdate) {
  EXPECT_TRUE(has(told("update-all-rows", "PREPARE p AS UPDATE t SET a = 1; EXECUTE p;"), "UPDATE t SET a = 1 WHERE id BETWEEN"));
}

TEST(ScriptFlow, ChangeOfAllRowsInsideWithIsSeen) {
  EXPECT_TRUE(has(told("update-all-rows", "WITH u AS (UPDATE t SET a = 1 RETURNING id) SELECT count(*) FROM u;"), "all matching rows of t"));
  EXPECT_TRUE(has(told("delete-all-rows", "WITH d AS (DELETE FROM t RETURNING id) INSERT INTO felt SELECT 'sad' FROM d;"), "inside WITH, id BETWEEN"));
}

TEST(ScriptFlow, EachPartOfAWithIsToldOfItsOwnTable) {
  const std::string both = "WITH d AS (DELETE FROM t WHERE a = 1 RETURNING id) UPDATE felt SET how = 'sad' FROM d;";
  EXPECT_TRUE(has(told("update-all-rows", both), "of felt in one transaction"));
  EXPECT_TRUE(has(told("delete-all-rows", both), "of t in one transaction"));
}

TEST(ScriptFlow, ViewOfTheSameFileMayBeRenamed) {
  EXPECT_EQ(told("rename-table", "CREATE VIEW w AS SELECT id FROM t; ALTER VIEW w RENAME TO x;"), "not found");
}

TEST(ScriptFlow, TableThatIsParentsWorkIsJudgedWithItsPartitions) {
  EXPECT_TRUE(has(told("set-not-null", "ALTER TABLE hashed ALTER COLUMN v SET NOT NULL;"), "Every row of hashed is read"));
  EXPECT_TRUE(has(told("column-type-rewrite", "ALTER TABLE hashed ALTER COLUMN v TYPE varchar(9);"), "writes every row of hashed"));
  EXPECT_TRUE(has(told("several-passes", "ALTER TABLE parent ALTER COLUMN v SET NOT NULL; ALTER TABLE parent ALTER COLUMN v TYPE bigint;"),
                  "parent and heir have been read or written as a whole under AccessExclusiveLock before in this file; one ALTER TABLE with all "
                  "changes does it once.\nALTER TABLE parent ..., ...;"));
}

TEST(ScriptFlow, AdviceForPartitionedTablesIsWhatTheServerTakes) {
  EXPECT_TRUE(has(told("foreign-key-without-index", "ALTER TABLE hashed ADD COLUMN t_id int REFERENCES t;"),
                  "CREATE INDEX hashed_t_id_idx ON ONLY hashed (t_id);\n-- then for each partition:\n"
                  "CREATE INDEX CONCURRENTLY hashed_0_t_id_idx ON hashed_0 (t_id);\nALTER INDEX hashed_t_id_idx ATTACH PARTITION hashed_0_t_id_idx;"));
  EXPECT_TRUE(has(told("index-on-partitioned-table", "CREATE INDEX i ON hashed USING btree (lower(v)) WHERE id > 3;"),
                  "CREATE INDEX CONCURRENTLY hashed_0_i ON hashed_0 USING btree (lower(v)) WHERE id > 3;"));
  EXPECT_TRUE(has(told("attach-partition-scan", "ALTER TABLE region ATTACH PARTITION region_asia FOR VALUES IN ('jp', 'cn');"),
                  "CHECK (code IS NOT NULL AND code IN ('jp', 'cn')) NOT VALID"));
  EXPECT_TRUE(has(told("drop-table", "DROP TABLE region_us;"), "ALTER TABLE region DETACH PARTITION region_us CONCURRENTLY;"));
}

TEST(ScriptFlow, AdviceFitsTheKindOfRelation) {
  EXPECT_EQ(told("rename-table", "ALTER SEQUENCE numbers RENAME TO counters;"), "not found");
  EXPECT_NE(told("rename-object", "ALTER SEQUENCE numbers RENAME TO counters;"), "not found");
  EXPECT_TRUE(has(told("rename-column", "ALTER VIEW v RENAME COLUMN a TO b;"), "CREATE OR REPLACE VIEW v AS"));
  EXPECT_TRUE(has(told("primary-key-not-using-index", "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY (a);"),
                  "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey_new;"));
  EXPECT_TRUE(has(told("drop-schema", "DROP OWNED BY joe;"), "REASSIGN OWNED BY joe TO"));
}

TEST(ScriptFlow, CascadeNamesHeirsAndColumns) {
  EXPECT_TRUE(has(told("drop-cascade", "DROP TABLE parent CASCADE;"), "drops the table heir too"));
  EXPECT_TRUE(has(told("drop-cascade", "DROP TYPE mood CASCADE;"), "drops the column how of felt too"));
  EXPECT_TRUE(has(told("does-not-fit", "DROP TYPE mood;"), "the column how of felt"));
}

}  // namespace
}  // namespace midflight::check
