#include "sim/io/histories/paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "sim/io/histories/glob.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 200'000;
constexpr std::size_t kPipeBytesMax = 64 * 1024 * 1024;
constexpr int kDepthMax = 100;
const std::string kScripts = "**.sql";

std::string read_stream(std::istream& in, std::size_t bytes_max) {
  constexpr std::size_t kChunk = 64 * 1024;
  std::string bytes;
  while (in && bytes.size() < bytes_max) {
    const std::size_t before = bytes.size();
    bytes.resize(std::min(before + kChunk, bytes_max));
    in.read(bytes.data() + before, static_cast<std::streamsize>(bytes.size() - before));
    bytes.resize(before + static_cast<std::size_t>(in.gcount()));
  }
  return bytes;
}

class Expansion {
 public:
  explicit Expansion(std::vector<Problem>& problems) : problems_(problems) {}

  void add(const std::string& path) {
    std::error_code failed;
    entered_.clear();
    if (path == "-") return add_pipe(path);
    const fs::file_status status = fs::status(path, failed);
    if (fs::is_directory(status)) return add_folder(path);
    if (fs::is_regular_file(status)) return add_file(path, "");
    if (fs::exists(status)) return add_pipe(path);
    if (is_pattern(path)) return add_pattern(path);
    complain(path, "there is no such file or folder");
  }

  std::vector<FoundFile> take() { return std::move(files_); }

 private:
  void complain(const std::string& path, const std::string& message) { problems_.push_back({{path, 0, 0}, message}); }

  void add_pipe(const std::string& path) {
    try {
      files_.push_back({path, "", first_bytes(path, kPipeBytesMax + 1)});
    } catch (const Error& error) {
      problems_.insert(problems_.end(), error.problems().begin(), error.problems().end());
    }
  }

  /// A folder without any is seldom meant: a wrong path would pass for a clean history.
  void add_folder(const std::string& path) {
    const std::size_t met = met_, problems = problems_.size();
    search(path, path, kScripts, 0);
    if (met_ == met && problems_.size() == problems) complain(path, "no migration found in this folder: no file in it ends with .sql");
  }

  void add_file(const std::string& path, const std::string& root) {
    std::error_code failed;
    ++met_;
    const fs::path real = fs::canonical(path, failed);
    if (!seen_.insert(failed ? path : real.string()).second) return;
    files_.push_back({path, root, std::nullopt});
  }

  void add_pattern(const std::string& pattern) {
    const std::string folder(fixed_folder(pattern));
    const std::size_t before = files_.size(), problems = problems_.size();
    search(folder, folder.empty() ? "." : folder, pattern, 0);
    if (files_.size() == before && problems_.size() == problems) complain(pattern, "no file matches this pattern");
  }

  /// Every entry of a folder that matches, in the natural order of the names.
  void search(const std::string& folder, const std::string& root, const std::string& pattern, int depth) {
    std::error_code failed;
    const fs::path real = fs::canonical(folder.empty() ? "." : folder, failed);
    if (failed || depth > kDepthMax || !entered_.insert(real.string()).second) return;
    for (const std::string& name : names_in(folder.empty() ? "." : folder)) visit(folder.empty() ? name : join(folder, name), root, pattern, depth);
  }

  static std::string join(const std::string& folder, const std::string& name) {
    return folder.ends_with('/') ? folder + name : folder + "/" + name;
  }

  std::vector<std::string> names_in(const std::string& folder) {
    std::error_code failed;
    std::vector<std::string> names;
    fs::directory_iterator entry(folder, failed);
    for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
      const std::string name = entry->path().filename().string();
      if (!name.starts_with('.')) names.push_back(name);
    }
    if (failed) complain(folder, "cannot be searched: " + failed.message());
    std::sort(names.begin(), names.end(), natural_less);
    return names;
  }

  void visit(const std::string& path, const std::string& root, const std::string& pattern, int depth) {
    std::error_code failed;
    const fs::file_status status = fs::status(path, failed);
    const bool wanted = matches(pattern, pattern == kScripts ? lower_case(path) : path);
    if (fs::is_directory(status)) return search(path, wanted ? path : root, wanted ? kScripts : pattern, depth + 1);
    if (!wanted || files_.size() > kFilesMax) return;
    if (fs::is_regular_file(status)) add_file(path, root);
    else if (!fs::exists(status)) complain(path, "is a link to a file that is not there");
    if (files_.size() > kFilesMax) complain(root, fmt::format("more than {} files: the rest is left out", kFilesMax));
  }

  std::vector<Problem>& problems_;
  std::vector<FoundFile> files_;
  std::size_t met_ = 0;  ///< files, also those that were met before
  std::set<std::string> seen_, entered_;
};

}  // namespace

std::vector<FoundFile> expand_paths(const std::vector<std::string>& paths, std::vector<Problem>& problems) {
  Expansion expansion(problems);
  for (const std::string& path : paths) expansion.add(path);
  return expansion.take();
}

std::string first_bytes(const std::string& path, std::size_t bytes_max) {
  if (path == "-") return read_stream(std::cin, bytes_max);
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorCode::BadInput, "cannot be opened for reading", {path, 0, 0});
  std::string bytes = read_stream(in, bytes_max);
  if (in.bad()) throw Error(ErrorCode::BadInput, "cannot be read", {path, 0, 0});
  return bytes;
}

}  // namespace midflight::io
