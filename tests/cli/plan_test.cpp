#include "command.h"

#include <gtest/gtest.h>

#include <sstream>

// The folder that `midflight plan` writes: SQL files that run as its README says.

namespace midflight::cli_test {
namespace {

::testing::AssertionResult has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return ::testing::AssertionSuccess() << text;
  return ::testing::AssertionFailure() << "no '" << part << "' in:\n" << text;
}

class WrittenPlan : public ::testing::Test {
 protected:
  Folder folder_;

  std::string file(const std::string& name) const { return read(folder_.path("plan/" + name)); }

  void write(const std::string& database, const std::string& plan) {
    const std::string scenario = folder_.write("scenario.yaml",
        "name: tickets\ndatabase: {" + database + "}\n"
        "schema: CREATE TABLE tickets (team int, no bigint, owner uuid, body text, PRIMARY KEY (team, no))\n"
        "tables: {tickets: {rows: 1000}}\n"
        "app:\n  instances: 2\n  rollout: {kind: rolling, startup: 1s, drain: 1s}\n  versions:\n    v1:\n"
        "      - {name: list, rate: 5/s, sql: SELECT body FROM tickets WHERE team = $1}\n"
        "plan:\n  - {id: add, sql: ALTER TABLE tickets ADD COLUMN size int, lock_timeout: 1s, retry: {tries: 3, pause: 1s}}\n" + plan);
    const Outcome o = midflight("plan " + scenario + " --output " + folder_.path("plan"));
    ASSERT_EQ(o.status, 0) << o.err;
  }
};

const std::string kPostgres = "engine: postgresql, version: 15";

TEST_F(WrittenPlan, SaysHowToRunItsFilesAndWhenToGoOn) {
  write(kPostgres, "  - {id: index, sql: CREATE INDEX CONCURRENTLY by_size ON tickets (size)}\n"
                   "  - {id: usable, check: valid(by_size)}\n  - {id: again, deploy: v1}\n");
  const std::string readme = file("README.md");
  EXPECT_TRUE(has(readme, "psql -X -f 01_add.sql \"$DATABASE_URL\""));
  EXPECT_TRUE(has(readme, "`02_index.sql`: may not run inside a transaction"));
  EXPECT_TRUE(has(readme, "`03_usable.sql`: must answer `t`"));
  EXPECT_TRUE(has(readme, "A `deploy` is done when"));
  EXPECT_TRUE(has(readme, "A transaction that ends in a lock timeout changed nothing and is run again."));
  EXPECT_TRUE(has(file("01_add.sql"), "BEGIN;\n"));
  EXPECT_EQ(file("02_index.sql").find("BEGIN;"), std::string::npos);
  EXPECT_TRUE(has(file("03_usable.sql"), "indisvalid"));
}

TEST_F(WrittenPlan, BatchesGoAlongAKeyOfSeveralColumns) {
  write(kPostgres, "  - {id: fill, backfill: UPDATE tickets SET size = length(body) WHERE size IS NULL, batch: 500, pause: 10ms}\n");
  const std::string sql = file("02_fill.sql");
  EXPECT_TRUE(has(sql, "(team, no) > (above_1, above_2)"));
  EXPECT_TRUE(has(sql, "WHERE (size IS NULL) AND"));
  EXPECT_TRUE(has(sql, "(team, no) <= (upto_1, upto_2)"));
  EXPECT_TRUE(has(file("README.md"), "`02_fill.sql`: commits after every batch, so it may not run inside a transaction"));
}

TEST_F(WrittenPlan, OfSqliteRunsInItsOwnShell) {
  write("engine: sqlite", "  - {id: fill, backfill: UPDATE tickets SET size = length(body) WHERE size IS NULL, batch: 500, pause: 10ms}\n");
  const std::string readme = file("README.md");
  EXPECT_TRUE(has(readme, "sqlite3 app.db < 01_add.sql"));
  EXPECT_EQ(readme.find("psql"), std::string::npos);
  EXPECT_EQ(readme.find("commits after every batch"), std::string::npos);
  EXPECT_TRUE(has(file("02_fill.sql"), "ranges of 500 rows"));
}

TEST_F(WrittenPlan, CommentsAreAtMostAHundredColumnsWide) {
  const std::string long_name = "the_moment_at_which_somebody_first_looked_at_it";
  const std::string scenario = folder_.write("rename.yaml",
      "name: rename\ndatabase: {engine: postgresql}\nschema: CREATE TABLE tickets (no bigint PRIMARY KEY, " + long_name + " text)\n"
      "app:\n  instances: 2\n  rollout: {kind: rolling, startup: 1s, drain: 1s}\n  versions:\n    v1:\n"
      "      - {name: list, rate: 5/s, sql: SELECT " + long_name + " FROM tickets WHERE no = $1}\n"
      "change: ALTER TABLE tickets RENAME COLUMN " + long_name + " TO " + long_name + "_again\n");
  ASSERT_EQ(midflight("plan " + scenario + " --strategy expand_contract --output " + folder_.path("plan")).status, 0);
  int comments = 0, continued = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path("plan"))) {
    const std::string name = entry.path().filename().string();
    std::istringstream lines(file(name));
    for (std::string line, before; std::getline(lines, line); before = line) {
      const bool comment = line.starts_with("-- ") || line.starts_with("  # ");
      EXPECT_TRUE(!comment || line.size() <= 100) << name << ": " << line;
      comments += comment;
      continued += comment && before.substr(0, 3) == line.substr(0, 3);
    }
  }
  EXPECT_GT(comments, 8);
  EXPECT_GT(continued, 0);
}

TEST_F(WrittenPlan, NamesWhatAStepFollowsWhereThatIsNotTheOneBefore) {
  write(kPostgres, "  - {id: aside, sql: ALTER TABLE tickets ADD COLUMN x int, after: []}\n"
                   "  - {id: last, sql: ALTER TABLE tickets ADD COLUMN y int, after: [add, aside]}\n");
  EXPECT_TRUE(has(file("README.md"), "2. **aside** (follows nothing): "));
  EXPECT_TRUE(has(file("README.md"), "3. **last** (follows add, aside): "));
  EXPECT_EQ(file("README.md").find("deploy"), std::string::npos);
}

}  // namespace
}  // namespace midflight::cli_test
