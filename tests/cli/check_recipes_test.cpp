#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "command.h"

// The hook and the pipeline of docs/check.md, run as they are written.

namespace midflight::cli_test {
namespace {

namespace fs = std::filesystem;

/// The block of docs/check.md that begins with ```KIND behind a heading.
std::string block(const std::string& heading, const std::string& kind) {
  const std::string page = read(MIDFLIGHT_SOURCE_DIR "/docs/check.md");
  const std::string fence = "```" + kind + "\n";
  const std::size_t begin = page.find(fence, page.find("## " + heading));
  if (begin == std::string::npos) return "";
  return page.substr(begin + fence.size(), page.find("```", begin + fence.size()) - begin - fence.size());
}

/// The script behind the last `run: |` of a workflow.
std::string last_run(const std::string& yaml) {
  const std::size_t at = yaml.rfind("run: |\n");
  return at == std::string::npos ? "" : yaml.substr(at + 7);
}

class Recipe : public ::testing::Test {
 protected:
  Recipe() {
    fs::create_directory(folder_.path("migrations"));
    sh("git init -q -b main . && git config user.email a@example.org && git config user.name a && "
       "git commit -q --allow-empty -m start");
  }
  /// Runs a line in the repository with the command in the path.
  int sh(const std::string& line) const {
    const std::string bin = fs::path(MIDFLIGHT_BINARY).parent_path().string();
    const std::string all = "cd " + folder_.path("") + " && export PATH=" + bin + ":$PATH GIT_CONFIG_GLOBAL=/dev/null && { " + line +
                            "\n} >>" + folder_.path("out") + " 2>&1";
    return std::system(("sh -c '" + quoted(all) + "'").c_str()) == 0 ? 0 : 1;
  }
  static std::string quoted(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out;
  }
  void add_migration(const std::string& name, const std::string& sql) const {
    folder_.write("migrations/" + name, sql);
    sh("git add migrations");
  }
  Folder folder_;
};

TEST_F(Recipe, HookRefusesADangerousMigration) {
  const std::string hook = block("Before every commit", "sh");
  ASSERT_EQ(hook.substr(0, 9), "#!/bin/sh");
  folder_.write(".git/hooks/pre-commit", hook);
  fs::permissions(folder_.path(".git/hooks/pre-commit"), fs::perms::owner_all);
  EXPECT_EQ(sh("git commit -q --allow-empty -m nothing"), 0) << read(folder_.path("out"));
  add_migration("1.sql", "CREATE INDEX users_name_idx ON users (name);\n");
  EXPECT_EQ(sh("git commit -q -m bad"), 1);
  EXPECT_NE(read(folder_.path("out")).find("danger: index-not-concurrent"), std::string::npos);
  add_migration("1.sql", "CREATE INDEX CONCURRENTLY users_name_idx ON users (name);\n");
  EXPECT_EQ(sh("git commit -q -m good"), 0) << read(folder_.path("out"));
}

TEST_F(Recipe, HookTakesNamesWithBlanks) {
  folder_.write(".git/hooks/pre-commit", block("Before every commit", "sh"));
  fs::permissions(folder_.path(".git/hooks/pre-commit"), fs::perms::owner_all);
  add_migration("2 users.sql", "CREATE INDEX users_name_idx ON users (name);\n");
  EXPECT_EQ(sh("git commit -q -m bad"), 1);
  EXPECT_NE(read(folder_.path("out")).find("migrations/2 users.sql:1:1"), std::string::npos) << read(folder_.path("out"));
}

/// The entry of the pre-commit framework, called as it calls it: with all files at once.
TEST_F(Recipe, EntryOfTheHooksFileRefusesADangerousMigration) {
  const std::string file = block("Before every commit", "yaml");
  const std::size_t entry = file.find("entry: ");
  ASSERT_NE(entry, std::string::npos);
  const std::string command = file.substr(entry + 7, file.find('\n', entry) - entry - 7);
  add_migration("1.sql", "CREATE TABLE users (name text);\n");
  EXPECT_EQ(sh(command + " migrations/1.sql"), 0) << read(folder_.path("out"));
  add_migration("2.sql", "CREATE INDEX users_name_idx ON users (name);\n");
  EXPECT_EQ(sh(command + " migrations/1.sql migrations/2.sql"), 1);
}

TEST_F(Recipe, PipelineAnnotatesWhatIsNew) {
  const std::string run = last_run(block("In a pipeline", "yaml"));
  ASSERT_NE(run.find("midflight check"), std::string::npos);
  add_migration("1.sql", "DROP INDEX old_idx;\nCREATE INDEX a ON users (name);\n");
  sh("git commit -q -m old && git update-ref refs/remotes/origin/main HEAD && export GITHUB_BASE_REF=main");
  add_migration("2.sql", "CREATE INDEX users_name_idx ON users (name);\n");
  sh("git commit -q -m new");
  EXPECT_EQ(sh("export GITHUB_BASE_REF=main\n" + run), 1);
  const std::string out = read(folder_.path("out"));
  EXPECT_NE(out.find("::error file=migrations/2.sql,line=1"), std::string::npos) << out;
  EXPECT_EQ(out.find("migrations/1.sql"), std::string::npos) << out;
}

}  // namespace
}  // namespace midflight::cli_test
