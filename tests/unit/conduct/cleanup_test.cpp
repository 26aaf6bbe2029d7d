#include "sim/conduct/cleanup.h"

#include <gtest/gtest.h>

#include "sim/sql/parse.h"

namespace midflight::conduct {
namespace {

std::string cleanup(const std::string& sql) {
  const std::optional<Statement> drop = cleanup_of(sql::parse_one(sql));
  return drop ? drop->sql : "";
}

TEST(Cleanup, DropsTheInvalidIndexInTheSchemaOfItsTable) {
  EXPECT_EQ(cleanup("CREATE INDEX CONCURRENTLY i ON t (x)"), "DROP INDEX CONCURRENTLY IF EXISTS i");
  EXPECT_EQ(cleanup("CREATE UNIQUE INDEX CONCURRENTLY \"I\" ON app.t (x)"), "DROP INDEX CONCURRENTLY IF EXISTS app.\"I\"");
}

TEST(Cleanup, LeavesAloneWhatLeavesNothing) {
  EXPECT_EQ(cleanup("CREATE INDEX i ON t (x)"), "");
  EXPECT_EQ(cleanup("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (x)"), "");
}

TEST(Cleanup, NamesAPartitionPendingDetachWithItsSchema) {
  EXPECT_NE(what_may_be_left(sql::parse_one("ALTER TABLE app.t DETACH PARTITION app.p CONCURRENTLY")).find("ALTER TABLE app.t DETACH PARTITION app.p FINALIZE"),
            std::string::npos);
}

}  // namespace
}  // namespace midflight::conduct
