#include <gtest/gtest.h>

#include "backends/open.h"
#include "sim/kernel/error.h"
#include "sim/sql/parse.h"
#include "tests/live_replay/server.h"

// What a scratch database is made of and filled with.

namespace midflight::backends {
namespace {

std::unique_ptr<Backend> filled(const std::string& text, const std::vector<std::pair<std::string, std::int64_t>>& rows, std::vector<std::string>* notes = nullptr) {
  Schema schema = sql::schema_from_sql(text);
  for (const auto& [table, count] : rows) schema.table(table)->rows = count;
  BackendOptions options;
  if (notes != nullptr) options.note = [notes](const std::string& note) { notes->push_back(note); };
  auto backend = open(live_replay::uri(), options);
  backend->prepare(schema);
  return backend;
}

std::int64_t count(Session& session, const std::string& from) {
  return std::get<std::int64_t>(session.query("SELECT count(*) FROM " + from)[0][0]);
}

TEST(Filling, ForeignKeysTypesAndChecksGetRowsThatFit) {
  Schema schema = sql::schema_from_sql(
      "CREATE TABLE users (id bigserial PRIMARY KEY, email varchar(50) NOT NULL UNIQUE, kind text CHECK (kind IN ('a', 'b')));"
      "CREATE TABLE orders (id uuid PRIMARY KEY, user_id bigint NOT NULL REFERENCES users, paid boolean, at timestamptz, total numeric(10,2), "
      "note jsonb, tags text[], took interval, host inet, raw bytea, day date);");
  schema.table("users")->rows = 300;
  schema.table("orders")->rows = 1000;
  const auto backend = open(live_replay::uri(), {});
  backend->prepare(schema);
  const auto session = backend->open("a");
  EXPECT_EQ(session->query("SELECT count(*) FROM orders o JOIN users u ON u.id = o.user_id")[0][0], Value(std::int64_t{1000}));
  EXPECT_TRUE(session->run("INSERT INTO users (email) VALUES ($1)", {std::string("new")}, {}).ok());
  EXPECT_EQ(session->query("SELECT max(id) FROM users")[0][0], Value(std::int64_t{301}));
}

TEST(Filling, PartitionsGetTheirOwnRowsWithinTheirBounds) {
  const auto backend = filled(
      "CREATE TABLE events (id bigserial, \"At\" timestamptz NOT NULL, kind text NOT NULL, PRIMARY KEY (id, \"At\", kind)) PARTITION BY RANGE (\"At\");"
      "CREATE TABLE e24 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (kind);"
      "CREATE TABLE e24a PARTITION OF e24 FOR VALUES IN ('a', 'b');"
      "CREATE TABLE e24r PARTITION OF e24 DEFAULT;"
      "CREATE TABLE e25 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);"
      "CREATE TABLE old PARTITION OF events DEFAULT;"
      "CREATE INDEX ON events (kind);"
      "CREATE TABLE by_hash (id int PRIMARY KEY) PARTITION BY HASH (id);"
      "CREATE TABLE h0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
      "CREATE TABLE h1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
      "CREATE TABLE by_id (id int PRIMARY KEY) PARTITION BY RANGE (id);"
      "CREATE TABLE by_id1 PARTITION OF by_id FOR VALUES FROM (1) TO (1000);"
      "CREATE TABLE by_id2 PARTITION OF by_id FOR VALUES FROM (1000) TO (2000);",
      {{"e24a", 300}, {"e24r", 200}, {"e25", 100}, {"old", 50}, {"by_hash", 1000}, {"h0", 480}, {"h1", 520}, {"by_id", 500}});
  const auto session = backend->open("a");
  EXPECT_EQ(count(*session, "events"), 650);
  EXPECT_EQ(count(*session, "e24a"), 300);
  EXPECT_EQ(count(*session, "e24r"), 200);
  EXPECT_EQ(count(*session, "old"), 50);
  EXPECT_EQ(count(*session, "by_hash"), 1000);
  EXPECT_EQ(count(*session, "by_id2"), 250);
  EXPECT_TRUE(session->run("INSERT INTO events (\"At\", kind) VALUES ('2024-05-05', 'a')", {}, {}).ok());
}

TEST(Filling, APartitionWhoseValuesNobodyKnowsIsRefusedBeforeAnythingIsMade) {
  try {
    filled("CREATE TABLE t (name text) PARTITION BY LIST (lower(name)); CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a');", {{"t1", 5}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "cannot fill table t1 with generated rows: values for a partition FOR VALUES IN ('a') of LIST ((lower(name))) are not known");
  }
}

TEST(Filling, TypesFunctionsAndExtensionsOfTheSchemaFileAreThere) {
  std::vector<std::string> notes;
  const auto backend = filled(
      "CREATE SCHEMA app; SET search_path = app, public;"
      "CREATE TYPE span AS RANGE (SUBTYPE = double precision);"
      "CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * x';"
      "RESET search_path;"
      "CREATE EXTENSION IF NOT EXISTS no_such_extension;"
      "CREATE TYPE \"Mood\" AS ENUM ('sad', 'happy');"
      "CREATE DOMAIN app.moods AS \"Mood\" DEFAULT 'sad';"
      "CREATE TABLE t (id smallint PRIMARY KEY, m \"Mood\" NOT NULL, d app.moods, s app.span, n int DEFAULT app.twice(4), total numeric(5,2));"
      "CREATE FUNCTION label(t) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' $$;"
      "CREATE INDEX ON t (label(t.*)); CREATE MATERIALIZED VIEW v AS SELECT count(*) AS n FROM t;",
      {{"t", 32'000}}, &notes);
  const auto session = backend->open("a");
  EXPECT_EQ(count(*session, "t WHERE d::text = m::text"), 32'000);
  EXPECT_EQ(session->query("SELECT n FROM v")[0][0], Value(std::int64_t{32'000}));
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("`CREATE EXTENSION IF NOT EXISTS no_such_extension` was left out of the scratch database: "), std::string::npos) << notes[0];
}

TEST(Filling, ATableThatNeedsWhatTheServerLacksSaysWhatThatIs) {
  try {
    filled("CREATE EXTENSION no_such_extension; CREATE TABLE t (place geography2);", {});
    FAIL();
  } catch (const Error& error) {
    const std::string why = error.what();
    EXPECT_NE(why.find("type \"geography2\" does not exist"), std::string::npos) << why;
    EXPECT_NE(why.find("`CREATE EXTENSION no_such_extension` was left out"), std::string::npos) << why;
  }
}

}  // namespace
}  // namespace midflight::backends
