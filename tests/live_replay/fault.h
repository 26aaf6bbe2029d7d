#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/command.h"
#include "tests/live_replay/server.h"

namespace midflight::live_replay {

using cli_test::Outcome;

inline constexpr const char* kScenario = R"(name: rename
database: {engine: postgresql, version: 15}
schema: "CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL);"
tables:
  users: {rows: 500, row_bytes: 60}
app:
  instances: 2
  pool: 3
  rollout: {kind: rolling, startup: 500ms, drain: 100ms}
  versions:
    v1:
      - {name: profile, rate: 80/s, sql: "SELECT name FROM users WHERE id = $1"}
      - {name: rename, rate: 20/s, sql: "UPDATE users SET name = $1 WHERE id = $2"}
)";
inline constexpr const char* kWaits = "plan: [{wait: 20s}]\n";

/// Every case must leave the server without a scratch database.
class Fault : public ::testing::Test {
 protected:
  ~Fault() override { EXPECT_EQ(scratch_databases(), std::vector<std::string>{}); }

  std::string scenario(const std::string& plan = kWaits) { return folder_.write("scenario.yaml", kScenario + plan); }
  Outcome replay(const std::string& where, const std::string& more = "") {
    return cli_test::midflight("replay " + scenario() + " --on '" + where + "' --runs 2 " + more);
  }
  /// Starts a replay; a second later, when requests run, the command does its worst to it ($! is its process).
  Outcome disturbed(const std::string& command) {
    return cli_test::midflight("replay " + scenario() + " --on '" + uri() + "' --runs 2 & replay=$!; sleep 3; " + command + "; wait $replay");
  }
  static std::string query(const std::string& text) {
    return "psql -X -q -A -t -h " + server().folder() + " -U midflight -d postgres -c \"" + text + "\"";
  }
  static std::string sql(const std::string& text) { return query(text) + " >/dev/null 2>&1"; }

  /// The server's processes, in $all.
  static std::string everybody() { return "server=$(head -1 " + server().folder() + "/data/postmaster.pid); all=\"$server $(pgrep -P $server)\""; }

  /// A role that may create databases and nothing else.
  static std::string modest() {
    auto connection = server().connect();
    if (connection.value("SELECT count(*) FROM pg_roles WHERE rolname = 'modest'") == "0") connection.query("CREATE ROLE modest LOGIN CREATEDB");
    return uri("modest");
  }
  /// Starts a replay of that role with a large table; once the server works on such a statement, the command follows.
  Outcome disturbed_at(const std::string& statement, const std::string& command) {
    std::string text = kScenario;
    text.replace(text.find("rows: 500"), 9, "rows: 2000000");
    text.replace(text.find("NOT NULL);"), 10, "NOT NULL); CREATE INDEX users_name ON users (name);");
    const std::string large = folder_.write("large.yaml", text + kWaits);
    const std::string seen = query("SELECT count(*) FROM pg_stat_activity WHERE usename = 'modest' AND state = 'active' AND query LIKE '" + statement + "%'");
    return cli_test::midflight("replay " + large + " --on '" + modest() + "' --runs 2 & replay=$!; until [ \"$(" + seen +
                               ")\" = 1 ] || ! kill -0 $replay; do sleep 0.05; done; sleep 0.3; " + command + "; wait $replay");
  }

  cli_test::Folder folder_;
};

}  // namespace midflight::live_replay
