#include "cli/output.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "sim/kernel/error.h"

namespace midflight::cli {

namespace {

[[noreturn]] void fail(const std::string& what, int reason) {
  throw Error(ErrorCode::Output, fmt::format("cannot write {}: {}", what, std::strerror(reason)));
}

/// Returns: 0, or errno.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// Devices, pipes and the like cannot be replaced by a rename.
bool is_special(const std::string& path) {
  struct stat about = {};
  return ::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode);
}

void write_in_place(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) fail(path, errno);
  const int wrong = write_all(file, text);
  ::close(file);
  if (wrong != 0 && wrong != EPIPE) fail(path, wrong);
}

/// The permissions a new file would have had, or those of the file replaced.
mode_t mode_for(const std::string& path) {
  struct stat about = {};
  if (::stat(path.c_str(), &about) == 0) return about.st_mode & 0777U;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666U & ~mask;
}

void write_beside_and_rename(const std::string& path, const std::string& text) {
  std::string beside = path + ".XXXXXX";
  const int file = ::mkstemp(beside.data());
  if (file < 0) fail(path, errno);
  int wrong = write_all(file, text);
  if (wrong == 0 && ::fchmod(file, mode_for(path)) != 0) wrong = errno;
  if (::close(file) != 0 && wrong == 0) wrong = errno;
  if (wrong == 0 && ::rename(beside.c_str(), path.c_str()) != 0) wrong = errno;
  if (wrong == 0) return;
  ::unlink(beside.c_str());
  fail(path, wrong);
}

}  // namespace

void write_output(const std::string& path, const std::string& text) {
  if (path.empty()) {
    const int wrong = write_all(STDOUT_FILENO, text);
    if (wrong != 0 && wrong != EPIPE) fail("the result", wrong);
  } else if (is_special(path)) {
    write_in_place(path, text);
  } else {
    write_beside_and_rename(path, text);
  }
}

bool colour_wanted() {
  const char* off = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (off != nullptr && *off != '\0') return false;
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace midflight::cli
