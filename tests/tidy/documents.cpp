#include "tests/tidy/documents.h"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

namespace midflight::tidy {

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

int depth_of(const std::string& folder) {
  return static_cast<int>(std::count(folder.begin(), folder.end(), '/'));
}

bool is_room(const std::string& folder) {
  if (folder == "backends" || folder == "verbs" || folder == "cli" || folder == "python") return true;
  return folder.rfind("sim/", 0) == 0 && depth_of(folder) == 1;
}

bool needs_readme(const std::string& folder) {
  return is_room(folder) || folder == "tests" || folder == "examples" ||
         (folder.rfind("examples/", 0) == 0 && depth_of(folder) == 1);
}

/// Without code, where brackets are no links.
std::string prose_of(const std::string& markdown) {
  static const std::regex code("```[^]*?```|`[^`\n]*`");
  return std::regex_replace(markdown, code, "");
}

std::vector<std::string> links_of(const std::string& markdown) {
  static const std::regex link(R"(\]\(([^)\s]+)\))");
  const std::string prose = prose_of(markdown);
  std::vector<std::string> targets;
  for (auto at = std::sregex_iterator(prose.begin(), prose.end(), link); at != std::sregex_iterator(); ++at) {
    targets.push_back((*at)[1].str());
  }
  return targets;
}

/// Path from the root that a link means; "" when it leaves the checkout or stays in its page.
std::string target_of(const std::string& page, const std::string& link) {
  if (has(link, "://") || link.rfind("mailto:", 0) == 0) return "";
  const std::string path = link.substr(0, link.find('#'));
  if (path.empty()) return "";
  std::string whole = (std::filesystem::path(folder_of(page)) / path).lexically_normal().generic_string();
  if (whole.size() > 1 && whole.back() == '/') whole.pop_back();
  return whole;
}

const char* const kList = "sim/strategy/list.cpp";

std::vector<std::string> strategies_of(const Tree& tree) {
  static const std::regex entry(R"re(\{"([a-z_]+)",\s*")re");
  std::vector<std::string> names;
  const auto list = tree.find(kList);
  if (list == tree.end()) return names;
  const std::string& text = list->second;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), entry); at != std::sregex_iterator(); ++at) {
    names.push_back((*at)[1].str());
  }
  return names;
}

std::string text_at(const Tree& tree, const std::string& path) {
  const auto found = tree.find(path);
  return found == tree.end() ? "" : found->second;
}

}  // namespace

Findings folders_without_readme(const Tree& tree) {
  Findings findings;
  for (const std::string& folder : folders(tree)) {
    if (needs_readme(folder) && tree.count(folder + "/README.md") == 0) findings.push_back(folder + " has no README.md");
  }
  return findings;
}

Findings rooms_without_limits(const Tree& tree) {
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!ends_with(path, "/README.md") || !is_room(folder_of(path))) continue;
    for (const char* section : {"## Scope and limitations", "## Validation"}) {
      if (!has(text, section)) findings.push_back(path + " has no \"" + section + "\"");
    }
  }
  return findings;
}

Findings dead_links(const Tree& tree) {
  const auto all = folders(tree);
  const std::set<std::string> known(all.begin(), all.end());
  Findings findings;
  for (const auto& [page, text] : tree) {
    if (!ends_with(page, ".md")) continue;
    for (const std::string& link : links_of(text)) {
      const std::string target = target_of(page, link);
      if (target.empty() || tree.count(target) != 0 || known.count(target) != 0) continue;
      findings.push_back(page + ": " + link + " leads nowhere");
    }
  }
  return findings;
}

Findings strategies_without_row(const Tree& tree) {
  const auto names = strategies_of(tree);
  if (names.empty()) return {std::string(kList) + " names no strategy"};
  const std::string readme = text_at(tree, "README.md");
  Findings findings;
  for (const std::string& name : names) {
    if (!has(readme, "| `" + name + "` |")) findings.push_back("README.md has no row for the strategy " + name);
  }
  return findings;
}

Findings strategies_without_file(const Tree& tree) {
  Findings findings;
  for (const std::string& name : strategies_of(tree)) {
    const std::string path = "sim/strategy/" + name + ".cpp";
    if (tree.count(path) == 0) findings.push_back("the strategy " + name + " has no " + path);
  }
  return findings;
}

Findings notebooks_with_output(const Tree& tree) {
  static const std::regex printed(R"re("outputs":\s*\[\s*[^\]\s]|"execution_count":\s*[0-9])re");
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!ends_with(path, ".ipynb") || !std::regex_search(text, printed)) continue;
    findings.push_back(path + " is stored with what it printed; clear the outputs of all cells");
  }
  return findings;
}

}  // namespace midflight::tidy
