#include "sim/sql/rewrite.h"

#include <gtest/gtest.h>

#include "sim/sql/parse.h"
#include "tests/unit/sql/texts.h"

namespace midflight::sql {
namespace {

enum class Stage { WriteBothReadOld, WriteBothReadNew, NewOnly };

Schema users() {
  return schema_from_sql(
      "CREATE TABLE users (id bigserial PRIMARY KEY, name varchar(50) NOT NULL, email text, age int);"
      "CREATE TABLE orders (id bigserial PRIMARY KEY, user_id bigint, total int)");
}

ColumnMapping rename(Stage stage) {
  ColumnMapping m;
  m.table = "users";
  m.from = "name";
  m.to = "full_name";
  m.write_from = stage != Stage::NewOnly;
  m.read_to = stage != Stage::WriteBothReadOld;
  m.from_type = m.to_type = "character varying(50)";
  m.keep_output_name = stage != Stage::NewOnly;
  return m;
}

ColumnMapping widen(Stage stage) {
  ColumnMapping m = rename(stage);
  m.from = "age";
  m.to = "age_new";
  m.from_type = "integer";
  m.to_type = "bigint";
  m.forward = "CAST({} AS bigint)";
  m.backward = "CAST({} AS integer)";
  m.keep_output_name = true;
  return m;
}

std::string derived(const std::string& sql, const ColumnMapping& mapping) {
  try {
    return rewrite(parse_one(sql), mapping, users()).sql;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotSupported);
    return std::string("refused: ") + error.what();
  }
}

TEST(Rewrite, InsertWritesBothAndCastsTheParameterTwice) {
  const std::string sql = "INSERT INTO users (name) VALUES ($1)";
  const std::string both = "INSERT INTO users (name, full_name) VALUES ($1::varchar, $1::varchar)";
  EXPECT_EQ(derived(sql, rename(Stage::WriteBothReadOld)), both);
  EXPECT_EQ(derived(sql, rename(Stage::WriteBothReadNew)), both);
  EXPECT_EQ(derived(sql, rename(Stage::NewOnly)), "INSERT INTO users (full_name) VALUES ($1)");
}

TEST(Rewrite, SelectFollowsTheReadSide) {
  const std::string sql = "SELECT name FROM users WHERE id = $1";
  EXPECT_EQ(derived(sql, rename(Stage::WriteBothReadOld)), sql);
  EXPECT_EQ(derived(sql, rename(Stage::WriteBothReadNew)), "SELECT full_name AS name FROM users WHERE id = $1");
  EXPECT_EQ(derived(sql, rename(Stage::NewOnly)), "SELECT full_name FROM users WHERE id = $1");
}

TEST(Rewrite, UpdateWritesBothAndReturnsTheReadSide) {
  const std::string sql = "UPDATE users SET name = $2 WHERE id = $1 RETURNING id, name";
  EXPECT_EQ(derived(sql, rename(Stage::WriteBothReadOld)),
            "UPDATE users SET name = $2::varchar, full_name = $2::varchar WHERE id = $1 RETURNING id, name");
  EXPECT_EQ(derived(sql, rename(Stage::WriteBothReadNew)),
            "UPDATE users SET name = $2::varchar, full_name = $2::varchar WHERE id = $1 RETURNING id, full_name AS name");
  EXPECT_EQ(derived(sql, rename(Stage::NewOnly)), "UPDATE users SET full_name = $2 WHERE id = $1 RETURNING id, full_name");
}

TEST(Rewrite, ADerivedStatementHasItsNewFootprint) {
  const Statement statement = rewrite(parse_one("UPDATE users SET name = $2 WHERE name = $1"),
                                      rename(Stage::WriteBothReadNew), users());
  ASSERT_EQ(statement.accesses.size(), 1U);
  EXPECT_EQ(list(statement.accesses[0].writes), "name, full_name");
  EXPECT_EQ(list(statement.accesses[0].key), "full_name");
  EXPECT_EQ(statement.parameters, 2);
}

TEST(Rewrite, StarIsLeftAlone) {
  EXPECT_EQ(derived("SELECT * FROM users LIMIT 1", rename(Stage::NewOnly)), "SELECT * FROM users LIMIT 1");
}

TEST(Rewrite, AnUpdateFromItselfComputesFromTheReadableColumn) {
  const std::string sql = "UPDATE users SET name = name || 'x' WHERE id = $1";
  EXPECT_EQ(derived(sql, rename(Stage::WriteBothReadOld)),
            "UPDATE users SET name = name || 'x', full_name = name || 'x' WHERE id = $1");
  EXPECT_EQ(derived(sql, rename(Stage::WriteBothReadNew)),
            "UPDATE users SET name = full_name || 'x', full_name = full_name || 'x' WHERE id = $1");
}

TEST(Rewrite, ATypeChangeConvertsForwardsAndThenBackwards) {
  const std::string sql = "UPDATE users SET age = $2 WHERE id = $1";
  EXPECT_EQ(derived(sql, widen(Stage::WriteBothReadOld)),
            "UPDATE users SET age = $2::int, age_new = $2::int::bigint WHERE id = $1");
  EXPECT_EQ(derived(sql, widen(Stage::WriteBothReadNew)),
            "UPDATE users SET age = $2::bigint::int, age_new = $2::bigint WHERE id = $1");
  EXPECT_EQ(derived(sql, widen(Stage::NewOnly)), "UPDATE users SET age_new = $2 WHERE id = $1");
  EXPECT_EQ(derived("SELECT age FROM users", widen(Stage::NewOnly)), "SELECT age_new AS age FROM users");
}

TEST(Rewrite, SeveralRowsAreAllFollowed) {
  EXPECT_EQ(derived("INSERT INTO users (name, email) VALUES ($1, $2), ('b', NULL)", rename(Stage::WriteBothReadOld)),
            "INSERT INTO users (name, email, full_name) VALUES ($1::varchar, $2, $1::varchar), ('b', NULL, 'b')");
}

TEST(Rewrite, InsertFromSelectGetsOneMoreColumn) {
  EXPECT_EQ(derived("INSERT INTO users (name) SELECT email FROM users WHERE id > $1", rename(Stage::WriteBothReadOld)),
            "INSERT INTO users (name, full_name) SELECT email, email AS full_name FROM users WHERE id > $1");
}

TEST(Rewrite, InsertWithoutColumnsIsSpelledOut) {
  EXPECT_EQ(derived("INSERT INTO users VALUES ($1, $2)", rename(Stage::NewOnly)),
            "INSERT INTO users (id, full_name) VALUES ($1, $2)");
}

TEST(Rewrite, OnConflictUpdatesBoth) {
  const std::string sql =
      "INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name";
  EXPECT_EQ(derived(sql, rename(Stage::WriteBothReadOld)),
            "INSERT INTO users (id, name, full_name) VALUES ($1, $2::varchar, $2::varchar) ON CONFLICT (id) DO UPDATE "
            "SET name = excluded.name, full_name = excluded.name");
  EXPECT_EQ(derived(sql, rename(Stage::NewOnly)),
            "INSERT INTO users (id, full_name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET full_name = "
            "excluded.full_name");
}

TEST(Rewrite, AJoinFollowsItsAliasAndNoOther) {
  EXPECT_EQ(derived("SELECT u.name, o.total FROM orders o JOIN users u ON u.id = o.user_id ORDER BY u.name",
                    rename(Stage::NewOnly)),
            "SELECT u.full_name, o.total FROM orders o JOIN users u ON u.id = o.user_id ORDER BY u.full_name");
  EXPECT_EQ(derived("SELECT name FROM orders JOIN users ON users.id = user_id", rename(Stage::NewOnly)),
            "SELECT full_name FROM orders JOIN users ON users.id = user_id");
}

TEST(Rewrite, OuterLevelsOfAQueryKeepTheName) {
  EXPECT_EQ(derived("WITH x AS (SELECT name FROM users) SELECT name FROM x", rename(Stage::NewOnly)),
            "WITH x AS (SELECT full_name AS name FROM users) SELECT name FROM x");
}

TEST(Rewrite, ListsOfAssignmentsAreSplit) {
  EXPECT_EQ(derived("UPDATE users SET (email, name) = ($1, $2)", rename(Stage::NewOnly)),
            "UPDATE users SET email = $1, full_name = $2");
}

TEST(Rewrite, ADefaultFollowsWhereTheColumnIsLeftOut) {
  Schema schema = schema_from_sql("CREATE TABLE users (id int, name text DEFAULT 'nobody')");
  const auto sql = [&](Stage stage) {
    return rewrite(parse_one("INSERT INTO users (id) VALUES ($1)"), rename(stage), schema).sql;
  };
  EXPECT_EQ(sql(Stage::WriteBothReadOld), "INSERT INTO users (id, full_name) VALUES ($1, 'nobody')");
  EXPECT_EQ(sql(Stage::NewOnly), "INSERT INTO users (id) VALUES ($1)");
}

TEST(Rewrite, VolatileValuesRefuseAndNameTheStatement) {
  const std::string sql = "INSERT INTO users (name) VALUES (gen_random_uuid())";
  const std::string refusal = derived(sql, rename(Stage::WriteBothReadOld));
  EXPECT_TRUE(has(refusal, "gen_random_uuid() twice"));
  EXPECT_TRUE(has(refusal, sql));
  EXPECT_EQ(derived(sql, rename(Stage::NewOnly)), "INSERT INTO users (full_name) VALUES (gen_random_uuid())");
}

TEST(Rewrite, StableValuesMayBeWrittenTwice) {
  EXPECT_EQ(derived("UPDATE users SET name = now()::text", rename(Stage::WriteBothReadOld)),
            "UPDATE users SET name = now()::text, full_name = now()::text");
}

TEST(Rewrite, ShapesThatCannotBeFollowedAreRefused) {
  EXPECT_TRUE(has(derived("SELECT 1 FROM users JOIN orders USING (name)", rename(Stage::NewOnly)), "USING (name)"));
  EXPECT_TRUE(has(derived("UPDATE users SET (name, email) = (SELECT 'a', 'b')", rename(Stage::WriteBothReadOld)), "split"));
  EXPECT_TRUE(has(derived("UPDATE users SET (name, email) = ROW($1)", rename(Stage::WriteBothReadOld)), "as many values"));
  EXPECT_TRUE(has(derived("INSERT INTO users (name) SELECT 'a' UNION SELECT 'b'", rename(Stage::WriteBothReadOld)), "UNION"));
}

}  // namespace
}  // namespace midflight::sql
