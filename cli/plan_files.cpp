#include "cli/plan_files.h"

#include <fmt/core.h>

#include "cli/plan_sql.h"

namespace midflight::cli {

namespace {

std::string file_name(std::size_t number, const Step& step) { return fmt::format("{:02}_{}.sql", number, step.id); }

std::string comment(const Step& step) { return step.why.empty() ? "" : fmt::format("-- {}\n", step.why); }

std::string step_line(std::size_t number, const Step& step, bool has_file) {
  const std::string what =
      has_file ? fmt::format("[{0}]({0})", file_name(number, step)) : fmt::format("`{}`", step_text(step));
  return fmt::format("{}. **{}**: {}{}\n", number, step.id, what, step.why.empty() ? "" : fmt::format(". {}", step.why));
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
    if (sql != nullptr && sql->lock_timeout && sql->retry.tries != 1) {
      return "\nA step that ends in a lock timeout changed nothing and is run again.\n";
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
    steps += step_line(i + 1, step, sql.has_value());
    if (sql) files.push_back({file_name(i + 1, step), comment(step) + *sql});
  }
  for (const Version& version : proposal.versions) versions += version_section(version);
  files.push_back({"README.md", fmt::format("# {}: {}\n\n## Steps, in order\n\n{}{}\n## Versions\n{}{}", scenario.name,
                                            proposal.name, steps, retry_note(proposal), versions, assumptions(proposal))});
  return files;
}

}  // namespace midflight::cli
