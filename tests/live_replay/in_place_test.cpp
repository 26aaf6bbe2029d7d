#include <gtest/gtest.h>

#include "tests/cli/command.h"
#include "tests/live_replay/server.h"

// A replay beside the rows of somebody's database.

namespace midflight::live_replay {
namespace {

constexpr const char* kScenario = R"yaml(name: in place
database: {engine: postgresql, version: 15}
schema: |
  CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
  CREATE TABLE seats (hall text, number int, taken_by uuid REFERENCES users, note text, PRIMARY KEY (hall, number));
tables:
  users: {rows: 500}
  seats: {rows: 100}
app:
  instances: 2
  pool: 3
  rollout: {kind: rolling, startup: 500ms, drain: 100ms}
  versions:
    v1:
      - {name: rename, rate: 40/s, sql: "UPDATE users SET name = $1 WHERE id = $2"}
      - {name: note, rate: 40/s, sql: "UPDATE seats SET note = $1 WHERE hall = $2 AND number = $3"}
      - {name: take, rate: 40/s, sql: "INSERT INTO seats (hall, number, taken_by) VALUES ($1, $2, $3)"}
plan: [{wait: 1s}]
)yaml";

TEST(InPlace, RequestsFindTheRowsThatAreThere) {
  server().connect().query("CREATE DATABASE theirs");
  auto theirs = server().connect("theirs");
  theirs.query("CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL)");
  theirs.query("CREATE TABLE seats (hall text, number int, taken_by uuid REFERENCES users, note text, PRIMARY KEY (hall, number))");
  theirs.query("INSERT INTO users (name) SELECT 'n' || i FROM generate_series(1, 500) i");
  theirs.query("INSERT INTO seats SELECT 'hall ' || i % 7, i * 17 FROM generate_series(1, 100) i");
  const cli_test::Folder folder;
  const std::string path = folder.write("scenario.yaml", kScenario);
  const cli_test::Outcome done = cli_test::midflight("replay " + path + " --on '" + uri("midflight", "theirs") + "' --runs 2 --in-place --yes --format json");
  EXPECT_EQ(done.out.find("\"sqlstate\""), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("no acknowledged write is lost"), std::string::npos) << done.out << done.err;
  EXPECT_GT(std::stoi(theirs.value("SELECT count(*) FROM users WHERE name NOT LIKE 'n_%' OR length(name) > 5")), 20);
  EXPECT_GT(std::stoi(theirs.value("SELECT count(*) FROM seats WHERE note IS NOT NULL")), 20);
  EXPECT_GT(std::stoi(theirs.value("SELECT count(*) FROM seats WHERE taken_by IS NOT NULL")), 20);
}

}  // namespace
}  // namespace midflight::live_replay
