#include "tests/tidy/tree.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace midflight::tidy {

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

bool is_looked_at(const std::string& path) {
  return is_header(path) || is_source(path) || ends_with(path, ".md") || ends_with(path, ".ipynb");
}

bool is_left_out(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return name.front() == '.' || name == "__pycache__" || (entry.is_directory() && name.rfind("build", 0) == 0);
}

}  // namespace

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool is_header(const std::string& path) { return ends_with(path, ".h"); }
bool is_source(const std::string& path) { return ends_with(path, ".cpp"); }

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

Tree read_tree(const std::string& root) {
  Tree tree;
  for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator(); ++at) {
    if (is_left_out(*at)) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file()) {
      const std::string path = fs::relative(at->path(), root).generic_string();
      tree[path] = is_looked_at(path) ? text_of(at->path()) : "";
    }
  }
  return tree;
}

std::vector<std::string> folders(const Tree& tree) {
  std::set<std::string> all;
  for (const auto& [path, text] : tree) {
    for (std::string folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) all.insert(folder);
  }
  return {all.begin(), all.end()};
}

}  // namespace midflight::tidy
