#include "verbs/plan_scenario.h"

#include <fmt/core.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "verbs/comment.h"

namespace midflight::verbs {

namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') out += "\\n";
    else out += c;
  }
  return out + "\"";
}

std::string count_text(const InstanceCount& count) { return fmt::format("{}{}", count.value, count.percent ? "%" : ""); }

std::string retry_text(const Retry& retry) {
  if (retry == Retry{}) return "";
  std::string out = fmt::format(", retry: {{tries: {}, pause: {}, backoff: {}",
                                retry.tries == Retry::kUnlimited ? "unlimited" : std::to_string(retry.tries),
                                duration_text(retry.pause), retry.backoff);
  if (retry.cap != Duration::max()) out += fmt::format(", cap: {}", duration_text(retry.cap));
  return out + "}";
}

std::string key_text(const char* key, const std::optional<Duration>& value) {
  return value ? fmt::format(", {}: {}", key, duration_text(*value)) : "";
}

std::string rollout_text(const Rollout& rollout) {
  const std::string times = fmt::format("startup: {}, drain: {}", quoted(rollout.startup.text()), quoted(rollout.drain.text()));
  switch (rollout.kind) {
    case RolloutKind::Recreate: return fmt::format("{{kind: recreate, {}}}", times);
    case RolloutKind::BlueGreen: return fmt::format("{{kind: blue-green, {}}}", times);
    case RolloutKind::Rolling: case RolloutKind::Canary: break;
  }
  std::string stages;
  for (const Rollout::Stage& stage : rollout.stages) {
    stages += fmt::format("{}{{share: {}, hold: {}}}", stages.empty() ? "" : ", ", count_text(stage.share), duration_text(stage.hold));
  }
  const bool canary = rollout.kind == RolloutKind::Canary;
  return fmt::format("{{kind: {}, max_surge: {}, max_unavailable: {}, {}{}}}", canary ? "canary" : "rolling",
                     count_text(rollout.max_surge), count_text(rollout.max_unavailable), times,
                     stages.empty() ? "" : fmt::format(", stages: [{}]", stages));
}

std::string check_text(const CheckStep& check) {
  switch (check.kind) {
    case CheckStep::Kind::Filled: return quoted(fmt::format("filled({}.{})", check.table, check.column));
    case CheckStep::Kind::Equal:
      return quoted(fmt::format("equal({0}.{1}, {0}.{2})", check.table, check.column, check.other_column));
    case CheckStep::Kind::Valid: return quoted(fmt::format("valid({})", check.constraint));
    case CheckStep::Kind::Sql: break;
  }
  return fmt::format("{}, assume: {}", quoted(check.sql), check.assume);
}

struct ActionText {
  std::string operator()(const SqlStep& s) const {
    std::string list;
    for (const Statement& statement : s.statements) list += (list.empty() ? "" : ", ") + quoted(statement.sql);
    return fmt::format("sql: [{}]{}{}{}", list, key_text("lock_timeout", s.lock_timeout),
                       key_text("statement_timeout", s.statement_timeout), retry_text(s.retry));
  }
  std::string operator()(const DeployStep& s) const {
    return fmt::format("deploy: {}{}", s.version.empty() ? "none" : quoted(s.version),
                       s.rollout ? fmt::format(", rollout: {}", rollout_text(*s.rollout)) : "");
  }
  std::string operator()(const BackfillStep& s) const {
    return fmt::format("backfill: {}, batch: {}, pause: {}{}{}", quoted(s.update.sql), s.batch, duration_text(s.pause),
                       key_text("lock_timeout", s.lock_timeout), retry_text(s.retry));
  }
  std::string operator()(const WaitStep& s) const { return fmt::format("wait: {}", duration_text(s.length)); }
  std::string operator()(const CheckStep& s) const {
    return fmt::format("check: {}{}{}", check_text(s), key_text("every", s.every), key_text("timeout", s.timeout));
  }
};

std::string after_text(const Plan& plan, std::size_t index) {
  const std::vector<std::size_t>& after = plan.steps[index].after;
  const bool follows = index == 0 ? after.empty() : after.size() == 1 && after.front() == index - 1;
  if (follows) return "";
  std::string ids;
  for (const std::size_t i : after) ids += (ids.empty() ? "" : ", ") + quoted(plan.steps[i].id);
  return fmt::format(", after: [{}]", ids);
}

std::string plan_text(const Plan& plan) {
  std::string out = "plan:\n";
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    out += comment(step.why, "  # ");
    out += fmt::format("  - {{id: {}, {}{}}}\n", quoted(step.id), std::visit(ActionText{}, step.action), after_text(plan, i));
  }
  return out;
}

/// A path in the file as seen from the folder the copy goes to.
std::string moved(const std::string& path, const fs::path& from, const std::string& folder) {
  const fs::path target = fs::path(path).is_absolute() ? fs::path(path) : fs::absolute(from / path);
  return fs::exists(target) ? target.lexically_normal().lexically_relative(fs::absolute(folder).lexically_normal()).string() : path;
}

std::string with_moved_path(const std::string& line, const std::string& key, const fs::path& from, const std::string& folder) {
  const std::size_t at = line.find(key);
  if (at == std::string::npos) return line;
  const std::size_t begin = line.find_first_not_of(" \"'", at + key.size());
  if (begin == std::string::npos) return line;
  const std::size_t end = std::min(line.find_first_of(" ,}\"'#", begin), line.size());
  return line.substr(0, begin) + moved(line.substr(begin, end - begin), from, folder) + line.substr(end);
}

/// A text without its top-level `plan`, every other line as `change` leaves it.
template <class Change>
std::string copied(std::istream& in, const Change& change) {
  std::string out, line;
  bool in_plan = false;
  while (std::getline(in, line)) {
    const bool top = !line.empty() && std::isalpha(static_cast<unsigned char>(line.front())) != 0;
    if (top) in_plan = line.rfind("plan:", 0) == 0;
    if (!in_plan) out += change(line) + "\n";
  }
  return out;
}

/// The file without its plan, paths moved.
std::string copied_file(const Scenario& scenario, const std::string& folder) {
  std::ifstream in(scenario.path);
  const fs::path from = fs::path(scenario.path).parent_path();
  return copied(in, [&](std::string line) {
    if (line.rfind("schema:", 0) == 0) line = with_moved_path(line, "schema:", from, folder);
    return with_moved_path(line, "profile:", from, folder);
  });
}

}  // namespace

std::string scenario_with_plan(const Scenario& scenario, const strategy::Proposal& proposal, const std::string& folder) {
  if (scenario.path.empty()) return "";
  return copied_file(scenario, folder) + plan_text(proposal.plan);
}

std::string text_with_plan(const std::string& yaml, const strategy::Proposal& proposal) {
  std::istringstream in(yaml);
  return copied(in, [](const std::string& line) { return line; }) + plan_text(proposal.plan);
}

}  // namespace midflight::verbs
