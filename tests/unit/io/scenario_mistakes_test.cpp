#include <gtest/gtest.h>

#include "tests/unit/io/scenario_support.h"

namespace midflight::io::testing {
namespace {

struct Mistake {
  std::string from, to, place, says;
};

void expect_one(const std::string& yaml, const std::string& place, const std::string& message) {
  const std::vector<std::string> found = problems(yaml);
  ASSERT_EQ(found.size(), 1U) << yaml << all_problems(yaml);
  EXPECT_TRUE(says(found[0], place)) << yaml;
  EXPECT_TRUE(says(found[0], message)) << yaml;
}

class OneMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(OneMistake, IsReportedOnceWithItsPlace) {
  expect_one(with(GetParam().from, GetParam().to), GetParam().place, GetParam().says);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, OneMistake,
    ::testing::Values(
        Mistake{"  instances: 2", "  instancs: 2", "s.yaml:8:3", "unknown key `instancs` in `app`; did you mean `instances`?"},
        Mistake{"objective: {latency", "objective: {latencies", "s.yaml:17:13", "did you mean `latency`?"},
        Mistake{"  pool: 5\n", "  pool: 5\n  pool: 6\n", "s.yaml:10:3", "duplicate key `pool` in `app`"},
        Mistake{"  pool: 5", "  clients: 5", "s.yaml:9:3", "reserved"},
        Mistake{"database: {", "replicas: 2\ndatabase: {", "s.yaml:2:1", "reserved"},
        Mistake{"rate: 50/s", "rate: [50/s, 60/s]", "s.yaml:13:31", "reserved"},
        Mistake{"rate: 50/s", "rate: {day: 50/s}", "s.yaml:13:31", "reserved"},
        Mistake{"rate: 50/s, ", "", "s.yaml:13:9", "needs `rate`"},
        Mistake{"  pool: 5", "  ? [a, b]\n  : 5", "s.yaml:9:5", "a key in `app` must be a single word"},
        Mistake{"database: {engine: postgresql}\n", "", "s.yaml:1:1", "the file needs `database`"},
        Mistake{"change: ALTER TABLE users RENAME COLUMN name TO full_name\n", "", "s.yaml:1:1",
                "needs a `change` or a `plan`"}));

INSTANTIATE_TEST_SUITE_P(
    MissingNames, OneMistake,
    ::testing::Values(
        Mistake{"RENAME COLUMN name TO", "RENAME COLUMN nam TO", "s.yaml:14:9",
                "`change` does not fit the schema: column \"nam\" does not exist; did you mean `name`?"},
        Mistake{"RENAME COLUMN name TO full_name", "ALTER COLUMN naem SET NOT NULL", "s.yaml:14:9",
                "column \"naem\" of relation \"users\" does not exist; did you mean `name`?"},
        Mistake{"TABLE users RENAME", "TABLE userz RENAME", "s.yaml:14:9", "relation \"userz\" does not exist; did you mean `users`?"},
        Mistake{"ALTER TABLE users RENAME COLUMN name TO full_name", "ALTER TABLE users DROP CONSTRAINT user_pkey", "s.yaml:14:9",
                "did you mean `users_pkey`?"}));

INSTANTIATE_TEST_SUITE_P(
    Types, OneMistake,
    ::testing::Values(
        Mistake{"id bigint", "id bigintt", "s.yaml:4:26", "`schema`: type \"bigintt\" does not exist; did you mean `bigint`?"},
        Mistake{"id bigint", "id citext", "s.yaml:4:26", "type \"citext\" does not exist"},
        Mistake{"RENAME COLUMN name TO full_name", "ALTER COLUMN name TYPE txt", "s.yaml:14:9",
                "`change`: type \"txt\" does not exist; did you mean `text`?"},
        Mistake{"ALTER TABLE users RENAME COLUMN name TO full_name", "SELECT 1", "s.yaml:14:9", "must change something"}));

TEST(Types, OfAnExtensionAndOfTheSchemaItselfAreKnown) {
  EXPECT_EQ(all_problems(with("CREATE TABLE users (id bigint", "CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('ok'); "
                                                              "CREATE TABLE users (c citext, m mood, id bigint")), "");
}

TEST(Types, OfSqliteAreAnyWords) {
  std::string yaml = with("id bigint", "d datetime, id bigint");
  yaml.replace(yaml.find("postgresql"), 10, "sqlite");
  EXPECT_EQ(all_problems(yaml), "");
}

INSTANTIATE_TEST_SUITE_P(
    Values, OneMistake,
    ::testing::Values(
        Mistake{"instances: 2", "instances: 0", "s.yaml:8:14", "must be a whole number from 1 to 10000, not `0`"},
        Mistake{"instances: 2", "instances: -3", "s.yaml:8:14", "not `-3`"},
        Mistake{"instances: 2", "instances: two", "s.yaml:8:14", "not `two`"},
        Mistake{"instances: 2", "instances:", "s.yaml:8:3", "`app.instances` has no value"},
        Mistake{"instances: 2", "instances: [2]", "s.yaml:8:14", "must be a single value, not a list"},
        Mistake{"rows: 1000", "rows: 1e300", "s.yaml:6:17", "from 0 to 1000000000000, not `1e300`"},
        Mistake{"rows: 1000", "rows: .nan", "s.yaml:6:17", "not `.nan`"},
        Mistake{"rows: 1000", "rows: -1", "s.yaml:6:17", "`tables.users.rows`"},
        Mistake{"row_bytes: 96", "row_bytes: 0", "s.yaml:6:34", "from 1 to"},
        Mistake{"startup: 3s", "startup: 3 sec", "s.yaml:10:37", "unknown unit `sec`; units of time are"},
        Mistake{"startup: 3s", "startup: lognormal(3s)", "s.yaml:10:37", "takes two arguments"},
        Mistake{"startup: 3s", "max_surge: 120%", "s.yaml:10:39", "from 0% to 100%"},
        Mistake{"startup: 3s", "max_surge: 0, max_unavailable: 0", "s.yaml:10:12", "never gets anywhere"},
        Mistake{"kind: rolling", "kind: rollin", "s.yaml:10:19", "did you mean `rolling`?"},
        Mistake{"rate: 50/s", "rate: 0/s", "s.yaml:13:31", "above 0 and at most 10000000/s"},
        Mistake{"rate: 50/s", "rate: 5e7/s", "s.yaml:13:31", "at most 10000000/s"},
        Mistake{"rate: 50/s", "rate: inf/s", "s.yaml:13:31", "not a finite number"},
        Mistake{"lock_timeout: 2s", "lock_timeout: 0s", "s.yaml:16:17", "write `none` for no timeout"},
        Mistake{"lock_timeout: 2s", "policy: pgrol", "s.yaml:16:11", "did you mean `pgroll`?"},
        Mistake{"lock_timeout: 2s", "retry: {tries: 0}", "s.yaml:16:18", "from 1 to 1000000"},
        Mistake{"lock_timeout: 2s", "retry: {backoff: 0.5}", "s.yaml:16:20", "from 1 to 100"},
        Mistake{"{latency: 1s}", "{errors: 0.01}", "s.yaml:17:21", "not a percentage such as 25%"},
        Mistake{"postgresql", "mysql", "s.yaml:2:20", "must be `postgresql` or `sqlite`, not `mysql`"},
        Mistake{"postgresql", "postgresql, version: 9", "s.yaml:2:41", "from 10 to 18"},
        Mistake{"postgresql", "postgresql, connections: 3", "s.yaml:2:45", "from 4 to 100000"},
        Mistake{"postgresql", "sqlite, version: 2.8", "s.yaml:2:37", "such as 3.40"}));

INSTANTIATE_TEST_SUITE_P(
    Sql, OneMistake,
    ::testing::Values(
        Mistake{"SELECT name FROM users", "SELEC name FROM users", "s.yaml:13:42", "SELEC"},
        Mistake{"SELECT name", "SELECT nam", "s.yaml:13:42",
                "v1/profile reads users.nam, which the schema does not have; did you mean `name`?"},
        Mistake{"FROM users WHERE", "FROM userz WHERE", "s.yaml:13:42", "v1/profile uses the table userz"},
        Mistake{"SELECT name FROM users WHERE id = $1", "DROP TABLE users", "s.yaml:13:42", "cannot change the schema"},
        Mistake{"change: ALTER TABLE users RENAME COLUMN name", "change: ALTER TABLE users RENAME COLUMN nam", "s.yaml:14:9",
                "`change` does not fit the schema"},
        Mistake{"change: ALTER TABLE users RENAME COLUMN name TO full_name", "change: ALTER TABLE users ALTER COLUMN name TYPE bigint", "s.yaml:14:9",
                "`change` fails: column \"name\" cannot be cast automatically to type bigint (42804)"},
        Mistake{"change: ALTER TABLE users RENAME COLUMN name TO full_name", "change: CREATE TABLE audit.log (id bigint)", "s.yaml:14:9",
                "`change` does not fit the schema: schema \"audit\" does not exist"},
        Mistake{"change: ALTER TABLE users", "change: ALTER TABL users", "s.yaml:14:", "`change`: "},
        Mistake{"change: ALTER TABLE users RENAME COLUMN name TO full_name", "change: SELECT 1; SELECT 2", "s.yaml:14:9",
                "must be one SQL statement, not 2"},
        Mistake{"change: ALTER TABLE users RENAME COLUMN name TO full_name", "change: UPDATE users SET nme = 'x'",
                "s.yaml:14:9", "`change` writes users.nme"},
        Mistake{"  users: {rows", "  usres: {rows", "s.yaml:6:3", "did you mean `users`?"},
        Mistake{"name varchar(50));", "name varchar(50);", "s.yaml:4:", "`schema`: "},
        Mistake{"schema: |\n  CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));\n", "schema: missing.sql\n",
                "s.yaml:3:9", "there is no such file"},
        Mistake{"schema: |\n  CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));\n", "schema: /\n",
                "s.yaml:3:9", "is a directory"}));

TEST(Mistakes, TwoEndpointsCannotShareAName) {
  const std::string line = "      - {name: profile, rate: 50/s, sql: SELECT name FROM users WHERE id = $1}\n";
  expect_one(with(line, line + line), "s.yaml:14:9", "is the second endpoint of v1 with this name");
}

TEST(Mistakes, BackgroundJobsNeedTheirTimes) {
  const auto job = [](const std::string& keys) {
    return with("change:", "background:\n  - {name: report, " + keys + "}\nchange:");
  };
  expect_one(job("time: 1s, sql: SELECT count(*) FROM users"), "s.yaml:15:5", "needs either `every` (periodic) or `at` (once)");
  expect_one(job("at: 1s, every: 1s, time: 1s, sql: SELECT count(*) FROM users"), "s.yaml:15:5", "needs either");
  expect_one(job("at: 1s, sql: SELECT count(*) FROM users"), "s.yaml:15:5", "needs `time`");
  expect_one(job("at: 1s, time: 1s, sql: SELECT count(*) FROM userz"), "s.yaml:15:", "background job `report` uses the table userz");
  expect_one(job("at: 1s, time: 1s, while: asleep, sql: SELECT count(*) FROM users"), "s.yaml:15:", "`running` or `idle`");
}

TEST(Mistakes, AllAreReportedAtOnceInTheOrderOfTheFile) {
  std::string yaml = with("instances: 2", "instances: 0");
  yaml.replace(yaml.find("rate: 50/s"), 10, "rate: 50");
  yaml.replace(yaml.find("latency: 1s"), 11, "latency: 1 x");
  yaml.replace(yaml.find("SELECT name"), 11, "SELECT nme");
  const std::vector<std::string> found = problems(yaml);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_TRUE(says(found[0], "s.yaml:8:"));
  EXPECT_TRUE(says(found[1], "`app.versions.v1.profile.rate`"));
  EXPECT_TRUE(says(found[2], "users.nme"));
  EXPECT_TRUE(says(found[3], "s.yaml:17:"));
}

TEST(Mistakes, OnlyReservedKeysAreNotSupportedRatherThanWrong) {
  try {
    parsed(with("  pool: 5", "  clients: 5"));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotSupported);
  }
}

TEST(Mistakes, PlacesInBlockScalarsAreThoseOfTheFile) {
  const std::string yaml = with("sql: SELECT name FROM users WHERE id = $1}",
                                "sql: x}\n"
                                "      - name: second\n"
                                "        rate: 1/s\n"
                                "        sql: |\n"
                                "          SELECT name FROM users WHERE id = $1;\n"
                                "            SELECT nme FROM users WHERE id = $1\n");
  const std::string found = all_problems(yaml);
  EXPECT_TRUE(says(found, "s.yaml:18:13: v1/second reads users.nme"));
}

}  // namespace
}  // namespace midflight::io::testing
