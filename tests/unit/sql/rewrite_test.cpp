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

/// One statement of v1 and what it becomes, stage by stage; empty where a stage adds nothing to the case.
struct Case {
  std::string fact, sql, write_both_read_old, write_both_read_new, new_only;
};

void expect_derived(const Case& c, ColumnMapping (*mapping)(Stage)) {
  const auto expect = [&](Stage stage, const std::string& wanted) {
    if (wanted.empty()) return;
    EXPECT_EQ(derived(c.sql, mapping(stage)), wanted) << c.fact;
  };
  expect(Stage::WriteBothReadOld, c.write_both_read_old);
  expect(Stage::WriteBothReadNew, c.write_both_read_new);
  expect(Stage::NewOnly, c.new_only);
}

class Rename : public ::testing::TestWithParam<Case> {};
TEST_P(Rename, IsFollowedInEveryStage) { expect_derived(GetParam(), rename); }

class Widening : public ::testing::TestWithParam<Case> {};
TEST_P(Widening, ConvertsForwardsAndThenBackwards) { expect_derived(GetParam(), widen); }

std::string fact(const ::testing::TestParamInfo<Case>& info) { return info.param.fact; }

const std::string kSelect = "SELECT name FROM users WHERE id = $1";

INSTANTIATE_TEST_SUITE_P(
    Statements, Rename,
    ::testing::Values(
        Case{"InsertWritesBothAndCastsTheParameterTwice", "INSERT INTO users (name) VALUES ($1)",
             "INSERT INTO users (name, full_name) VALUES ($1::varchar, $1::varchar)",
             "INSERT INTO users (name, full_name) VALUES ($1::varchar, $1::varchar)", "INSERT INTO users (full_name) VALUES ($1)"},
        Case{"SelectFollowsTheReadSide", kSelect, kSelect, "SELECT full_name AS name FROM users WHERE id = $1",
             "SELECT full_name FROM users WHERE id = $1"},
        Case{"UpdateWritesBothAndReturnsTheReadSide", "UPDATE users SET name = $2 WHERE id = $1 RETURNING id, name",
             "UPDATE users SET name = $2::varchar, full_name = $2::varchar WHERE id = $1 RETURNING id, name",
             "UPDATE users SET name = $2::varchar, full_name = $2::varchar WHERE id = $1 RETURNING id, full_name AS name",
             "UPDATE users SET full_name = $2 WHERE id = $1 RETURNING id, full_name"},
        Case{"StarIsLeftAlone", "SELECT * FROM users LIMIT 1", "", "", "SELECT * FROM users LIMIT 1"},
        Case{"AnUpdateFromItselfComputesFromTheReadableColumn", "UPDATE users SET name = name || 'x' WHERE id = $1",
             "UPDATE users SET name = name || 'x', full_name = name || 'x' WHERE id = $1",
             "UPDATE users SET name = full_name || 'x', full_name = full_name || 'x' WHERE id = $1", ""},
        Case{"SeveralRowsAreAllFollowed", "INSERT INTO users (name, email) VALUES ($1, $2), ('b', NULL)",
             "INSERT INTO users (name, email, full_name) VALUES ($1::varchar, $2, $1::varchar), ('b', NULL, 'b')", "", ""},
        Case{"InsertFromSelectGetsOneMoreColumn", "INSERT INTO users (name) SELECT email FROM users WHERE id > $1",
             "INSERT INTO users (name, full_name) SELECT email, email AS full_name FROM users WHERE id > $1", "", ""},
        Case{"InsertWithoutColumnsIsSpelledOut", "INSERT INTO users VALUES ($1, $2)", "", "",
             "INSERT INTO users (id, full_name) VALUES ($1, $2)"},
        Case{"OnConflictUpdatesBoth", "INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
             "INSERT INTO users (id, name, full_name) VALUES ($1, $2::varchar, $2::varchar) ON CONFLICT (id) DO UPDATE "
             "SET name = excluded.name, full_name = excluded.name",
             "", "INSERT INTO users (id, full_name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET full_name = excluded.full_name"},
        Case{"AJoinFollowsItsAliasAndNoOther",
             "SELECT u.name, o.total FROM orders o JOIN users u ON u.id = o.user_id ORDER BY u.name", "", "",
             "SELECT u.full_name, o.total FROM orders o JOIN users u ON u.id = o.user_id ORDER BY u.full_name"},
        Case{"ABareNameInAJoinIsFound", "SELECT name FROM orders JOIN users ON users.id = user_id", "", "",
             "SELECT full_name FROM orders JOIN users ON users.id = user_id"},
        Case{"OuterLevelsOfAQueryKeepTheName", "WITH x AS (SELECT name FROM users) SELECT name FROM x", "", "",
             "WITH x AS (SELECT full_name AS name FROM users) SELECT name FROM x"},
        Case{"ListsOfAssignmentsAreSplit", "UPDATE users SET (email, name) = ($1, $2)", "", "",
             "UPDATE users SET email = $1, full_name = $2"},
        Case{"StableValuesMayBeWrittenTwice", "UPDATE users SET name = now()::text",
             "UPDATE users SET name = now()::text, full_name = now()::text", "", ""}),
    fact);

INSTANTIATE_TEST_SUITE_P(
    Statements, Widening,
    ::testing::Values(
        Case{"Writes", "UPDATE users SET age = $2 WHERE id = $1", "UPDATE users SET age = $2::int, age_new = $2::int::bigint WHERE id = $1",
             "UPDATE users SET age = $2::bigint::int, age_new = $2::bigint WHERE id = $1", "UPDATE users SET age_new = $2 WHERE id = $1"},
        Case{"Reads", "SELECT age FROM users", "", "", "SELECT age_new AS age FROM users"}),
    fact);

TEST(Rewrite, ADerivedStatementHasItsNewFootprint) {
  const Statement statement = rewrite(parse_one("UPDATE users SET name = $2 WHERE name = $1"),
                                      rename(Stage::WriteBothReadNew), users());
  ASSERT_EQ(statement.accesses.size(), 1U);
  EXPECT_EQ(list(statement.accesses[0].writes), "name, full_name");
  EXPECT_EQ(list(statement.accesses[0].key), "full_name");
  EXPECT_EQ(statement.parameters, 2);
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

TEST(Rewrite, ShapesThatCannotBeFollowedAreRefused) {
  EXPECT_TRUE(has(derived("SELECT 1 FROM users JOIN orders USING (name)", rename(Stage::NewOnly)), "USING (name)"));
  EXPECT_TRUE(has(derived("UPDATE users SET (name, email) = (SELECT 'a', 'b')", rename(Stage::WriteBothReadOld)), "split"));
  EXPECT_TRUE(has(derived("UPDATE users SET (name, email) = ROW($1)", rename(Stage::WriteBothReadOld)), "as many values"));
  EXPECT_TRUE(has(derived("INSERT INTO users (name) SELECT 'a' UNION SELECT 'b'", rename(Stage::WriteBothReadOld)), "UNION"));
}

}  // namespace
}  // namespace midflight::sql
