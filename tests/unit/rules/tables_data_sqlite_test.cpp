#include <gtest/gtest.h>

#include "tests/unit/rules/builders.h"

namespace midflight::rules::testing {
namespace {

Statement data(StatementKind kind, std::vector<Access> accesses) {
  Statement statement;
  statement.kind = kind;
  statement.accesses = std::move(accesses);
  return statement;
}

Access access(const std::string& relation, LockMode mode, std::vector<std::string> key = {}, std::vector<std::string> writes = {}) {
  Access a;
  a.relation = relation;
  a.mode = mode;
  a.key = std::move(key);
  a.writes = std::move(writes);
  return a;
}

Schema shop_with_view() {
  Schema schema = shop();
  schema.views.push_back({"people", "users", {{"id", "id"}, {"name", "name"}}, "SELECT id, name FROM users"});
  return schema;
}

TEST(TableRules, RenameLocksTheOldName) {
  EXPECT_EQ(text(on_postgresql(RenameTable{"users", "people"})), "users AccessExclusiveLock | metadata users");
}

TEST(TableRules, NewTableWithForeignKeyStopsWritersOfTheReferencedOne) {
  Table table;
  table.name = "visits";
  table.columns = {column("user_id", "bigint")};
  table.constraints = {{"fk", ConstraintKind::ForeignKey, {"user_id"}, "", "users", {"id"}, true, ""}};
  EXPECT_EQ(text(on_postgresql(CreateTable{table, false})), "users ShareRowExclusiveLock | metadata visits");
}

TEST(TableRules, DroppingATableLocksTheReferencedOneExclusively) {
  EXPECT_EQ(text(on_postgresql(DropTable{"orders", false, false})), "orders AccessExclusiveLock, users AccessExclusiveLock | metadata orders");
}

TEST(TableRules, ViewsOnlyReadTheirTableAndTriggersStopItsWriters) {
  EXPECT_EQ(text(on_postgresql(CreateView{{"v", "users", {}, "SELECT id FROM users"}, false})), "users AccessShareLock | metadata v");
  EXPECT_EQ(text(on_postgresql(DropView{"v", false})), "v AccessExclusiveLock | metadata v");
  EXPECT_EQ(text(on_postgresql(CreateTrigger{{"t", "users", "f"}})), "users ShareRowExclusiveLock | metadata users");
  EXPECT_EQ(text(on_postgresql(DropTrigger{"users", "t"})), "users AccessExclusiveLock | metadata users");
}

TEST(DataRules, UpdateWithoutAKeyChangesEveryRow) {
  const Statement update = data(StatementKind::Update, {access("users", LockMode::RowExclusiveLock, {}, {"name"})});
  const LocksAndWork rules = locks_and_work(update, shop(), kPostgresql15);
  EXPECT_EQ(text(rules), "users RowExclusiveLock | update users all rows");
  EXPECT_EQ(rules.phases.front().work.front().indexes, 2);
}

TEST(DataRules, UpdateByAnIndexedKeyChangesOneRowWithoutAScan) {
  const Statement by_id = data(StatementKind::Update, {access("users", LockMode::RowExclusiveLock, {"id"}, {"name"})});
  EXPECT_EQ(text(locks_and_work(by_id, shop(), kPostgresql15)), "users RowExclusiveLock | update users 1");
  Statement by_name = data(StatementKind::Update, {access("users", LockMode::RowExclusiveLock, {"name"}, {"email"})});
  by_name.parameters = 2;
  EXPECT_EQ(text(locks_and_work(by_name, shop(), kPostgresql15)), "users RowExclusiveLock | scan users, update users 1");
}

TEST(DataRules, UpdateByAConstantThatIsNoKeyMayChangeEveryRow) {
  const Statement by_name = data(StatementKind::Update, {access("users", LockMode::RowExclusiveLock, {"name"}, {"email"})});
  EXPECT_EQ(text(locks_and_work(by_name, shop(), kPostgresql15)), "users RowExclusiveLock | update users all rows");
}

TEST(DataRules, InsertChecksTheParentOfItsForeignKey) {
  const Statement insert = data(StatementKind::Insert, {access("orders", LockMode::RowExclusiveLock, {}, {"user_id"})});
  EXPECT_EQ(text(locks_and_work(insert, shop(), kPostgresql15)), "orders RowExclusiveLock, users RowShareLock | update orders 1");
}

TEST(DataRules, DeleteChecksTheChildrenOfTheRow) {
  const Statement erase = data(StatementKind::Delete, {access("users", LockMode::RowExclusiveLock, {"id"})});
  EXPECT_EQ(text(locks_and_work(erase, shop(), kPostgresql15)), "users RowExclusiveLock, orders RowShareLock | update users 1");
}

TEST(DataRules, InsertFromSelectWritesAsManyRowsAsItReads) {
  const Statement copy = data(StatementKind::Insert, {access("users", LockMode::RowExclusiveLock, {}, {"name"}),
                                                      access("orders", LockMode::AccessShareLock)});
  EXPECT_EQ(text(locks_and_work(copy, shop(), kPostgresql15)),
            "users RowExclusiveLock, orders AccessShareLock | update users 5000, scan orders");
}

TEST(DataRules, ViewPassesTheLockOnToItsTable) {
  const Statement select = data(StatementKind::Select, {access("people", LockMode::AccessShareLock, {"id"})});
  EXPECT_EQ(text(locks_and_work(select, shop_with_view(), kPostgresql15)), "people AccessShareLock, users AccessShareLock | ");
}

TEST(Rules, OpaqueStatementsAreSaidNotToBeUnderstood) {
  const LocksAndWork rules = on_postgresql(Opaque{"CLUSTER is not covered"});
  EXPECT_FALSE(rules.understood);
  EXPECT_EQ(rules.why_not, "CLUSTER is not covered");
}

TEST(SqliteRules, EveryWriteTakesTheOneLockOfTheDatabase) {
  const Statement insert = data(StatementKind::Insert, {access("orders", LockMode::RowExclusiveLock, {}, {"user_id"})});
  EXPECT_EQ(text(locks_and_work(insert, shop(), kSqlite)), "database ExclusiveLock | update orders 1");
  const Statement select = data(StatementKind::Select, {access("users", LockMode::AccessShareLock, {"id"})});
  EXPECT_EQ(text(locks_and_work(select, shop(), kSqlite)), "database AccessShareLock | ");
}

TEST(SqliteRules, NativeAlterTableIsMetadata) {
  EXPECT_EQ(text(on_sqlite(RenameColumn{"users", "name", "n"})), "database ExclusiveLock | metadata users");
  EXPECT_EQ(text(on_sqlite(RenameTable{"users", "u"})), "database ExclusiveLock | metadata users");
  EXPECT_EQ(text(on_sqlite(AddColumn{"users", column("age", "integer"), {}, false, false})), "database ExclusiveLock | metadata users");
}

TEST(SqliteRules, WhatAlterTableCannotDoRebuildsTheTable) {
  EXPECT_EQ(text(on_sqlite(DropColumn{"users", "email", false, false})), "database ExclusiveLock | rewrite users +2");
  EXPECT_EQ(text(on_sqlite(SetNotNull{"users", "name"})), "database ExclusiveLock | rewrite users +2");
  EXPECT_EQ(text(on_sqlite(AlterColumnType{"users", "name", "text", ""})), "database ExclusiveLock | rewrite users +2");
}

TEST(SqliteRules, AKeyThatNumbersTheRowsIsNoIndexToBuild) {
  Schema schema = shop();
  schema.table("users")->columns[0].identity = true;
  EXPECT_EQ(text(on_sqlite(SetNotNull{"users", "name"}, schema)), "database ExclusiveLock | rewrite users +1");
}

TEST(SqliteRules, DropColumnWritesEveryRowAndNoIndexThatDoesNotHoldIt) {
  EXPECT_EQ(text(on_sqlite(DropColumn{"users", "name", false, false})), "database ExclusiveLock | rewrite users +0");
}

TEST(SqliteRules, WhatTheEngineHasNoWordForLocksNothing) {
  EXPECT_EQ(text(on_sqlite(ValidateConstraint{"orders", "orders_user_fk"})), " | ");
  EXPECT_EQ(text(on_sqlite(AddConstraint{"users", {"key", ConstraintKind::Unique, {}, "", "", {}, true, ""}, "users_email_idx"})), " | ");
}

TEST(SqliteRules, ConcurrentIndexIsAnOrdinaryOne) {
  const LocksAndWork build = on_sqlite(CreateIndex{{"i", "users", {"name"}, false, true, false, ""}, true, false});
  EXPECT_EQ(text(build), "database ExclusiveLock | index_build users");
  EXPECT_FALSE(build.transaction_forbidden);
}

}  // namespace
}  // namespace midflight::rules::testing
