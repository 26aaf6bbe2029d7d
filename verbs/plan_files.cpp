#include "verbs/plan_files.h"

#include <fmt/core.h>

#include "verbs/comment.h"
#include "verbs/plan_instructions.h"
#include "verbs/plan_sql.h"

namespace midflight::verbs {

namespace {

/// Which steps a step waits for, where that is not the one before it.
std::string follows(const Plan& plan, std::size_t index) {
  const std::vector<std::size_t>& after = plan.steps[index].after;
  if (index == 0 ? after.empty() : after == std::vector<std::size_t>{index - 1}) return "";
  std::string names;
  for (const std::size_t earlier : after) names += (names.empty() ? "" : ", ") + plan.steps[earlier].id;
  return fmt::format(" (follows {})", names.empty() ? "nothing" : names);
}

std::string step_line(const Plan& plan, std::size_t index, bool has_file) {
  const Step& step = plan.steps[index];
  const std::string what =
      has_file ? fmt::format("[{0}]({0})", sql_file_name(index + 1, step)) : fmt::format("`{}`", step_text(step));
  return fmt::format("{}. **{}**{}: {}{}\n", index + 1, step.id, follows(plan, index), what,
                     step.why.empty() ? "" : fmt::format(". {}", step.why));
}

std::string version_section(const Version& version) {
  std::string out = fmt::format("\n### {}{}\n\n", version.name, version.note.empty() ? "" : fmt::format(": {}", version.note));
  for (const Endpoint& endpoint : version.endpoints) {
    out += fmt::format("- {}\n", endpoint.name);
    for (const Statement& statement : endpoint.statements) out += fmt::format("  - `{}`\n", statement.sql);
  }
  return out;
}

std::string retry_note(const strategy::Proposal& proposal) {
  for (const Step& step : proposal.plan.steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql != nullptr && sql->lock_timeout && sql->retry.tries != 1 && !runs_alone(*sql)) {
      return "- A transaction that ends in a lock timeout changed nothing and is run again.\n";
    }
  }
  return "";
}

std::string assumptions(const strategy::Proposal& proposal) {
  std::string out;
  for (const std::string& sentence : proposal.assumptions) out += fmt::format("- {}\n", sentence);
  return out.empty() ? out : fmt::format("\n## Assumed\n\n{}", out);
}

}  // namespace

std::vector<PlanFile> plan_files(const Scenario& scenario, const strategy::Proposal& proposal) {
  std::vector<PlanFile> files;
  std::string steps, versions;
  Schema schema = scenario.schema;
  for (std::size_t i = 0; i < proposal.plan.steps.size(); ++i) {
    const Step& step = proposal.plan.steps[i];
    const auto sql = step_sql(step, schema, scenario.database.dialect);
    steps += step_line(proposal.plan, i, sql.has_value());
    if (sql) files.push_back({sql_file_name(i + 1, step), comment(step.why, "-- ") + *sql});
  }
  for (const Version& version : proposal.versions) versions += version_section(version);
  files.push_back({"README.md", fmt::format("# {}: {}\n\n## Steps, in order\n\n{}{}{}\n## Versions\n{}{}", scenario.name,
                                            proposal.name, steps, how_to_run(proposal.plan, scenario.schema, scenario.database.dialect),
                                            retry_note(proposal), versions, assumptions(proposal))});
  return files;
}

}  // namespace midflight::verbs
