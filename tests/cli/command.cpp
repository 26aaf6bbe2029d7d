#include "command.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace midflight::cli_test {

namespace fs = std::filesystem;

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

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "midflight-cli-XXXXXX").string();
  path_ = ::mkdtemp(name.data());
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::vector<std::string> Folder::names() const {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(path_)) all.push_back(entry.path().filename().string());
  return all;
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
