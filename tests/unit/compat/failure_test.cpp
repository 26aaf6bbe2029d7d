#include <gtest/gtest.h>

#include "sim/compat/compat.h"
#include "sim/sql/parse.h"

namespace midflight::compat {
namespace {

const Dialect kPostgresql{};
const Dialect kSqlite{Engine::Sqlite, 340};

Schema users() {
  return sql::schema_from_sql(
      "CREATE TABLE users (id bigserial PRIMARY KEY, name varchar(50) NOT NULL, email text);"
      "CREATE TABLE orders (id bigserial PRIMARY KEY, user_id bigint, total int)");
}

Schema after(Schema schema, const std::string& ddl) {
  for (const Statement& statement : sql::parse(ddl)) {
    for (const Operation& operation : statement.operations) EXPECT_EQ(apply(operation, schema), "");
  }
  return schema;
}

std::string answer(const std::string& sql, const Schema& schema, const Dialect& dialect = kPostgresql) {
  const auto found = failure(sql::parse_one(sql), schema, dialect);
  if (!found) return "success";
  return found->sqlstate.empty() ? found->message : found->sqlstate + " " + found->message;
}

Schema renamed() { return after(users(), "ALTER TABLE users RENAME COLUMN name TO full_name"); }
Schema with_view() {
  return after(users(),
               "ALTER TABLE users RENAME TO users_data; ALTER TABLE users_data RENAME COLUMN name TO full_name;"
               "CREATE VIEW users AS SELECT id, full_name, full_name AS name, email FROM users_data");
}

TEST(Failure, StatementsThatFitSucceed) {
  EXPECT_EQ(answer("INSERT INTO users (name) VALUES ($1)", users()), "success");
  EXPECT_EQ(answer("SELECT name FROM users WHERE id = $1", users()), "success");
  EXPECT_EQ(answer("UPDATE users SET name = $2 WHERE id = $1 RETURNING id, name", users()), "success");
  EXPECT_EQ(answer("SELECT * FROM pg_stat_activity", users()), "success");
}

TEST(Failure, ARenamedColumnIsMissedByTheOldVersion) {
  EXPECT_EQ(answer("SELECT name FROM users WHERE id = $1", renamed()), "42703 column \"name\" does not exist");
  EXPECT_EQ(answer("INSERT INTO users (name) VALUES ($1)", renamed()),
            "42703 column \"name\" of relation \"users\" does not exist");
  EXPECT_EQ(answer("UPDATE users SET name = $2 WHERE id = $1", renamed()),
            "42703 column \"name\" of relation \"users\" does not exist");
  EXPECT_EQ(answer("SELECT * FROM users", renamed()), "success");
}

TEST(Failure, ATypeWithoutCastNeedsUsing) {
  const std::string change = "ALTER TABLE users ALTER COLUMN email TYPE integer";
  EXPECT_EQ(answer(change, users()), "42804 column \"email\" cannot be cast automatically to type integer");
  EXPECT_EQ(answer(change + " USING email::integer", users()), "success");
  EXPECT_EQ(answer("ALTER TABLE orders ALTER COLUMN total TYPE text", users()), "success");
  EXPECT_EQ(answer("ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2)", users()), "success");
  EXPECT_EQ(answer(change, users(), kSqlite), "success");  // its columns take any value
}

TEST(Failure, AMissingColumnIsNamedAsTheStatementNamesIt) {
  // Bare names are quoted by the server, qualified ones are not.
  EXPECT_EQ(answer("SELECT u.name FROM users u", renamed()), "42703 column u.name does not exist");
  EXPECT_EQ(answer("SELECT users.id FROM users WHERE public.users.name = $1", renamed()), "42703 column users.name does not exist");
  EXPECT_EQ(answer("SELECT o.total FROM orders o JOIN users u ON u.name = o.name", renamed()), "42703 column o.name does not exist");
  EXPECT_EQ(answer("UPDATE users u SET email = $1 WHERE u.name = $2", renamed()), "42703 column u.name does not exist");
  EXPECT_EQ(answer("SELECT u.name FROM users u", renamed(), kSqlite), "no such column: u.name");
}

TEST(Failure, SqliteSaysItInItsOwnWords) {
  EXPECT_EQ(answer("SELECT name FROM users WHERE id = $1", renamed(), kSqlite), "no such column: name");
  EXPECT_EQ(answer("INSERT INTO users (name) VALUES ($1)", renamed(), kSqlite), "table users has no column named name");
  EXPECT_EQ(answer("UPDATE users SET name = $2", renamed(), kSqlite), "no such column: name");
  EXPECT_EQ(answer("SELECT 1 FROM people", users(), kSqlite), "no such table: people");
  EXPECT_EQ(answer("INSERT INTO users (email) VALUES ($1)", users(), kSqlite), "NOT NULL constraint failed: users.name");
}

TEST(Failure, AMissingRelationIsNamed) {
  EXPECT_EQ(answer("SELECT 1 FROM people", users()), "42P01 relation \"people\" does not exist");
}

TEST(Failure, AnInsertMustGiveWhatMayNotBeNull) {
  EXPECT_EQ(answer("INSERT INTO users (email) VALUES ($1)", users()),
            "23502 null value in column \"name\" of relation \"users\" violates not-null constraint");
  const Schema with_default = after(users(), "ALTER TABLE users ALTER name SET DEFAULT ''");
  EXPECT_EQ(answer("INSERT INTO users (email) VALUES ($1)", with_default), "success");
}

TEST(Failure, AnUnvalidatedCheckAlreadyBindsNewRows) {
  const Schema checked = after(users(), "ALTER TABLE users ADD CONSTRAINT e CHECK (email IS NOT NULL) NOT VALID");
  EXPECT_EQ(answer("INSERT INTO users (name) VALUES ($1)", checked),
            "23514 new row for relation \"users\" violates check constraint \"e\"");
}

TEST(Failure, UnqualifiedColumnsOfAJoinBelongToTheRelationThatHasThem) {
  const std::string join = "SELECT name, total FROM orders JOIN users ON users.id = user_id WHERE orders.id = $1";
  EXPECT_EQ(answer(join, users()), "success");
  EXPECT_EQ(answer(join, renamed()), "42703 column \"name\" does not exist");
}

TEST(Failure, AnInsertWithoutColumnsWritesTheFirstOnes) {
  EXPECT_EQ(answer("INSERT INTO users VALUES ($1, $2)", users()), "success");
  EXPECT_EQ(answer("INSERT INTO users VALUES ($1)", users()),
            "23502 null value in column \"name\" of relation \"users\" violates not-null constraint");
}

TEST(Failure, AViewWithBothNamesServesBothVersions) {
  for (const Dialect& dialect : {kPostgresql, kSqlite}) {
    EXPECT_EQ(answer("INSERT INTO users (name) VALUES ($1)", with_view(), dialect), "success");
    EXPECT_EQ(answer("INSERT INTO users (full_name) VALUES ($1)", with_view(), dialect), "success");
    EXPECT_EQ(answer("UPDATE users SET name = $2 WHERE id = $1 RETURNING id, name", with_view(), dialect), "success");
  }
}

TEST(Failure, BothNamesOfOneColumnCannotBeWrittenTogether) {
  EXPECT_EQ(answer("INSERT INTO users (name, full_name) VALUES ($1, $1)", with_view()),
            "42601 multiple assignments to same column \"full_name\"");
}

TEST(Failure, AnInsertThroughAViewMustGiveWhatTheTableNeeds) {
  EXPECT_EQ(answer("INSERT INTO users (email) VALUES ($1)", with_view()),
            "23502 null value in column \"full_name\" of relation \"users_data\" violates not-null constraint");
}

TEST(Failure, AViewThatIsNotSimpleTakesNoWrites) {
  const Schema schema = after(users(), "CREATE VIEW totals AS SELECT user_id, sum(total) AS s FROM orders GROUP BY user_id");
  EXPECT_EQ(answer("SELECT s FROM totals", schema), "success");
  EXPECT_EQ(answer("DELETE FROM totals", schema), "55000 cannot delete from view \"totals\"");
}

TEST(ResultTypeChanged, StarChangesWithEveryColumn) {
  const Schema wider = after(users(), "ALTER TABLE users ADD COLUMN full_name varchar(50)");
  EXPECT_TRUE(result_type_changed(sql::parse_one("SELECT * FROM users"), users(), wider));
  EXPECT_FALSE(result_type_changed(sql::parse_one("SELECT id, name FROM users"), users(), wider));
  EXPECT_FALSE(result_type_changed(sql::parse_one("INSERT INTO users (name) VALUES ($1)"), users(), wider));
}

TEST(ResultTypeChanged, ExplicitListsChangeWithATypeTheyShow) {
  const Schema wider = after(users(), "ALTER TABLE orders ALTER COLUMN total TYPE bigint");
  EXPECT_TRUE(result_type_changed(sql::parse_one("SELECT total FROM orders WHERE id = $1"), users(), wider));
  EXPECT_TRUE(result_type_changed(sql::parse_one("UPDATE orders SET total = 1 RETURNING total"), users(), wider));
  EXPECT_FALSE(result_type_changed(sql::parse_one("SELECT id FROM orders WHERE total = $1"), users(), wider));
}

TEST(ResultTypeChanged, AMissingColumnIsNotAStalePlan) {
  EXPECT_FALSE(result_type_changed(sql::parse_one("SELECT name FROM users"), users(), renamed()));
}

TEST(ColumnAccesses, FollowAViewToItsTable) {
  const auto accesses =
      column_accesses(sql::parse_one("UPDATE users SET name = $2 WHERE id = $1 RETURNING name"), with_view());
  ASSERT_EQ(accesses.size(), 1U);
  EXPECT_EQ(accesses[0].table, "users_data");
  EXPECT_EQ(accesses[0].writes, std::vector<std::string>{"full_name"});
  EXPECT_EQ(accesses[0].reads, std::vector<std::string>{"full_name"});
  EXPECT_TRUE(accesses[0].by_key);
  EXPECT_FALSE(accesses[0].inserts);
}

TEST(ColumnAccesses, StarReadsEveryColumnAndInsertInserts) {
  EXPECT_EQ(column_accesses(sql::parse_one("SELECT * FROM users"), users()).at(0).reads.size(), 3U);
  EXPECT_TRUE(column_accesses(sql::parse_one("INSERT INTO users (name) VALUES ($1)"), users()).at(0).inserts);
}

}  // namespace
}  // namespace midflight::compat
