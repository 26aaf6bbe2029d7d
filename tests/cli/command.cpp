#include "command.h"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace midflight::cli_test {

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Outcome midflight(const std::string& arguments) {
  const Folder folder;
  const std::string out = folder.path("out"), err = folder.path("err");
  // The redirections come first, so that those in `arguments` win.
  const std::string line = "{ " + std::string(MIDFLIGHT_BINARY) + " " + arguments + "; } >" + out + " 2>" + err;
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read(out), read(err)};
}

std::string small_scenario() {
  return R"(name: small rename
database: {engine: postgresql, version: 15}
schema: |
  CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50));
tables:
  users: {rows: 1000}
app:
  instances: 2
  rollout: {kind: rolling, startup: 1s, drain: 1s}
  versions:
    v1:
      - {name: profile, rate: 20/s, sql: "SELECT name FROM users WHERE id = $1"}
change: ALTER TABLE users RENAME COLUMN name TO full_name
migration: {soak: 1min}
)";
}

}  // namespace midflight::cli_test
