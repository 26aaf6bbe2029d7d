#include <algorithm>

#include "sim/kernel/error.h"
#include "sim/strategy/all.h"
#include "sim/strategy/nearest.h"
#include "sim/strategy/refusal.h"
#include "sim/strategy/strategy.h"

namespace midflight::strategy {
namespace {

bool any_change(ChangeKind) { return true; }
bool rename(ChangeKind kind) { return kind == ChangeKind::RenameColumn; }
bool rename_or_type(ChangeKind kind) { return rename(kind) || kind == ChangeKind::AlterColumnType; }
bool not_null(ChangeKind kind) { return kind == ChangeKind::SetNotNull; }
bool index(ChangeKind kind) { return kind == ChangeKind::CreateIndex; }
bool constraint(ChangeKind kind) { return kind == ChangeKind::AddConstraint; }
bool key(ChangeKind kind) { return kind == ChangeKind::AddKey; }
bool update(ChangeKind kind) { return kind == ChangeKind::Update; }

Proposal refused(std::string_view name, std::string why) {
  Proposal proposal;
  proposal.name = name;
  proposal.refused = true;
  proposal.why = std::move(why);
  return proposal;
}

Proposal guarded(const Strategy& strategy, const Scenario& scenario) {
  const ChangeKind kind = classify(scenario).kind;
  if (!strategy.knows(kind)) {
    return refused(strategy.name, std::string(strategy.name) + " does not know what to do with " + std::string(change_words(kind)));
  }
  try {
    return strategy.propose(scenario);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::NotSupported || error.problems().empty()) throw;
    return refused(strategy.name, error.problems().front().message);
  }
}

void require_change(const Scenario& scenario) {
  if (!scenario.change) throw Error(ErrorCode::BadInput, "the scenario has neither a change nor a plan", {scenario.path, 0, 0});
  require_change_fits(scenario);
}

[[noreturn]] void unknown_strategy(std::string_view name) {
  std::vector<std::string_view> names;
  std::string all;
  for (const Strategy& s : strategies()) {
    names.push_back(s.name);
    all += (all.empty() ? "" : ", ") + std::string(s.name);
  }
  if (name.empty()) throw Error(ErrorCode::BadInput, "no strategy is named; --strategy takes one of " + all);
  throw Error(ErrorCode::BadInput, "unknown strategy \"" + std::string(name) + "\"; did you mean \"" +
                                       std::string(nearest(name, names)) + "\"?");
}

}  // namespace

const std::vector<Strategy>& strategies() {
  static const std::vector<Strategy> list = {
      {"expand_contract", "a second column, written beside the first, read, and then alone", expand_contract, rename_or_type},
      {"rename_with_view", "a view under the table's name shows the column under both names", rename_with_view, rename},
      {"safe_not_null", "a CHECK, validated while the application works, proves NOT NULL", safe_not_null, not_null},
      {"concurrent_index", "the index built CONCURRENTLY, while writers go on", concurrent_index, index},
      {"validate_later", "the constraint NOT VALID, then validated while the application works", validate_later, constraint},
      {"key_from_index", "the index built CONCURRENTLY, then made the constraint's own", key_from_index, key},
      {"batched", "the UPDATE in short transactions over ranges of the primary key", batched, update},
      {"maintenance_window", "stop the application, change, start the next release", maintenance_window, rename_or_type},
      {"naive", "the change as it stands, then the deployment", naive, any_change},
  };
  return list;
}

Proposal propose(const Scenario& scenario, std::string_view name) {
  if (scenario.plan && name == "plan") return explicit_plan(scenario);
  const auto& all = strategies();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Strategy& s) { return s.name == name; });
  if (found == all.end()) unknown_strategy(name);
  require_change(scenario);
  return guarded(*found, scenario);
}

std::vector<Proposal> propose_all(const Scenario& scenario) {
  if (scenario.plan) return {explicit_plan(scenario)};
  require_change(scenario);
  const ChangeKind kind = classify(scenario).kind;
  std::vector<Proposal> proposals;
  for (const Strategy& strategy : strategies()) {
    if (strategy.knows(kind)) proposals.push_back(guarded(strategy, scenario));
  }
  return proposals;
}

}  // namespace midflight::strategy
