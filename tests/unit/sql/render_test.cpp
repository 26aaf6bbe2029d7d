#include "sim/sql/render.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "sim/sql/parse.h"
#include "tests/unit/sql/texts.h"

namespace midflight::sql {
namespace {

const Dialect kPostgresql{};
const Dialect kSqlite{Engine::Sqlite, 340};

constexpr const char* kUsers =
    "CREATE TABLE users (id bigserial PRIMARY KEY, name varchar(50) NOT NULL, email text UNIQUE, age int DEFAULT 7,"
    " created_at timestamptz DEFAULT now(), CHECK (age > 0));"
    "CREATE INDEX users_name_idx ON users (lower(name));";

/// A SQLite database in memory with the schema that the statements make.
class Database {
 public:
  explicit Database(const std::string& ddl) : schema_(schema_from_sql(ddl)) {
    EXPECT_EQ(sqlite3_open(":memory:", &handle_), SQLITE_OK);
    for (const std::string& sql : render_schema(schema_, kSqlite)) EXPECT_EQ(execute(sql), "") << sql;
  }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs text that SQLite understands.  Returns: its error.
  std::string execute(const std::string& sql) {
    char* message = nullptr;
    sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message);
    const std::string error = message != nullptr ? message : "";
    sqlite3_free(message);
    return error;
  }

  /// Renders PostgreSQL's text and runs it.  Returns: the first error.
  std::string run(const std::string& sql) {
    for (const Statement& statement : parse(sql)) {
      for (const std::string& rendered : render(statement, schema_, kSqlite)) {
        const std::string error = execute(rendered);
        if (!error.empty()) return error + " in " + rendered;
      }
      for (const Operation& operation : statement.operations) EXPECT_EQ(apply(operation, schema_), "");
    }
    return "";
  }

  /// Rows as "a|b", separated by blanks.
  std::string rows(const std::string& sql) {
    std::string out;
    const std::string rendered = render(parse_one(sql), schema_, kSqlite).at(0);
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, rendered.c_str(), -1, &statement, nullptr) != SQLITE_OK)
      return std::string(sqlite3_errmsg(handle_)) + " in " + rendered;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      if (!out.empty()) out += ' ';
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
        out.append(i > 0 ? "|" : "").append(text != nullptr ? text : "null");
      }
    }
    sqlite3_finalize(statement);
    return out;
  }

  const Schema& schema() const { return schema_; }

 private:
  Schema schema_;
  sqlite3* handle_ = nullptr;
};

std::string sqlite(const std::string& sql) {
  try {
    return list(render(parse_one(sql), schema_from_sql(kUsers), kSqlite));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotSupported);
    return error.problems().at(0).message;
  }
}

TEST(Render, PostgresqlGetsTheTextItself) {
  const std::string sql = "SELECT  name FROM users WHERE id = $1::int";
  EXPECT_EQ(list(render(parse_one(sql), {}, kPostgresql)), sql);
}

struct Spelling {
  std::string postgresql, sqlite;
};

class OnSqlite : public ::testing::TestWithParam<Spelling> {};

TEST_P(OnSqlite, IsSpelledInItsOwnWay) { EXPECT_EQ(sqlite(GetParam().postgresql), GetParam().sqlite); }

INSTANTIATE_TEST_SUITE_P(
    ParametersAndCasts, OnSqlite,
    ::testing::Values(Spelling{"INSERT INTO users (name, email) VALUES ($1::varchar(50), $1::text)",
                               "INSERT INTO users (name, email) VALUES (CAST(?1 AS TEXT), CAST(?1 AS TEXT))"},
                      Spelling{"UPDATE users SET age = CAST($2 AS bigint)::int WHERE id = $1",
                               "UPDATE users SET age = CAST(CAST(?2 AS INTEGER) AS INTEGER) WHERE id = ?1"}));
INSTANTIATE_TEST_SUITE_P(
    Words, OnSqlite,
    ::testing::Values(Spelling{"UPDATE users SET email = name WHERE email IS DISTINCT FROM name",
                               "UPDATE users SET email = name WHERE email IS NOT name"},
                      Spelling{"SELECT id FROM public.users WHERE name ILIKE $1 FOR UPDATE", "SELECT id FROM users WHERE name LIKE ?1"},
                      Spelling{"UPDATE users SET created_at = now()", "UPDATE users SET created_at = current_timestamp"},
                      Spelling{"UPDATE users u SET age = 1 WHERE u.id = $1", "UPDATE users AS u SET age = 1 WHERE u.id = ?1"},
                      Spelling{"CREATE INDEX CONCURRENTLY i ON users (age DESC) WHERE age > 1",
                               "CREATE INDEX i ON users (age DESC) WHERE age > 1"}));
INSTANTIATE_TEST_SUITE_P(WithoutEffect, OnSqlite,
                         ::testing::Values(Spelling{"SET lock_timeout = '1s'", ""}, Spelling{"COMMENT ON TABLE users IS 'x'", ""}));

class NotOnSqlite : public ::testing::TestWithParam<Spelling> {};

TEST_P(NotOnSqlite, IsNamed) { EXPECT_TRUE(has(sqlite(GetParam().postgresql), GetParam().sqlite)); }

INSTANTIATE_TEST_SUITE_P(
    Missing, NotOnSqlite,
    ::testing::Values(Spelling{"SELECT id FROM users WHERE id = ANY($1)", "SQLite has no arrays"},
                      Spelling{"SELECT date_trunc('day', created_at) FROM users", "function date_trunc()"},
                      Spelling{"CREATE TRIGGER t BEFORE UPDATE ON users EXECUTE FUNCTION touch()", "touch()"},
                      Spelling{"CREATE INDEX i ON users USING gin (email)", "gin"}));

TEST(Render, TheSchemaWorksOnSqlite) {
  Database db(kUsers);
  EXPECT_EQ(db.run("INSERT INTO users (name, email) VALUES ('ann', 'a@x'), ('bob', NULL)"), "");
  EXPECT_EQ(db.rows("SELECT id, name, age FROM users ORDER BY id"), "1|ann|7 2|bob|7");
  EXPECT_EQ(db.rows("SELECT count(*) FROM users WHERE created_at IS NULL"), "0");
  EXPECT_TRUE(has(db.run("INSERT INTO users (email) VALUES ('x')"), "NOT NULL constraint failed: users.name"));
  EXPECT_TRUE(has(db.run("INSERT INTO users (name, age) VALUES ('x', 0)"), "CHECK constraint failed: users_age_check"));
  EXPECT_TRUE(has(db.run("INSERT INTO users (name, email) VALUES ('x', 'a@x')"), "UNIQUE constraint failed"));
}

/// Three rows and a change; afterwards the rows are still there.
std::string changed(const std::string& ddl, const std::string& query) {
  Database db(kUsers);
  EXPECT_EQ(db.run("INSERT INTO users (name, email) VALUES ('a', '1'), ('b', '2'), ('c', '3')"), "");
  const std::string error = db.run(ddl);
  return error.empty() ? db.rows(query) : error;
}

struct Change {
  std::string ddl, query, rows;
};

class SqliteChange : public ::testing::TestWithParam<Change> {};

TEST_P(SqliteChange, KeepsTheRows) { EXPECT_EQ(changed(GetParam().ddl, GetParam().query), GetParam().rows); }

INSTANTIATE_TEST_SUITE_P(
    Native, SqliteChange,
    ::testing::Values(
        Change{"ALTER TABLE users RENAME COLUMN name TO full_name", "SELECT full_name FROM users", "a b c"},
        Change{"ALTER TABLE users ADD COLUMN x varchar(9) DEFAULT 'd'::varchar NOT NULL", "SELECT x FROM users", "d d d"},
        Change{"ALTER TABLE users RENAME TO people", "SELECT name FROM people", "a b c"},
        Change{"ALTER TABLE users DROP COLUMN created_at", "SELECT * FROM users", "1|a|1|7 2|b|2|7 3|c|3|7"}));

/// Changes that make a new table of the old one.
Change rebuild(const std::string& ddl) { return {"ALTER TABLE users " + ddl, "SELECT id, name FROM users", "1|a 2|b 3|c"}; }

INSTANTIATE_TEST_SUITE_P(
    Rebuild, SqliteChange,
    ::testing::Values(rebuild("ALTER COLUMN age SET NOT NULL"), rebuild("ALTER COLUMN name DROP NOT NULL"),
                      rebuild("ALTER COLUMN age TYPE bigint"), rebuild("ALTER COLUMN email SET DEFAULT 'e'"),
                      rebuild("ADD CONSTRAINT n CHECK (name IS NOT NULL) NOT VALID"), rebuild("ADD CONSTRAINT u UNIQUE (name)"),
                      rebuild("DROP CONSTRAINT users_email_key"), rebuild("ADD COLUMN at timestamptz DEFAULT clock_timestamp()"),
                      rebuild("VALIDATE CONSTRAINT users_age_check"), rebuild("DROP COLUMN email"),
                      Change{"ALTER TABLE users ALTER COLUMN email TYPE bigint USING email::bigint * 10", "SELECT email FROM users",
                             "10 20 30"}));

TEST(Render, ARebuildTakesConstraintsAndIndexesAlong) {
  Database db(kUsers);
  ASSERT_EQ(db.run("ALTER TABLE users ALTER COLUMN age SET NOT NULL"), "");
  EXPECT_TRUE(has(db.run("INSERT INTO users (name, age) VALUES ('x', NULL)"), "NOT NULL constraint failed: users.age"));
  EXPECT_TRUE(has(db.run("INSERT INTO users (name, age) VALUES ('x', 0)"), "CHECK constraint failed"));
  EXPECT_EQ(db.execute("DROP INDEX users_name_idx"), "");
}

/// Where and what is said of a statement at s.yaml:12:9, of a table with an index that SQLite does not have.
Problem complaint(const std::string& sql) {
  const Schema schema = schema_from_sql("CREATE TABLE a (x int, s text); CREATE INDEX open ON a (x) WHERE s = ANY (ARRAY['b', 'c']);");
  try {
    render(parse(sql, {"s.yaml", 12, 9}).at(0), schema, kSqlite);
  } catch (const Error& error) {
    return error.problems().front();
  }
  return {};
}

TEST(Render, WhatARebuildCannotRepeatIsAPartOfTheSchemaAndNoMistakeOfTheStatement) {
  const Problem rebuilt = complaint("ALTER TABLE a ALTER COLUMN x SET NOT NULL");
  EXPECT_EQ(rebuilt.where.text(), "");
  EXPECT_TRUE(has(rebuilt.message, "the schema's index open: SQLite has no arrays (ANY, ALL)"));
  const Problem own = complaint("CREATE INDEX more ON a (x) WHERE s = ANY (ARRAY['d'])");
  EXPECT_EQ(own.where.text(), "s.yaml:12:9");
  EXPECT_TRUE(has(own.message, "SQLite has no arrays (ANY, ALL): `SELECT s = ANY(ARRAY['d'])`"));
}

TEST(Render, AForeignKeyAndAReferencedTableSurviveARebuild) {
  Database db(std::string(kUsers) + "CREATE TABLE orders (id bigserial PRIMARY KEY, user_id bigint REFERENCES users (id))");
  ASSERT_EQ(db.run("INSERT INTO users (name) VALUES ('a'); INSERT INTO orders (user_id) VALUES (1)"), "");
  ASSERT_EQ(db.run("ALTER TABLE users ALTER COLUMN age SET NOT NULL; ALTER TABLE orders ALTER user_id SET NOT NULL"), "");
  EXPECT_EQ(db.rows("SELECT name FROM orders JOIN users ON users.id = user_id"), "a");
}

constexpr const char* kRenameWithView =
    "ALTER TABLE users RENAME TO users_data; ALTER TABLE users_data RENAME COLUMN name TO full_name;"
    "CREATE VIEW users AS SELECT id, full_name, full_name AS name, email FROM users_data";

TEST(Render, AViewTakesWritesUnderBothNames) {
  Database db(kUsers);
  ASSERT_EQ(db.run("INSERT INTO users (name) VALUES ('a')"), "");
  ASSERT_EQ(db.run(kRenameWithView), "");
  EXPECT_EQ(db.run("INSERT INTO users (name) VALUES ('old'); INSERT INTO users (full_name) VALUES ('new')"), "");
  EXPECT_EQ(db.rows("SELECT name, full_name FROM users ORDER BY id"), "a|a old|old new|new");
  EXPECT_EQ(db.run("UPDATE users SET name = 'x' WHERE id = 1; UPDATE users SET full_name = 'y' WHERE id = 2"), "");
  EXPECT_EQ(db.run("DELETE FROM users WHERE id = 3"), "");
  EXPECT_EQ(db.rows("SELECT full_name, age FROM users_data ORDER BY id"), "x|7 y|7");
}

TEST(Render, AViewCanBeContractedAgain) {
  Database db(kUsers);
  ASSERT_EQ(db.run("INSERT INTO users (name) VALUES ('a')"), "");
  ASSERT_EQ(db.run(kRenameWithView), "");
  EXPECT_EQ(db.run("DROP VIEW users; ALTER TABLE users_data RENAME TO users"), "");
  EXPECT_EQ(db.rows("SELECT full_name FROM users"), "a");
}

TEST(Render, ARebuildFailsOnARowThatDoesNotFit) {
  Database db(kUsers);
  ASSERT_EQ(db.run("INSERT INTO users (name) VALUES ('a')"), "");
  EXPECT_TRUE(has(db.run("ALTER TABLE users ALTER email SET NOT NULL"), "NOT NULL constraint failed"));
}

TEST(Render, ViewsKeepTheirOutputNames) {
  Database db(std::string(kUsers) + "CREATE VIEW v AS SELECT id, name FROM users WHERE age > 1");
  ASSERT_EQ(db.run("INSERT INTO users (name) VALUES ('a')"), "");
  EXPECT_EQ(db.run("ALTER TABLE users RENAME COLUMN name TO full_name; ALTER TABLE users RENAME TO people"), "");
  EXPECT_EQ(db.rows("SELECT name FROM v"), "a");
  EXPECT_EQ(db.run("UPDATE v SET name = 'b'; ALTER TABLE people ALTER full_name DROP NOT NULL"), "");
  EXPECT_EQ(db.rows("SELECT full_name FROM people"), "b");
}

TEST(Render, UpsertsRunOnSqlite) {
  Database db(kUsers);
  ASSERT_EQ(db.run("INSERT INTO users (name, email) VALUES ('a', 'e')"), "");
  EXPECT_EQ(db.run("INSERT INTO users (name, email) SELECT 'b', email FROM users "
                   "ON CONFLICT (email) DO UPDATE SET name = excluded.name"), "");
  EXPECT_EQ(db.rows("SELECT name FROM users"), "b");
}

TEST(Render, IdentifiersAreQuotedWhenTheyMustBe) {
  EXPECT_EQ(identifier("users"), "users");
  EXPECT_EQ(identifier("Users"), "\"Users\"");
  EXPECT_EQ(identifier("order"), "\"order\"");
  EXPECT_EQ(identifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(identifier("audit.log"), "audit.log");
}

TEST(Render, ASchemaSurvivesItsOwnText) {
  const Schema schema = schema_from_sql(
      "CREATE TABLE users (id bigserial PRIMARY KEY, name varchar(50) NOT NULL DEFAULT 'x', email text UNIQUE CHECK (email <> ''));"
      "CREATE TABLE orders (id int PRIMARY KEY, user_id bigint REFERENCES users (id));"
      "CREATE INDEX users_name_idx ON users (name); CREATE VIEW v AS SELECT id, name FROM users;");
  std::string text;
  for (const std::string& sql : render_schema(schema, kPostgresql)) text.append(sql).append(";\n");
  const Schema again = schema_from_sql(text);
  EXPECT_EQ(again.tables.size(), 2U);
  EXPECT_EQ(again.table("users")->columns, schema.table("users")->columns);
  EXPECT_EQ(again.table("orders")->constraints, schema.table("orders")->constraints);
  EXPECT_EQ(again.views, schema.views);
  EXPECT_EQ(again.table("users")->indexes.size(), 3U);
}

std::string rendered(const std::string& text) {
  std::string out;
  for (const std::string& sql : render_schema(schema_from_sql(text), kPostgresql)) out.append(sql).append(";\n");
  return out;
}

TEST(Render, WhatTablesStandOnComesFirst) {
  EXPECT_EQ(rendered("CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public; CREATE TYPE \"Mood\" AS ENUM ('sad', 'it''s ok');"
                     "ALTER TYPE \"Mood\" ADD VALUE 'happy'; CREATE DOMAIN mail AS citext CHECK (VALUE ~ '@');"
                     "CREATE SEQUENCE numbers; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
                     "CREATE TABLE t (m \"Mood\"[], a mail, n int DEFAULT f());"),
            "CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;\n"
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
            "CREATE TYPE \"Mood\" AS ENUM ('sad', 'it''s ok', 'happy');\n"
            "CREATE DOMAIN mail AS citext CONSTRAINT mail_check CHECK (value ~ '@');\n"
            "CREATE SEQUENCE numbers;\n"
            "CREATE TABLE t (m \"Mood\"[], a mail, n integer DEFAULT f());\n");
}

TEST(Render, WhatWasMadeAlongASearchPathIsMadeAlongItAgain) {
  const std::string text = rendered("SET search_path = app, public; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (id int)");
  EXPECT_NE(text.find("SET LOCAL search_path TO app, public; CREATE FUNCTION f()"), std::string::npos) << text;
  EXPECT_EQ(text.find("CREATE SCHEMA IF NOT EXISTS app;\n"), 0U) << text;
  EXPECT_NE(text.find("CREATE TABLE app.t (id integer);\n"), std::string::npos) << text;
}

TEST(Render, MaterializedViewsAndColumnsOfAPartitionKeyKeepTheirWords) {
  const std::string text = rendered("CREATE TABLE t (\"At\" date) PARTITION BY RANGE (\"At\"); CREATE MATERIALIZED VIEW v AS SELECT \"At\" FROM t;");
  EXPECT_NE(text.find("PARTITION BY RANGE (\"At\")"), std::string::npos) << text;
  EXPECT_NE(text.find("CREATE MATERIALIZED VIEW v AS SELECT \"At\" FROM t;"), std::string::npos) << text;
}

}  // namespace
}  // namespace midflight::sql
