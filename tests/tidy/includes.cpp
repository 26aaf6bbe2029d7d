#include "tests/tidy/includes.h"

#include <array>
#include <sstream>

namespace midflight::tidy {

namespace {

struct Include {
  std::string from, name;
  int line;
  bool quoted;
  std::string place() const { return from + ":" + std::to_string(line); }
};

/// `#include "name"` or `<name>`, with any spaces that compilers allow.
bool parse_include(const std::string& line, Include& include) {
  std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string::npos || line[at] != '#') return false;
  at = line.find_first_not_of(" \t", at + 1);
  if (at == std::string::npos || line.compare(at, 7, "include") != 0) return false;
  at = line.find_first_of("\"<", at);
  if (at == std::string::npos) return false;
  include.quoted = line[at] == '"';
  const std::size_t end = line.find(include.quoted ? '"' : '>', at + 1);
  if (end == std::string::npos) return false;
  include.name = line.substr(at + 1, end - at - 1);
  return true;
}

std::vector<Include> includes_of(const Tree& tree) {
  std::vector<Include> all;
  for (const auto& [path, text] : tree) {
    if (!is_header(path) && !is_source(path)) continue;
    std::istringstream lines(text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      Include include{path, "", number, false};
      if (parse_include(line, include)) all.push_back(include);
    }
  }
  return all;
}

bool is_below(const std::string& path, const std::string& folder) { return path.rfind(folder + "/", 0) == 0; }

// From left to right; rooms of one group do not use each other.
const std::vector<std::vector<std::string>> kOrder = {
    {"sim/kernel", "sim/graph"},
    {"sim/model"},
    {"sim/sql"},
    {"sim/compat", "sim/rules", "sim/cost"},
    {"sim/strategy"},
    {"sim/conduct"},
    {"sim/locks", "sim/traffic", "sim/fleet", "sim/metrics"},
    {"sim/run"},
    {"sim/check"},
    {"sim/io", "backends"},
    {"verbs"},
    {"cli", "python"},
};

constexpr int kNowhere = -1;

struct Room {
  int group = kNowhere;
  std::string name;
};

Room room_of(const std::string& path) {
  for (std::size_t group = 0; group < kOrder.size(); ++group) {
    for (const std::string& name : kOrder[group]) {
      if (is_below(path, name)) return {static_cast<int>(group), name};
    }
  }
  return {};
}

bool is_product(const std::string& path) {
  for (const char* folder : {"sim", "backends", "verbs", "cli", "python"}) {
    if (is_below(path, folder)) return true;
  }
  return false;
}

bool is_ours(const std::string& path) { return is_product(path) || is_below(path, "tests"); }

std::string wrong_arrow(const Include& include) {
  if (!include.quoted || !is_product(include.from)) return "";
  const Room from = room_of(include.from), to = room_of(include.name);
  if (from.group == kNowhere) return include.place() + ": " + folder_of(include.from) + " is no room in the order";
  if (is_below(include.name, "tests")) return include.place() + ": the product includes " + include.name;
  if (to.group == kNowhere || from.name == to.name || to.group < from.group) return "";
  return include.place() + ": " + from.name + " must not use " + to.name + " (" + include.name + ")";
}

struct Package {
  std::string prefix;  ///< of the include
  std::string owner;   ///< folder; "" is any, in sources alone
};

const std::array<Package, 12> kPackages = {{
    {"boost/context/", "backends/strands"},
    {"boost/", "sim/graph"},
    {"pg_query", "sim/sql"},
    {"protobuf-c/", "sim/sql"},
    {"yaml-cpp/", "sim/io"},
    {"nlohmann/", "sim/io"},
    {"CLI/", "cli"},
    {"sqlite3.h", "backends/sqlite"},
    {"pqxx/", "backends/postgres"},
    {"libpq-fe.h", "backends/postgres"},
    {"pybind11/", "python"},
    {"fmt/", ""},
}};

/// The language's and the system's own: <vector>, <sys/stat.h>, <unistd.h>.
bool is_standard(const std::string& name) {
  for (const char* prefix : {"sys/", "netinet/", "arpa/", "sanitizer/"}) {
    if (name.rfind(prefix, 0) == 0) return true;
  }
  if (name.find('/') != std::string::npos) return false;
  for (const char* header : {"unistd.h", "fcntl.h", "stdlib.h", "signal.h", "poll.h", "pthread.h", "sched.h", "time.h",
                             "errno.h", "string.h", "pwd.h", "grp.h"}) {
    if (name == header) return true;
  }
  return name.find('.') == std::string::npos;
}

std::string strayed(const Include& include) {
  for (const Package& package : kPackages) {
    if (include.name.rfind(package.prefix, 0) != 0) continue;
    if (package.owner.empty()) {
      return is_header(include.from) ? include.place() + ": " + include.name + " in a header" : "";
    }
    if (is_below(include.from, package.owner)) return "";
    return include.place() + ": " + include.name + " belongs to " + package.owner;
  }
  if (include.quoted || is_standard(include.name)) return "";
  return include.place() + ": " + include.name + " is of a package that no room owns";
}

}  // namespace

Findings wrong_arrows(const Tree& tree) {
  Findings findings;
  for (const Include& include : includes_of(tree)) {
    if (std::string finding = wrong_arrow(include); !finding.empty()) findings.push_back(std::move(finding));
  }
  return findings;
}

Findings strayed_packages(const Tree& tree) {
  Findings findings;
  for (const Include& include : includes_of(tree)) {
    if (!is_product(include.from)) continue;
    if (std::string finding = strayed(include); !finding.empty()) findings.push_back(std::move(finding));
  }
  return findings;
}

Findings missing_headers(const Tree& tree) {
  Findings findings;
  for (const Include& include : includes_of(tree)) {
    if (!include.quoted || !is_ours(include.name) || tree.count(include.name) != 0) continue;
    findings.push_back(include.place() + ": there is no " + include.name);
  }
  return findings;
}

}  // namespace midflight::tidy
