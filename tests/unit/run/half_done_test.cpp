#include <gtest/gtest.h>

#include "sim/rules/rules.h"
#include "sim/run/half_done.h"
#include "sim/sql/parse.h"

// What concurrent statements leave when they are broken off.

namespace midflight {
namespace {

Schema before() {
  return sql::schema_from_sql(
      "CREATE TABLE t (a int PRIMARY KEY, b int); CREATE INDEX i ON t (b);"
      "CREATE TABLE log (at date) PARTITION BY RANGE (at);"
      "CREATE TABLE old PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')");
}

/// `phase`: counted from the last one where it is negative.
std::string left(const std::string& sql, int phase, Schema& schema) {
  const Statement statement = sql::parse_one(sql);
  const std::vector<Phase> phases = rules::locks_and_work(statement, schema, {}).phases;
  return leave_half_done(statement, phases, static_cast<std::size_t>(phase < 0 ? static_cast<int>(phases.size()) + phase : phase), schema);
}

struct Case {
  std::string sql;
  int phase;
  std::string left;
};

class HalfDone : public ::testing::TestWithParam<Case> {};

TEST_P(HalfDone, IsSaid) {
  Schema schema = before();
  EXPECT_EQ(left(GetParam().sql, GetParam().phase, schema), GetParam().left);
  EXPECT_EQ(schema.tables == before().tables, GetParam().left.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Statements, HalfDone,
    ::testing::Values(Case{"CREATE INDEX CONCURRENTLY j ON t (b)", 0, ""},
                      Case{"CREATE INDEX CONCURRENTLY j ON t (b)", 1, "an invalid index j"},
                      Case{"CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (b)", 1, ""},
                      Case{"DROP INDEX CONCURRENTLY i", 1, "an invalid index i"},
                      Case{"REINDEX INDEX CONCURRENTLY i", 1, "an invalid index i_ccnew"},
                      Case{"REINDEX INDEX CONCURRENTLY i", -3, "an invalid index i_ccnew"},
                      Case{"REINDEX INDEX CONCURRENTLY i", -2, "an invalid index i_ccold"},
                      Case{"REINDEX TABLE CONCURRENTLY t", 1, "an invalid index t_pkey_ccnew and an invalid index i_ccnew"},
                      Case{"REINDEX TABLE t", 0, ""},
                      Case{"ALTER TABLE log DETACH PARTITION old CONCURRENTLY", 1, "old pending detach"}));

TEST(HalfDoneDetach, OnlyFinalizeEndsIt) {
  Schema schema = before();
  left("ALTER TABLE log DETACH PARTITION old CONCURRENTLY", 1, schema);
  const auto answer = [&](const std::string& sql) { return midflight::apply(sql::parse_one(sql).operations.front(), schema); };
  EXPECT_EQ(answer("ALTER TABLE log DETACH PARTITION old CONCURRENTLY"),
            "partition \"old\" already pending detach in partitioned table \"public.log\"");
  EXPECT_EQ(answer("ALTER TABLE log DETACH PARTITION old"), "cannot detach partition \"old\"");
  EXPECT_TRUE(schema.table("old")->detach_pending);
  EXPECT_EQ(answer("ALTER TABLE log DETACH PARTITION old FINALIZE"), "");
  EXPECT_TRUE(schema.table("old")->bound.empty());
}

}  // namespace
}  // namespace midflight
