#include <algorithm>
#include <optional>
#include <variant>

#include "sim/kernel/error.h"
#include "sim/strategy/strategy.h"
#include "sim/strategy/successor.h"

namespace midflight::strategy {
namespace {

std::optional<Stage> stage_called(std::string_view name) {
  for (const Stage stage : {Stage::WriteBothReadOld, Stage::WriteBothReadNew, Stage::NewOnly}) {
    if (stage_name(stage) == name) return stage;
  }
  return std::nullopt;
}

/// The one column the plan adds to the table.
const Column* column_added_to(const Plan& plan, const std::string& table) {
  const Column* found = nullptr;
  for (const Step& step : plan.steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (!sql) continue;
    for (const Statement& statement : sql->statements) {
      for (const Operation& operation : statement.operations) {
        const auto* add = std::get_if<AddColumn>(&operation);
        if (!add || add->table != table) continue;
        if (found) return nullptr;
        found = &add->column;
      }
    }
  }
  return found;
}

[[noreturn]] void unknown_version(const Step& step, const std::string& name, const std::string& why) {
  throw Error(ErrorCode::BadInput, "step " + step.id + " deploys " + name + ", " + why, step.where);
}

Version derived(const Scenario& scenario, const Step& step, const std::string& name) {
  const std::optional<Stage> stage = stage_called(name);
  if (!stage || !scenario.change) unknown_version(step, name, "which app.versions does not list");
  require_change_fits(scenario);
  const Change change = classify(scenario);
  if (change.kind == ChangeKind::RenameColumn) return version_of(*stage, successor_of(change, scenario.schema), scenario);
  if (change.kind != ChangeKind::AlterColumnType) {
    unknown_version(step, name, "which can be derived for renaming a column and changing its type only; list it under app.versions");
  }
  Successor successor = successor_of(change, scenario.schema);
  const Column* added = column_added_to(*scenario.plan, change.table);
  if (!added && *stage == Stage::NewOnly) return unchanged_v2(scenario);
  if (!added) unknown_version(step, name, "which writes two columns, but the plan does not add exactly one to " + change.table);
  successor.to = added->name;
  return version_of(*stage, successor, scenario);
}

bool has_version(const std::vector<Version>& versions, const std::string& name) {
  return std::any_of(versions.begin(), versions.end(), [&](const Version& v) { return v.name == name; });
}

void add_deployed_versions(Proposal& proposal, const Scenario& scenario) {
  for (const Step& step : proposal.plan.steps) {
    const auto* deploy = std::get_if<DeployStep>(&step.action);
    if (!deploy || deploy->version.empty() || has_version(proposal.versions, deploy->version)) continue;
    const Version* listed = listed_version(scenario, deploy->version);
    proposal.versions.push_back(listed ? *listed : derived(scenario, step, deploy->version));
  }
}

}  // namespace

Proposal explicit_plan(const Scenario& scenario) {
  MIDFLIGHT_CHECK(scenario.plan.has_value());
  Proposal proposal;
  proposal.name = "plan";
  proposal.plan = *scenario.plan;
  proposal.versions = {first_version(scenario)};
  add_deployed_versions(proposal, scenario);
  return proposal;
}

}  // namespace midflight::strategy
