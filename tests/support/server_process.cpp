#include "tests/support/server_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "sim/kernel/error.h"

namespace midflight::testing {
namespace {

namespace fs = std::filesystem;

int major_of(const fs::path& folder) { return std::atoi(folder.filename().c_str()); }

void become(const Account& account) {
  if (!account.other) return;
  const bool done = setgroups(0, nullptr) == 0 && setgid(account.group) == 0 && setuid(account.user) == 0;
  if (!done) _exit(126);
}

void redirect_to(const std::string& log) {
  const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  const int nothing = open("/dev/null", O_RDONLY);
  if (file < 0 || nothing < 0) _exit(126);
  dup2(nothing, STDIN_FILENO);
  dup2(file, STDOUT_FILENO);
  dup2(file, STDERR_FILENO);
}

}  // namespace

Account server_account() {
  if (geteuid() != 0) return {geteuid(), getegid(), false};
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = getpwnam(name)) return {entry->pw_uid, entry->pw_gid, true};
  }
  throw Error(ErrorCode::Database, "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody");
}

std::string server_binaries() {
  if (const char* given = std::getenv("MIDFLIGHT_POSTGRES_BIN")) {
    if (fs::exists(fs::path(given) / "initdb")) return given;
    throw Error(ErrorCode::Database, "MIDFLIGHT_POSTGRES_BIN names " + std::string(given) + ", where no initdb is");
  }
  fs::path best;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
    if (!fs::exists(entry.path() / "bin" / "initdb")) continue;
    if (best.empty() || major_of(entry.path()) > major_of(best)) best = entry.path();
  }
  if (best.empty()) throw Error(ErrorCode::Database, "no PostgreSQL server is installed; script/bootstrap all installs one");
  return best / "bin";
}

int server_major() {
  const std::string command = "'" + server_binaries() + "/postgres' --version";
  FILE* said = popen(command.c_str(), "r");
  int major = 0;
  const bool read = said != nullptr && fscanf(said, "postgres (PostgreSQL) %d", &major) == 1;
  if (said != nullptr) pclose(said);
  if (!read) throw Error(ErrorCode::Database, server_binaries() + "/postgres does not say its version");
  return major;
}

pid_t start_as(const Account& account, const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw Error(ErrorCode::Database, "no process can be started for " + command.front());
  if (child > 0) return child;
  redirect_to(log);
  become(account);
  // After the change of user, which would undo it.
  prctl(PR_SET_PDEATHSIG, SIGINT);
  execv(arguments.front(), arguments.data());
  _exit(127);
}

int run_as(const Account& account, const std::vector<std::string>& command, const std::string& log) {
  int status = 0;
  const pid_t child = start_as(account, command, log);
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

}  // namespace midflight::testing
