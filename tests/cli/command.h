#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace midflight::cli_test {

/// What a command left behind.
struct Outcome {
  int status = -1;      ///< exit status; 128 plus the signal when killed
  std::string out, err;
};

/// Runs the binary through /bin/sh: `arguments` may hold redirections and pipes.
Outcome midflight(const std::string& arguments);

/// A folder of its own for one test, removed with it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  /// The path of a name in it, quoted for the shell by having no odd characters.
  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const;
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

std::string read(const std::string& path);

/// A small scenario that runs in milliseconds: a rename on a table of 1,000 rows.
std::string small_scenario();

}  // namespace midflight::cli_test
