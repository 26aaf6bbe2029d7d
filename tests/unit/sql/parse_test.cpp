#include "sim/sql/parse.h"

#include <gtest/gtest.h>

#include "tests/unit/sql/texts.h"

namespace midflight::sql {
namespace {

Access only_access(const std::string& sql) {
  const Statement statement = parse_one(sql);
  EXPECT_EQ(statement.accesses.size(), 1U) << sql;
  return statement.accesses.empty() ? Access{} : statement.accesses.front();
}

std::string error_of(const std::string& sql, Position where = {}) {
  try {
    parse(sql, where);
  } catch (const Error& error) {
    const Problem& problem = error.problems().at(0);
    return problem.where.text() + ": " + problem.message;
  }
  return "no error";
}

TEST(Parse, SelectByKeyReadsAndShowsItsColumns) {
  const Access access = only_access("SELECT name FROM users WHERE id = $1");
  EXPECT_EQ(access.relation, "users");
  EXPECT_EQ(access.mode, LockMode::AccessShareLock);
  EXPECT_EQ(list(access.reads), "name, id");
  EXPECT_EQ(list(access.outputs), "name");
  EXPECT_EQ(list(access.key), "id");
  EXPECT_FALSE(access.reads_all);
}

TEST(Parse, InsertWritesItsColumns) {
  const Statement statement = parse_one("INSERT INTO users (name) VALUES ($1)");
  EXPECT_EQ(statement.kind, StatementKind::Insert);
  EXPECT_EQ(statement.parameters, 1);
  ASSERT_EQ(statement.accesses.size(), 1U);
  EXPECT_EQ(statement.accesses[0].mode, LockMode::RowExclusiveLock);
  EXPECT_EQ(list(statement.accesses[0].writes), "name");
  EXPECT_EQ(list(statement.accesses[0].reads), "");
}

TEST(Parse, UpdateWithReturningWritesReadsAndShows) {
  const Access access = only_access("UPDATE users SET name = $2 WHERE id = $1 RETURNING id, name");
  EXPECT_EQ(list(access.writes), "name");
  EXPECT_EQ(list(access.reads), "id, name");
  EXPECT_EQ(list(access.outputs), "id, name");
  EXPECT_EQ(list(access.key), "id");
}

TEST(Parse, StarReadsAll) {
  EXPECT_TRUE(only_access("SELECT * FROM users LIMIT 1").reads_all);
  EXPECT_TRUE(only_access("DELETE FROM users WHERE id = $1 RETURNING *").reads_all);
  EXPECT_FALSE(only_access("SELECT count(*) FROM users").reads_all);
}

TEST(Parse, SelectForUpdateTakesRowShareLock) {
  EXPECT_EQ(only_access("SELECT id FROM users WHERE id = $1 FOR UPDATE").mode, LockMode::RowShareLock);
  EXPECT_EQ(only_access("SELECT id FROM users FOR KEY SHARE").mode, LockMode::RowShareLock);
}

TEST(Parse, AliasesLeadToTheirRelations) {
  const Statement statement =
      parse_one("SELECT u.name, o.total FROM users u JOIN orders AS o ON o.user_id = u.id WHERE o.id = $1");
  ASSERT_EQ(statement.accesses.size(), 2U);
  EXPECT_EQ(list(statement.accesses[0].reads), "id, name");
  EXPECT_EQ(list(statement.accesses[0].key), "");
  EXPECT_EQ(list(statement.accesses[1].reads), "user_id, total, id");
  EXPECT_EQ(list(statement.accesses[1].key), "id");
}

TEST(Parse, ColumnsOfACommonTableExpressionAreNotColumnsOfARelation) {
  const Statement statement = parse_one(
      "WITH recent AS (SELECT id AS user_id FROM users WHERE id > $1) SELECT user_id FROM recent ORDER BY user_id");
  ASSERT_EQ(statement.accesses.size(), 1U);
  EXPECT_EQ(statement.accesses[0].relation, "users");
  EXPECT_EQ(list(statement.accesses[0].reads), "id");
}

TEST(Parse, OnConflictReadsItsTargetAndWritesBothSides) {
  const Access access = only_access(
      "INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = excluded.name, n = users.n + 1");
  EXPECT_EQ(list(access.writes), "email, name, n");
  EXPECT_EQ(list(access.reads), "email, name, n");
}

TEST(Parse, UpdateFromReadsTheOtherRelation) {
  const Statement statement =
      parse_one("UPDATE users SET total = o.total FROM orders o WHERE o.user_id = users.id AND users.id = 7");
  ASSERT_EQ(statement.accesses.size(), 2U);
  EXPECT_EQ(statement.accesses[0].mode, LockMode::RowExclusiveLock);
  EXPECT_EQ(list(statement.accesses[0].key), "id");
  EXPECT_EQ(statement.accesses[1].mode, LockMode::AccessShareLock);
  EXPECT_EQ(list(statement.accesses[1].reads), "total, user_id");
}

TEST(Parse, CorrelatedSubqueryFindsTheOuterRelation) {
  const Statement statement =
      parse_one("SELECT id FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.key)");
  ASSERT_EQ(statement.accesses.size(), 2U);
  EXPECT_EQ(list(statement.accesses[0].reads), "id, key");
  EXPECT_EQ(list(statement.accesses[1].reads), "user_id");
}

TEST(Parse, OrderByAnOutputNameReadsNoColumn) {
  EXPECT_EQ(list(only_access("SELECT count(id) AS n FROM users GROUP BY city ORDER BY n").reads), "id, city");
}

TEST(Parse, StatementsKeepTheirTextAndPlace) {
  const std::vector<Statement> all = parse("-- first\nSELECT 1;\n\n  /* two */ SELECT 2 ;", {"a.sql", 10, 1});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].sql, "SELECT 1");
  EXPECT_EQ(all[0].where.text(), "a.sql:11:1");
  EXPECT_EQ(all[1].sql, "SELECT 2");
  EXPECT_EQ(all[1].where.text(), "a.sql:13:13");
}

TEST(Parse, SyntaxErrorsNameTheTokenAndItsPlace) {
  const std::string error = error_of("SELECT 1;\nSELECT 'äö' FRM x y", {"a.sql", 1, 1});
  EXPECT_TRUE(has(error, "a.sql:2:17"));
  EXPECT_TRUE(has(error, "syntax error at or near \"x\""));
}

TEST(Parse, BytesThatAreNotTextAreRefusedWithTheirPlace) {
  EXPECT_TRUE(has(error_of(std::string("SELECT 1\0", 9)), "1:9: the SQL text contains a NUL byte"));
  EXPECT_TRUE(has(error_of("SELECT\n '\xff'"), "2:3: the SQL text is not UTF-8"));
  EXPECT_TRUE(has(error_of("SELECT 'abc"), "unterminated quoted string"));
}

std::string repeated(const std::string& part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

TEST(Parse, DeepNestingIsAnErrorAndNotACrash) {
  EXPECT_TRUE(has(error_of("SELECT " + repeated("(", 100'000)), "nests too deeply"));
  EXPECT_TRUE(has(error_of("SELECT 1" + repeated("+1", 100'000)), "nests too deeply"));
  EXPECT_TRUE(has(error_of(repeated("SELECT (", 100'000)), "nests too deeply"));
  EXPECT_TRUE(has(error_of("SELECT 1" + repeated(" UNION SELECT 1", 100'000)), "nests too deeply"));
  EXPECT_TRUE(has(error_of("SELECT " + repeated("NOT ", 100'000) + "true"), "nests too deeply"));
}

TEST(Parse, NestingJustBelowTheBoundIsParsed) {
  EXPECT_EQ(error_of("SELECT 1" + repeated("+1", 1'400)), "no error");
  EXPECT_EQ(error_of(repeated("SELECT (", 290) + "1" + repeated(")", 290)), "no error");
  EXPECT_EQ(error_of("SELECT 1" + repeated(" UNION SELECT 1", 290)), "no error");
  EXPECT_EQ(error_of("SELECT " + repeated("f(", 1'400) + "1" + repeated(")", 1'400)), "no error");
}

TEST(Parse, ManyRowsAreNotDeep) {
  const Statement statement = parse_one("INSERT INTO t (a) VALUES (1)" + repeated(",(1)", 50'000));
  EXPECT_EQ(list(statement.accesses.at(0).writes), "a");
}

TEST(Parse, OneStatementMeansOne) {
  EXPECT_THROW(parse_one(""), Error);
  EXPECT_THROW(parse_one("SELECT 1; SELECT 2"), Error);
}

TEST(Parse, StatementsThatRefuseTransactionsSaySo) {
  EXPECT_TRUE(parse_one("CREATE INDEX CONCURRENTLY i ON t (a)").refuses_transaction);
  EXPECT_TRUE(parse_one("DROP INDEX CONCURRENTLY i").refuses_transaction);
  EXPECT_TRUE(parse_one("VACUUM t").refuses_transaction);
  EXPECT_TRUE(parse_one("REINDEX TABLE CONCURRENTLY t").refuses_transaction);
  EXPECT_FALSE(parse_one("ANALYZE t").refuses_transaction);
  EXPECT_FALSE(parse_one("CREATE INDEX i ON t (a)").refuses_transaction);
}

}  // namespace
}  // namespace midflight::sql
