#include <gtest/gtest.h>

#include "sim/rules/type_change.h"
#include "tests/unit/rules/builders.h"

namespace midflight::rules::testing {
namespace {

const std::string kUsersExclusive = "users AccessExclusiveLock | ";
/// Every index is built again under its own AccessExclusiveLock.
const std::string kUsersRewrite =
    "users AccessExclusiveLock, users_pkey AccessExclusiveLock, users_email_idx AccessExclusiveLock | rewrite users +2";

Schema shop_with_check(bool valid) {
  Schema schema = shop();
  schema.table("users")->constraints.push_back({"named", ConstraintKind::Check, {"name"}, "name IS NOT NULL", "", {}, valid, "name"});
  return schema;
}

TEST(ColumnRules, RenamesAndDefaultsChangeTheCatalogUnderAnExclusiveLock) {
  EXPECT_EQ(text(on_postgresql(RenameColumn{"users", "name", "full_name"})), kUsersExclusive + "metadata users");
  EXPECT_EQ(text(on_postgresql(SetDefault{"users", "name", "'x'"})), kUsersExclusive + "metadata users");
  EXPECT_EQ(text(on_postgresql(DropNotNull{"users", "id"})), kUsersExclusive + "metadata users");
}

TEST(ColumnRules, NewColumnIsMetadataWithoutDefaultOrWithAConstantOne) {
  AddColumn add{"users", column("age", "integer"), {}, false, false};
  EXPECT_EQ(text(on_postgresql(add)), kUsersExclusive + "metadata users");
  add.column.default_sql = "7";
  add.column.not_null = true;
  EXPECT_EQ(text(on_postgresql(add)), kUsersExclusive + "metadata users");
}

TEST(ColumnRules, ConstantDefaultRewritesBeforeVersion11) {
  AddColumn add{"users", column("age", "integer"), {}, false, false};
  add.column.default_sql = "7";
  EXPECT_EQ(text(on_postgresql(add, shop(), {Engine::Postgresql, 10})), kUsersRewrite);
}

TEST(ColumnRules, VolatileDefaultIdentityAndGeneratedColumnsRewrite) {
  AddColumn add{"users", column("token", "uuid"), {}, false, true};
  add.column.default_sql = "gen_random_uuid()";
  EXPECT_EQ(text(on_postgresql(add)), kUsersRewrite);
  AddColumn identity{"users", column("n", "bigint"), {}, false, false};
  identity.column.identity = true;
  EXPECT_EQ(text(on_postgresql(identity)), kUsersRewrite);
  AddColumn generated{"users", column("n", "bigint"), {}, false, false};
  generated.column.generated = true;
  EXPECT_EQ(text(on_postgresql(generated)), kUsersRewrite);
}

TEST(ColumnRules, NewNullColumnWithForeignKeyChecksNoRow) {
  AddColumn add{"users", column("order_id", "bigint"), {}, false, false};
  add.constraints.push_back({"fk", ConstraintKind::ForeignKey, {"order_id"}, "", "orders", {"id"}, true, ""});
  EXPECT_EQ(text(on_postgresql(add)), "users AccessExclusiveLock, orders ShareRowExclusiveLock | metadata users");
}

TEST(ColumnRules, NewUniqueColumnBuildsItsIndexUnderTheExclusiveLock) {
  AddColumn add{"users", column("code", "text"), {}, false, false};
  add.constraints.push_back({"users_code_key", ConstraintKind::Unique, {"code"}, "", "", {}, true, ""});
  EXPECT_EQ(text(on_postgresql(add)), kUsersExclusive + "index_build users");
}

TEST(ColumnRules, SetNotNullReadsEveryRow) {
  EXPECT_EQ(text(on_postgresql(SetNotNull{"users", "name"})), kUsersExclusive + "scan users");
}

TEST(ColumnRules, ValidCheckSparesSetNotNullTheScanFromVersion12) {
  const SetNotNull set{"users", "name"};
  EXPECT_EQ(text(on_postgresql(set, shop_with_check(true))), kUsersExclusive + "metadata users");
  EXPECT_EQ(text(on_postgresql(set, shop_with_check(false))), kUsersExclusive + "scan users");
  EXPECT_EQ(text(on_postgresql(set, shop_with_check(true), kPostgresql11)), kUsersExclusive + "scan users");
}

TEST(ColumnRules, DroppedColumnTakesItsForeignKeyFromTheOtherTable) {
  EXPECT_EQ(text(on_postgresql(DropColumn{"orders", "user_id", false, false})),
            "orders AccessExclusiveLock, users AccessExclusiveLock | metadata orders");
  EXPECT_EQ(text(on_postgresql(DropColumn{"users", "name", false, false})), kUsersExclusive + "metadata users");
}

TEST(ColumnRules, TypeChangeRewritesTheTableAndItsIndexes) {
  EXPECT_EQ(text(on_postgresql(AlterColumnType{"users", "email", "character varying(20)", ""})), kUsersRewrite);
}

TEST(ColumnRules, WideningTypeChangeIsMetadataButReadsTheRowsOfACheck) {
  const AlterColumnType widen{"users", "name", "text", ""};
  EXPECT_EQ(text(on_postgresql(widen)), kUsersExclusive + "metadata users");
  EXPECT_EQ(text(on_postgresql(widen, shop_with_check(true))), kUsersExclusive + "scan users");
}

TEST(ColumnRules, SeveralPartsOfOneAlterTableShareTheStrongestLockAndOnePass) {
  const Statement both = ddl({AddColumn{"users", column("age", "integer"), {}, false, false},
                              AlterColumnType{"users", "email", "integer", ""}, SetNotNull{"users", "name"}});
  EXPECT_EQ(text(locks_and_work(both, shop(), kPostgresql15)), kUsersRewrite);
}

struct TypeChange {
  const char *from, *to, *using_sql;
  bool metadata_only;
};

class TypeChanges : public ::testing::TestWithParam<TypeChange> {};

TEST_P(TypeChanges, AreMetadataOnlyWhenTheStoredBytesKeepTheirMeaning) {
  const TypeChange& c = GetParam();
  EXPECT_EQ(is_metadata_only_type_change(c.from, c.to, c.using_sql), c.metadata_only) << c.from << " to " << c.to;
}

INSTANTIATE_TEST_SUITE_P(
    Postgresql15, TypeChanges,
    ::testing::Values(TypeChange{"character varying(50)", "character varying(80)", "", true},
                      TypeChange{"character varying(50)", "character varying(20)", "", false},
                      TypeChange{"character varying(50)", "character varying", "", true},
                      TypeChange{"character varying", "character varying(50)", "", false},
                      TypeChange{"character varying(50)", "text", "", true},
                      TypeChange{"text", "character varying", "", true},
                      TypeChange{"text", "character varying(50)", "", false},
                      TypeChange{"character(10)", "text", "", false},
                      TypeChange{"numeric(10,2)", "numeric(12,2)", "", true},
                      TypeChange{"numeric(10,2)", "numeric(12,3)", "", false},
                      TypeChange{"numeric(10,2)", "numeric", "", true},
                      TypeChange{"integer", "bigint", "", false},
                      TypeChange{"integer", "integer", "", true},
                      TypeChange{"timestamp(3) without time zone", "timestamp(6) without time zone", "", true},
                      TypeChange{"timestamp(6) without time zone", "timestamp(3) without time zone", "", false},
                      TypeChange{"timestamp without time zone", "timestamp with time zone", "", false},
                      TypeChange{"cidr", "inet", "", true}, TypeChange{"inet", "cidr", "", false},
                      TypeChange{"character varying(50)", "text", "upper(name)", false}));

}  // namespace
}  // namespace midflight::rules::testing
