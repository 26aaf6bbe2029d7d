#include "backends/sqlite/stale_scratch.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace midflight::backends {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMark = "/in-use";
constexpr std::size_t kNameLength = 16;  // midflight-XXXXXX

bool is_ours(const fs::path& path) {
  const std::string name = path.filename().string();
  struct stat about = {};
  return name.size() == kNameLength && name.rfind("midflight-", 0) == 0 && ::lstat(path.c_str(), &about) == 0 &&
         S_ISDIR(about.st_mode) && about.st_uid == ::geteuid();
}

void remove_if_abandoned(const std::string& directory) {
  const std::string mark = directory + kMark;
  const int file = ::open(mark.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return;  // kept on purpose, or being made
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) {
    remove_database_files(directory + "/scratch.db");
    ::unlink(mark.c_str());
    ::rmdir(directory.c_str());
  }
  ::close(file);
}

}  // namespace

ScratchMark::~ScratchMark() { remove(); }

bool ScratchMark::set(const std::string& directory) {
  path_ = directory + kMark;
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file_ < 0) return true;
  struct stat about = {};
  const bool held = ::flock(file_, LOCK_EX | LOCK_NB) == 0;
  const bool taken = held ? ::fstat(file_, &about) == 0 && about.st_nlink == 0 : errno == EWOULDBLOCK;
  if (!held || taken) remove();  // a mark that nobody holds would be an invitation
  return !taken;
}

void ScratchMark::remove() {
  if (file_ < 0) return;
  ::unlink(path_.c_str());
  ::close(file_);
  file_ = -1;
}

void remove_abandoned_scratch(const std::string& base) noexcept {
  try {
    std::error_code wrong;
    for (fs::directory_iterator at(base, wrong), end; !wrong && at != end; at.increment(wrong)) {
      if (is_ours(at->path())) remove_if_abandoned(at->path().string());
    }
  } catch (...) {  // out of memory: the next start will do
  }
}

void remove_database_files(const std::string& path) noexcept {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink((path + suffix).c_str());
}

}  // namespace midflight::backends
