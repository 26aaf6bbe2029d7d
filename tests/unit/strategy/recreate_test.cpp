#include <gtest/gtest.h>

#include "tests/unit/strategy/builders.h"

namespace midflight::strategy::testing {
namespace {

/// The steps between the copy and the first release that reads the new column.
std::string recreated(const std::string& schema, Dialect dialect = {Engine::Postgresql, 15}) {
  Scenario s = scenario("ALTER TABLE users RENAME COLUMN name TO full_name", schema);
  s.database.dialect = dialect;
  const Proposal p = propose(s, "expand_contract");
  EXPECT_FALSE(p.refused) << p.why;
  const std::string all = text(p.plan);
  const std::size_t begin = all.find("\n", all.find("check-equal: ")) + 1;
  return all.substr(begin, all.find("read-new: ") - begin);
}

std::string step(const std::string& schema, const std::string& id) {
  const std::string all = text(propose(scenario("ALTER TABLE users RENAME COLUMN name TO full_name", schema), "expand_contract").plan);
  const std::size_t begin = all.find(id + ": ");
  return begin == std::string::npos ? "" : all.substr(begin, all.find("\n", begin) - begin);
}

TEST(Recreate, IndexIsBuiltConcurrentlyWithItsConditionAndMethod) {
  EXPECT_EQ(recreated("CREATE TABLE users (id bigint PRIMARY KEY, name text, email text);"
                      "CREATE INDEX users_name_idx ON users USING btree (name) WHERE email IS NOT NULL;"
                      "CREATE INDEX users_email_idx ON users (email);"),
            "index-users_full_name_idx: CREATE INDEX CONCURRENTLY users_full_name_idx ON users USING btree (full_name)"
            " WHERE email IS NOT NULL\n");
}

TEST(Recreate, UniqueConstraintTakesAnIndexBuiltConcurrently) {
  EXPECT_EQ(recreated("CREATE TABLE users (id bigint PRIMARY KEY, name text, CONSTRAINT users_name_key UNIQUE (name));"),
            "index-users_full_name_key: CREATE UNIQUE INDEX CONCURRENTLY users_full_name_key ON users (full_name)\n"
            "unique-users_full_name_key: ALTER TABLE users ADD CONSTRAINT users_full_name_key UNIQUE USING INDEX users_full_name_key\n");
}

TEST(Recreate, ForeignKeyIsAddedNotValidAndValidated) {
  EXPECT_EQ(recreated("CREATE TABLE people (name text PRIMARY KEY);"
                      "CREATE TABLE users (id bigint PRIMARY KEY, name text, CONSTRAINT users_name_fkey FOREIGN KEY (name) REFERENCES people (name));"),
            "foreign-key-users_full_name_fkey: ALTER TABLE users ADD CONSTRAINT users_full_name_fkey"
            " FOREIGN KEY (full_name) REFERENCES people (name) NOT VALID\n"
            "validate-users_full_name_fkey: ALTER TABLE users VALIDATE CONSTRAINT users_full_name_fkey\n");
}

TEST(Recreate, CheckIsRepeatedOverTheNewColumn) {
  const std::string steps = recreated("CREATE TABLE users (id bigint PRIMARY KEY, name text, CONSTRAINT users_name_check CHECK (name <> 'name'));");
  EXPECT_EQ(steps,
            "check-users_full_name_check: ALTER TABLE users ADD CONSTRAINT users_full_name_check CHECK (full_name <> 'name') NOT VALID\n"
            "validate-users_full_name_check: ALTER TABLE users VALIDATE CONSTRAINT users_full_name_check\n");
}

const char* const kNotNull = "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);";

TEST(Recreate, NotNullGoesByWayOfACheck) {
  EXPECT_EQ(recreated(kNotNull),
            "not-null-check: ALTER TABLE users ADD CONSTRAINT users_full_name_not_null CHECK (full_name IS NOT NULL) NOT VALID\n"
            "validate: ALTER TABLE users VALIDATE CONSTRAINT users_full_name_not_null\n"
            "set-not-null: ALTER TABLE users ALTER COLUMN full_name SET NOT NULL\n"
            "drop-check: ALTER TABLE users DROP CONSTRAINT users_full_name_not_null\n");
}

TEST(Recreate, SqliteSetsNotNullInOneRebuild) {
  EXPECT_EQ(recreated(kNotNull, {Engine::Sqlite, 340}), "set-not-null: ALTER TABLE users ALTER COLUMN full_name SET NOT NULL\n");
}

TEST(AllowNull, ComesBeforeTheReleaseThatForgetsTheColumn) {
  EXPECT_EQ(step(kNotNull, "allow-null"), "allow-null: ALTER TABLE users ALTER COLUMN name DROP NOT NULL");
  const std::string all = text(propose(scenario("ALTER TABLE users RENAME COLUMN name TO full_name", kNotNull), "expand_contract").plan);
  EXPECT_LT(all.find("read-new: "), all.find("allow-null: "));
  EXPECT_LT(all.find("allow-null: "), all.find("stop-old: "));
}

TEST(AllowNull, IsNotNeededWhenTheDefaultFillsTheColumn) {
  EXPECT_EQ(step("CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL DEFAULT '');", "allow-null"), "");
}

TEST(AllowNull, DropsADefaultThatAUniqueConstraintWouldRefuse) {
  EXPECT_EQ(step("CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL DEFAULT '' UNIQUE);", "allow-null"),
            "allow-null: ALTER TABLE users ALTER COLUMN name DROP DEFAULT; ALTER TABLE users ALTER COLUMN name DROP NOT NULL");
}

TEST(AllowNull, DropsACheckThatProvesNotNull) {
  EXPECT_EQ(step("CREATE TABLE users (id bigint PRIMARY KEY, name text, CONSTRAINT named CHECK (name IS NOT NULL));", "allow-null"),
            "allow-null: ALTER TABLE users DROP CONSTRAINT named");
}

TEST(Expand, GivesTheNewColumnTheDefaultAtOnce) {
  EXPECT_EQ(step("CREATE TABLE users (id bigint PRIMARY KEY, name text DEFAULT 'anonymous');", "expand"),
            "expand: ALTER TABLE users ADD COLUMN full_name text DEFAULT 'anonymous'");
}

}  // namespace
}  // namespace midflight::strategy::testing
