#include <gtest/gtest.h>

#include "sim/sql/parse.h"
#include "tests/unit/rules/builders.h"

// Locks as read from pg_locks on PostgreSQL 15; tests/live compares them with every version.

namespace midflight::rules::testing {
namespace {

constexpr const char* kSchema = R"(
CREATE TABLE item (id int PRIMARY KEY, kind text, size int);
CREATE INDEX item_kind ON item (kind);
CREATE TABLE event (id int, at int) PARTITION BY RANGE (at);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (0) TO (10);
CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (10) TO (20);
CREATE INDEX event_id ON event (id);
CREATE VIEW big AS SELECT id, size FROM item WHERE size > 9;
CREATE VIEW bigger AS SELECT id FROM big;
CREATE MATERIALIZED VIEW sums AS SELECT kind, count(*) AS n FROM item GROUP BY kind;
CREATE UNIQUE INDEX sums_kind ON sums (kind);
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE TABLE stock (id int, amount positive);
CREATE STATISTICS item_stats ON kind, size FROM item;
)";

std::string said(const std::string& sql, int version = 15, const std::string& more = "") {
  const Schema schema = sql::schema_from_sql(kSchema + more);
  const LocksAndWork all = locks_and_work(sql::parse_one(sql), schema, {Engine::Postgresql, version});
  return all.understood ? text(all) : "not understood: " + all.why_not;
}

bool alone(const std::string& sql, int version = 15) {
  return locks_and_work(sql::parse_one(sql), sql::schema_from_sql(kSchema), {Engine::Postgresql, version}).transaction_forbidden;
}

TEST(ReindexRules, AnIndexIsLockedAgainstReadersItsTableAgainstWriters) {
  EXPECT_EQ(said("REINDEX INDEX item_kind"), "item ShareLock, item_kind AccessExclusiveLock | index_build item");
  EXPECT_EQ(said("REINDEX TABLE item"),
            "item ShareLock, item_pkey AccessExclusiveLock, item_kind AccessExclusiveLock | index_build item, index_build item");
}

TEST(ReindexRules, ConcurrentlyEndsLikeAConcurrentDrop) {
  EXPECT_EQ(said("REINDEX INDEX CONCURRENTLY item_kind"),
            "item ShareUpdateExclusiveLock, item_kind ShareUpdateExclusiveLock | metadata item;"
            "  | [lock holders] index_build item;  | [lock holders] scan item;  | [old snapshots] metadata item;"
            "  | [all lock holders] metadata item;  | [all lock holders] metadata item");
  EXPECT_TRUE(alone("REINDEX INDEX CONCURRENTLY item_kind"));
  EXPECT_FALSE(alone("REINDEX INDEX item_kind"));
}

TEST(ReindexRules, PartitionsAreRebuiltEachInItsTransactionAfterALookAtAll) {
  EXPECT_EQ(said("REINDEX TABLE event"),
            "event ShareLock, event_1 ShareLock, event_2 ShareLock | metadata event;"
            " commit event_1 ShareLock, event_1_id_idx AccessExclusiveLock | index_build event_1;"
            " commit event_2 ShareLock, event_2_id_idx AccessExclusiveLock | index_build event_2");
  EXPECT_TRUE(alone("REINDEX TABLE event"));
}

TEST(IndexRules, AnIndexOfAPartitionedTableIsBuiltOnItsPartitions) {
  EXPECT_EQ(said("CREATE INDEX ON event (at)"), "event ShareLock, event_1 ShareLock, event_2 ShareLock | index_build event_1, index_build event_2");
  EXPECT_EQ(said("CREATE INDEX ON ONLY event (at)"), "event ShareLock | metadata event");
  EXPECT_EQ(said("CREATE INDEX ON event (at)", 15, "CREATE INDEX mine ON event_1 (at);"),
            "event ShareLock, event_1 ShareLock, mine ShareLock, event_2 ShareLock | index_build event_2");
}

TEST(IndexRules, DropsTakeThePartsAlong) {
  EXPECT_EQ(said("DROP INDEX event_id"),
            "event AccessExclusiveLock, event_1 AccessExclusiveLock, event_2 AccessExclusiveLock, event_id AccessExclusiveLock, "
            "event_1_id_idx AccessExclusiveLock, event_2_id_idx AccessExclusiveLock | metadata event");
  EXPECT_EQ(said("DROP INDEX CONCURRENTLY item_kind"),
            "item ShareUpdateExclusiveLock, item_kind ShareUpdateExclusiveLock | metadata item;"
            "  | [all lock holders] metadata item;  | [all lock holders] metadata item");
}

TEST(ViewRules, DroppingAViewLeavesItsTableAlone) {
  EXPECT_EQ(said("DROP VIEW bigger"), "bigger AccessExclusiveLock | metadata bigger");
  EXPECT_EQ(said("DROP VIEW big CASCADE"), "big AccessExclusiveLock, bigger AccessExclusiveLock | metadata big");
}

TEST(ViewRules, RefreshBlocksReadersUnlessConcurrent) {
  EXPECT_EQ(said("REFRESH MATERIALIZED VIEW sums"),
            "sums AccessExclusiveLock, item AccessShareLock, sums_kind AccessExclusiveLock | rewrite sums +1");
  EXPECT_EQ(said("REFRESH MATERIALIZED VIEW CONCURRENTLY sums"),
            "sums ExclusiveLock, item AccessShareLock, sums_kind RowExclusiveLock | scan sums");
}

TEST(ViewRules, LockTableReachesWhatAViewReads) {
  EXPECT_EQ(said("LOCK TABLE bigger IN SHARE MODE"), "bigger ShareLock, big ShareLock, item ShareLock | ");
  EXPECT_EQ(said("LOCK TABLE event IN SHARE MODE"), "event ShareLock, event_1 ShareLock, event_2 ShareLock | ");
  EXPECT_EQ(said("LOCK TABLE ONLY event IN SHARE MODE"), "event ShareLock | ");
}

TEST(ViewRules, AViewThatReadsItselfIsLockedOnce) {
  Schema schema = sql::schema_from_sql("CREATE TABLE t (a int); CREATE VIEW low AS SELECT a FROM t; CREATE VIEW high AS SELECT a FROM low;");
  ASSERT_EQ(midflight::apply(sql::parse_one("CREATE OR REPLACE VIEW low AS SELECT a FROM high").operations.front(), schema), "");
  for (const char* sql : {"LOCK TABLE high IN SHARE MODE", "SELECT a FROM high", "CREATE TABLE made AS SELECT a FROM high"}) {
    EXPECT_EQ(locks_and_work(sql::parse_one(sql), schema, {Engine::Postgresql, 15}).phases.front().locks.size(), 2U) << sql;
  }
}

TEST(TypeRules, ADomainsConstraintReadsEveryTableThatUsesIt) {
  EXPECT_EQ(said("ALTER DOMAIN positive ADD CHECK (value < 9)"), "stock ShareLock | scan stock");
  EXPECT_EQ(said("ALTER DOMAIN positive ADD CHECK (value < 9) NOT VALID"), " | ");
  EXPECT_EQ(said("ALTER DOMAIN positive SET NOT NULL"), "stock ShareLock | scan stock");
  EXPECT_EQ(said("ALTER DOMAIN positive DROP CONSTRAINT positive_check"), " | ");
}

TEST(TypeRules, AnEnumGrowsInsideATransactionFromVersion12) {
  EXPECT_EQ(said("ALTER TYPE mood ADD VALUE 'x'"), " | ");
  EXPECT_FALSE(alone("ALTER TYPE mood ADD VALUE 'x'"));
  EXPECT_TRUE(alone("ALTER TYPE mood ADD VALUE 'x'", 11));
}

TEST(MaintenanceRules, EveryTableIsATransactionOfItsOwn) {
  EXPECT_EQ(said("VACUUM item, stock"),
            "item ShareUpdateExclusiveLock, item_pkey RowExclusiveLock, item_kind RowExclusiveLock | scan item;"
            " commit stock ShareUpdateExclusiveLock | scan stock");
  EXPECT_TRUE(alone("VACUUM item"));
}

TEST(MaintenanceRules, FullAndClusterRewrite) {
  const std::string rewrite = "item AccessExclusiveLock, item_pkey AccessExclusiveLock, item_kind AccessExclusiveLock | rewrite item +2";
  EXPECT_EQ(said("VACUUM FULL item"), rewrite);
  EXPECT_EQ(said("CLUSTER item USING item_kind"), rewrite);
  EXPECT_EQ(said("CLUSTER", 15, "ALTER TABLE item CLUSTER ON item_kind;"), rewrite);
  EXPECT_FALSE(alone("CLUSTER item USING item_kind"));
}

TEST(MaintenanceRules, AnalyzeLooksAtASample) { EXPECT_EQ(said("ANALYZE item"), "item ShareUpdateExclusiveLock | metadata item"); }

TEST(ObjectRules, CommentsAndStatisticsLockAgainstOtherChangesOnly) {
  EXPECT_EQ(said("COMMENT ON COLUMN item.kind IS 'x'"), "item ShareUpdateExclusiveLock | metadata item");
  EXPECT_EQ(said("COMMENT ON INDEX item_kind IS 'x'"), "item_kind ShareUpdateExclusiveLock | metadata item_kind");
  EXPECT_EQ(said("COMMENT ON CONSTRAINT item_pkey ON item IS 'x'"), "item AccessShareLock | metadata item");
  EXPECT_EQ(said("DROP STATISTICS item_stats"), "item ShareUpdateExclusiveLock | metadata item");
}

TEST(ObjectRules, APolicyLocksWhatItsConditionReads) {
  EXPECT_EQ(said("CREATE POLICY p ON item USING (EXISTS (SELECT 1 FROM stock))"), "item AccessExclusiveLock, stock AccessShareLock | metadata item");
  EXPECT_EQ(said("CREATE RULE r AS ON DELETE TO item DO ALSO DELETE FROM stock"), "item AccessExclusiveLock, stock RowExclusiveLock | metadata item");
}

TEST(ObjectRules, GrantsLockTheTableFromVersion18) {
  EXPECT_EQ(said("GRANT SELECT ON item TO public"), " | ");
  EXPECT_EQ(said("GRANT SELECT ON item TO public", 18), "item AccessShareLock | metadata item");
}

TEST(ObjectRules, AFunctionInSqlIsAnalysedWhenItIsMade) {
  EXPECT_EQ(said("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'UPDATE item SET size = 1; SELECT 1'"), "item RowExclusiveLock | ");
  EXPECT_EQ(said("CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN (SELECT max(id) FROM stock)"), "stock AccessShareLock | ");
  EXPECT_EQ(said("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM item; END'"), " | ");
}

TEST(ObjectRules, RowTriggersReachPartitions) {
  EXPECT_EQ(said("CREATE TRIGGER g AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION f()"),
            "event ShareRowExclusiveLock, event_1 ShareRowExclusiveLock, event_2 ShareRowExclusiveLock | metadata event");
  EXPECT_EQ(said("CREATE TRIGGER g AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION f()"), "event ShareRowExclusiveLock | metadata event");
}

TEST(ObjectRules, NewerSyntaxIsNotForOlderServers) {
  EXPECT_EQ(said("ALTER TABLE item ADD c int GENERATED ALWAYS AS (size) VIRTUAL", 17),
            "not understood: this syntax is new in PostgreSQL 18, and the server is 17");
  EXPECT_EQ(said("ALTER TABLE item ADD c int GENERATED ALWAYS AS (size) VIRTUAL", 18), "item AccessExclusiveLock | metadata item");
}

}  // namespace
}  // namespace midflight::rules::testing
