#include "backends/sqlite/scratch_file.h"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

std::string base_directory() {
  const char* base = ::getenv("TMPDIR");
  return base != nullptr && *base != '\0' ? base : "/tmp";
}

std::string make_directory(const std::string& base) {
  std::string pattern = base + "/midflight-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw Error(ErrorCode::Database, "cannot make a scratch directory like " + pattern + ": " + std::strerror(errno) +
                                         "; set TMPDIR to a directory that can be written");
  }
  return pattern;
}

void check_path(const std::string& path, bool in_place) {
  const bool there = ::access(path.c_str(), F_OK) == 0;
  if (there && !in_place) {
    throw Error(ErrorCode::BadInput,
                path + " exists; a replay works in a database of its own: name a new file, or use --in-place");
  }
  if (!there && in_place) throw Error(ErrorCode::BadInput, path + " does not exist, so nothing can be used in place");
}

}  // namespace

ScratchFile::ScratchFile(const std::string& path, bool in_place, bool keep) : path_(path), remove_(!in_place && !keep) {
  if (path.empty() && in_place) throw Error(ErrorCode::BadInput, "--in-place needs a path: sqlite:PATH");
  if (path.empty()) {
    remove_abandoned_scratch(base_directory());
    directory_ = make_directory(base_directory());
    // What is to be kept carries no mark, or a later start would tidy it away.
    while (remove_ && !mark_.set(directory_)) directory_ = make_directory(base_directory());
    path_ = directory_ + "/scratch.db";
  } else {
    check_path(path, in_place);
  }
}

ScratchFile::~ScratchFile() {
  if (!remove_) return;
  remove_database_files(path_);
  mark_.remove();
  if (!directory_.empty()) ::rmdir(directory_.c_str());
}

}  // namespace midflight::backends
