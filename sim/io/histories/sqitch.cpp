#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "sim/io/histories/framework.h"
#include "sim/io/histories/names.h"

namespace midflight::io {
namespace {

// Source: Sqitch's documentation, sqitch-plan's format (pragmas with %, tags
// with @, notes behind #) and sqitch-rework: the earlier script of a reworked
// change is named change@tag.sql.  Scripts are run by psql.
// Scope:  deploy/ beside sqitch.plan; other folders of sqitch.conf are not read.

namespace fs = std::filesystem;

/// Where a change was planned first, and the tags since then.
struct Planned {
  std::size_t place = 0;
  std::vector<std::string> tags;
};

Plan read_plan(const fs::path& path) {
  Plan plan;
  std::map<std::string, Planned> changes;
  std::ifstream in(path);
  std::size_t place = 0;
  for (std::string line; std::getline(in, line);) {
    std::string_view words = trimmed(std::string_view(line).substr(0, line.find('#')));
    if (words.empty() || words[0] == '%' || words[0] == '-') continue;
    const std::string word(words.substr(words[0] == '+' ? 1 : 0, words.find_first_of(" \t") - (words[0] == '+' ? 1 : 0)));
    if (word[0] == '@') {
      for (auto& [name, planned] : changes) planned.tags.push_back(word);
      continue;
    }
    const auto before = changes.find(word);
    if (before != changes.end()) {
      for (const std::string& tag : before->second.tags) plan.emplace(word + tag, before->second.place);
    }
    changes[word] = {++place, {}};
    plan[word] = place;
  }
  return plan;
}

/// The folder with sqitch.plan above a script of deploy/, revert/ or verify/.
std::optional<fs::path> project_of(const Candidate& file) {
  fs::path folder = fs::absolute(file.path).lexically_normal().parent_path();
  for (; folder != folder.parent_path(); folder = folder.parent_path()) {
    const std::string name = folder.filename().string();
    const bool scripts = name == "deploy" || name == "revert" || name == "verify";
    std::error_code failed;
    if (scripts && fs::exists(folder.parent_path() / "sqitch.plan", failed)) return folder.parent_path();
  }
  return std::nullopt;
}

std::string recognise(const Candidate& file, Plans&) {
  return project_of(file) ? fmt::format("there is a sqitch.plan beside the folder of {}", file.name) : "";
}

Place place(const Candidate& file, Plans& plans) {
  const std::optional<fs::path> project = project_of(file);
  if (!project) return {"there is no sqitch.plan beside its folder", "", 0, ""};
  const fs::path deploy = *project / "deploy";
  const fs::path script = fs::absolute(file.path).lexically_normal().lexically_relative(deploy);
  if (script.empty() || *script.begin() == "..") return {"Sqitch deploys the scripts of deploy/ alone", "", 0, ""};
  const auto [plan, is_new] = plans.try_emplace(project->string());
  if (is_new) plan->second = read_plan(*project / "sqitch.plan");
  const auto found = plan->second.find((script.parent_path() / script.stem()).generic_string());
  if (found == plan->second.end()) return {"sqitch.plan does not name it", "", 0, ""};
  return {"", deploy.lexically_proximate(fs::current_path()).string(), 0, std::to_string(found->second)};
}

UpPart up_part(std::string_view, const std::string&) { return {}; }

}  // namespace

const Framework kSqitch = {"sqitch", Framework::Order::Natural, false, recognise, place, up_part};

}  // namespace midflight::io
