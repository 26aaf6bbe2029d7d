#include <gtest/gtest.h>

#include "tests/unit/rules/builders.h"

namespace midflight::rules::testing {
namespace {

AddConstraint check(bool valid) {
  return {"users", {"named", ConstraintKind::Check, {"name"}, "name <> ''", "", {}, valid, ""}, ""};
}

AddConstraint foreign_key(bool valid) {
  return {"users", {"fk", ConstraintKind::ForeignKey, {"id"}, "", "orders", {"id"}, valid, ""}, ""};
}

AddConstraint keyed(ConstraintKind kind, std::vector<std::string> columns, std::string index = "") {
  return {"users", {"key", kind, std::move(columns), "", "", {}, true, ""}, std::move(index)};
}

TEST(ConstraintRules, NotValidSparesACheckTheScan) {
  EXPECT_EQ(text(on_postgresql(check(true))), "users AccessExclusiveLock | scan users");
  EXPECT_EQ(text(on_postgresql(check(false))), "users AccessExclusiveLock | metadata users");
}

TEST(ConstraintRules, ForeignKeyStopsWritersOfBothTables) {
  EXPECT_EQ(text(on_postgresql(foreign_key(true))), "users ShareRowExclusiveLock, orders ShareRowExclusiveLock | scan users");
  EXPECT_EQ(text(on_postgresql(foreign_key(false))), "users ShareRowExclusiveLock, orders ShareRowExclusiveLock | metadata users");
}

TEST(ConstraintRules, ValidateLetsWritersGoOn) {
  Schema schema = shop();
  schema.table("orders")->constraints.front().valid = false;
  EXPECT_EQ(text(on_postgresql(ValidateConstraint{"orders", "orders_user_fk"}, schema)),
            "orders ShareUpdateExclusiveLock, users RowShareLock | scan orders");
  EXPECT_FALSE(locks_conflict(LockMode::ShareUpdateExclusiveLock, LockMode::RowExclusiveLock));
}

TEST(ConstraintRules, ValidatingAValidConstraintReadsNothing) {
  EXPECT_EQ(text(on_postgresql(ValidateConstraint{"orders", "orders_user_fk"})),
            "orders ShareUpdateExclusiveLock | metadata orders");
}

TEST(ConstraintRules, UniqueBuildsAnIndexUnlessItIsGivenOne) {
  EXPECT_EQ(text(on_postgresql(keyed(ConstraintKind::Unique, {"email"}))), "users AccessExclusiveLock | index_build users");
  EXPECT_EQ(text(on_postgresql(keyed(ConstraintKind::Unique, {}, "users_email_idx"))),
            "users AccessExclusiveLock, users_email_idx ShareUpdateExclusiveLock | metadata users");
}

TEST(ConstraintRules, PrimaryKeyUsingAnIndexOnANullableColumnReadsEveryRow) {
  EXPECT_EQ(text(on_postgresql(keyed(ConstraintKind::PrimaryKey, {}, "users_email_idx"))),
            "users AccessExclusiveLock, users_email_idx ShareUpdateExclusiveLock | scan users");
  EXPECT_EQ(text(on_postgresql(keyed(ConstraintKind::PrimaryKey, {}, "users_pkey"))),
            "users AccessExclusiveLock, users_pkey ShareUpdateExclusiveLock | metadata users");
}

TEST(ConstraintRules, DroppingAForeignKeyLocksBothTables) {
  EXPECT_EQ(text(on_postgresql(DropConstraint{"orders", "orders_user_fk", false})),
            "orders AccessExclusiveLock, users AccessExclusiveLock | metadata orders");
}

TEST(IndexRules, PlainBuildStopsWritersOnly) {
  const LocksAndWork build = on_postgresql(CreateIndex{{"i", "users", {"name"}, false, true, false, ""}, false, false});
  EXPECT_EQ(text(build), "users ShareLock | index_build users");
  EXPECT_FALSE(build.transaction_forbidden);
}

/// The work of building an index on one column of users.
Work build_on(const std::string& column, const Schema& schema = shop()) {
  return on_postgresql(CreateIndex{{"i", "users", {column}, false, true, false, ""}, false, false}, schema).phases.at(0).work.at(0);
}

TEST(IndexRules, KeysThatNumberTheRowsAreToldFromTextAndFromAnythingElse) {
  Schema schema = shop();
  schema.table("users")->columns.push_back(column("city", "bigint"));
  EXPECT_EQ(build_on("id", schema).keys, 1);
  EXPECT_EQ(build_on("name", schema).text_indexes, 1);
  EXPECT_EQ(build_on("city", schema).keys, 0);
  schema.table("users")->column("city")->identity = true;
  EXPECT_EQ(build_on("city", schema).keys, 1);
  const Work both = on_postgresql(CreateIndex{{"i", "users", {"id", "name"}, false, true, false, ""}, false, false}, schema).phases.at(0).work.at(0);
  EXPECT_EQ(both.text_indexes, 1);
  EXPECT_EQ(both.keys, 0);
  schema.table("users")->column("id")->type = "uuid";  // random, in no order
  EXPECT_EQ(build_on("id", schema).keys, 0);
}

TEST(IndexRules, ARewriteCountsItsIndexesByKind) {
  const Work work = on_postgresql(AlterColumnType{"users", "id", "numeric", ""}).phases.at(0).work.at(0);
  ASSERT_EQ(work.kind, WorkKind::Rewrite);
  EXPECT_EQ(work.indexes, 2);
  EXPECT_EQ(work.text_indexes, 1);
  EXPECT_EQ(work.keys, 1);
}

TEST(IndexRules, ConcurrentBuildWaitsTwiceForWritersAndThenForOldSnapshots) {
  const LocksAndWork build = on_postgresql(CreateIndex{{"i", "users", {"name"}, false, true, false, ""}, true, false});
  EXPECT_EQ(text(build),
            "users ShareUpdateExclusiveLock | metadata users;  | [lock holders] index_build users;  | [lock holders] scan users;"
            "  | [old snapshots] metadata users");
  EXPECT_TRUE(build.transaction_forbidden);
}

TEST(IndexRules, DropLocksTheTableOfTheIndex) {
  EXPECT_EQ(text(on_postgresql(DropIndex{"users_email_idx", false, false})),
            "users AccessExclusiveLock, users_email_idx AccessExclusiveLock | metadata users");
  EXPECT_TRUE(on_postgresql(DropIndex{"users_email_idx", true, false}).transaction_forbidden);
}

TEST(IndexRules, RenameLocksTheIndexAloneAndLessFromVersion12) {
  EXPECT_EQ(text(on_postgresql(RenameIndex{"users_email_idx", "x"})), "users_email_idx ShareUpdateExclusiveLock | metadata users_email_idx");
  EXPECT_EQ(text(on_postgresql(RenameIndex{"users_email_idx", "x"}, shop(), kPostgresql11)),
            "users_email_idx AccessExclusiveLock | metadata users_email_idx");
}

}  // namespace
}  // namespace midflight::rules::testing
