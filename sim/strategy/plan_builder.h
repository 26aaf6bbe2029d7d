#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/model/scenario.h"
#include "sim/strategy/strategy.h"

namespace midflight::strategy {

/// Writes a plan step by step; each step follows the one before.
///
/// Careful sql steps take the scenario's lock timeout, statement timeout and
/// retry; bare ones are typed into psql as they are.
class PlanBuilder {
 public:
  explicit PlanBuilder(const Scenario& scenario) : policy_(scenario.migration) {}

  /// One transaction of short statements.
  void sql(std::string id, const std::vector<std::string>& statements, std::string why);
  /// One statement that passes over the rows while the application works on:
  /// a statement timeout meant for short locks would only kill it.
  void online_sql(std::string id, const std::string& statement, std::string why);
  void careful(std::string id, const Statement& statement, std::string why);
  void bare(std::string id, const Statement& statement, std::string why);
  void deploy(std::string id, std::string version, std::string why);
  /// Stops the application.
  void stop(std::string id, std::string why) { deploy(std::move(id), "", std::move(why)); }
  /// The scenario's soak after a deployment; nothing if it has none.
  void soak(std::string id, std::string why);
  void backfill(std::string id, const Statement& update, std::string why);
  void check(std::string id, CheckStep condition, std::string why);

  Plan take() { return std::move(plan_); }

 private:
  void add(std::string id, Action action, std::string why);
  SqlStep careful_step() const;
  std::string unused_id(std::string id) const;

  const MigrationPolicy& policy_;
  Plan plan_;
};

/// For a change that needs no new release: the first version serves, and the v2
/// that the scenario lists, if it lists one, is deployed at the end.
void deploy_listed_v2(PlanBuilder& plan, Proposal& proposal, const Scenario& scenario, std::string why);

/// Errors: Error(NotSupported) with what the database would answer to a step.
void require_plan_fits(const Plan& plan, Schema schema);

}  // namespace midflight::strategy
