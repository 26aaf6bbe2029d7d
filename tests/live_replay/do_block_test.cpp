#include <gtest/gtest.h>

#include "tests/cli/command.h"
#include "tests/live_replay/server.h"

// A backfill as people write it by hand: a DO block that commits as it goes.

namespace midflight::live_replay {
namespace {

// Twenty batches of a hundred rows with a pause after each, 2 s in all.  In one transaction every writer
// of a row that was copied would wait for the end, most of them longer than they may.
constexpr const char* kScenario = R"yaml(name: a backfill by a DO block
database: {engine: postgresql, version: 15}
schema: "CREATE TABLE users (id bigint PRIMARY KEY, name text, full_name text)"
tables: {users: {rows: 2000, row_bytes: 60}}
app:
  instances: 2
  pool: 4
  request_timeout: 1s
  versions:
    v1:
      - {name: write, rate: 200/s, sql: "UPDATE users SET name = $1, full_name = $1::text WHERE id = $2"}
plan:
  - id: copy
    sql: |
      DO $$
      BEGIN
        FOR i IN 0..19 LOOP
          UPDATE users SET full_name = name WHERE id BETWEEN i * 100 + 1 AND i * 100 + 100;
          %;
          PERFORM pg_sleep(0.1);
        END LOOP;
      END $$
  - {id: filled, check: "equal(users.name, users.full_name)"}
)yaml";

/// `midflight replay` of the plan, with what comes after each batch; standard output as JSON.
std::string replayed(const std::string& after_batch) {
  const cli_test::Folder folder;
  std::string text = kScenario;
  text.replace(text.find('%'), 1, after_batch);
  const cli_test::Outcome o = cli_test::midflight("replay " + folder.write("s.yaml", text) + " --on '" + uri() + "' --runs 2 --format json --quiet");
  EXPECT_TRUE(cli_test::replayed_or_late(o)) << o.err;
  const auto measured = o.out.find("\"measured\"");
  return measured != std::string::npos ? o.out.substr(measured) : o.out;
}

TEST(DoBlock, ThatCommitsRunsOutsideATransactionAndNobodyWaitsForItsEnd) {
  for (const char* commit : {"COMMIT", "commit"}) {
    const std::string measured = replayed(commit);
    EXPECT_TRUE(has(measured, "\"completed\": true")) << measured;
    EXPECT_TRUE(has(measured, "\"failed_requests\": 0")) << measured;
  }
}

// The same without: that the writers above did not fail is because of the commits.
TEST(DoBlock, WithoutCommitsKeepsItsRowsToTheEnd) {
  const std::string measured = replayed("NULL");
  EXPECT_TRUE(has(measured, "\"completed\": true")) << measured;
  EXPECT_TRUE(has(measured, "\"request_timeout\"")) << measured;
}

}  // namespace
}  // namespace midflight::live_replay
