#include "sim/strategy/plan_builder.h"

#include <algorithm>

#include "sim/sql/parse.h"
#include "sim/strategy/refusal.h"
#include "sim/strategy/successor.h"

namespace midflight::strategy {

std::string PlanBuilder::unused_id(std::string id) const {
  const auto taken = [&](const std::string& name) {
    return std::any_of(plan_.steps.begin(), plan_.steps.end(), [&](const Step& s) { return s.id == name; });
  };
  std::string result = id;
  for (int n = 2; taken(result); ++n) result = id + "-" + std::to_string(n);
  return result;
}

void PlanBuilder::add(std::string id, Action action, std::string why) {
  Step step;
  step.id = unused_id(std::move(id));
  if (!plan_.steps.empty()) step.after = {plan_.steps.size() - 1};
  step.action = std::move(action);
  step.why = std::move(why);
  plan_.steps.push_back(std::move(step));
}

SqlStep PlanBuilder::careful_step() const {
  SqlStep step;
  step.lock_timeout = policy_.lock_timeout;
  step.statement_timeout = policy_.statement_timeout;
  step.retry = policy_.retry;
  return step;
}

void PlanBuilder::sql(std::string id, const std::vector<std::string>& statements, std::string why) {
  SqlStep step = careful_step();
  for (const std::string& text : statements) step.statements.push_back(sql::parse_one(text));
  add(std::move(id), std::move(step), std::move(why));
}

void PlanBuilder::online_sql(std::string id, const std::string& statement, std::string why) {
  SqlStep step = careful_step();
  step.statement_timeout.reset();
  step.statements.push_back(sql::parse_one(statement));
  add(std::move(id), std::move(step), std::move(why));
}

void PlanBuilder::careful(std::string id, const Statement& statement, std::string why) {
  SqlStep step = careful_step();
  step.statements.push_back(statement);
  add(std::move(id), std::move(step), std::move(why));
}

void PlanBuilder::bare(std::string id, const Statement& statement, std::string why) {
  SqlStep step;
  step.statements.push_back(statement);
  add(std::move(id), std::move(step), std::move(why));
}

void PlanBuilder::deploy(std::string id, std::string version, std::string why) {
  add(std::move(id), DeployStep{std::move(version), {}}, std::move(why));
}

void PlanBuilder::soak(std::string id, std::string why) {
  if (policy_.soak > Duration{}) add(std::move(id), WaitStep{policy_.soak}, std::move(why));
}

void PlanBuilder::backfill(std::string id, const Statement& update, std::string why) {
  BackfillStep step;
  step.update = update;
  step.batch = policy_.batch;
  step.pause = policy_.batch_pause;
  step.lock_timeout = policy_.lock_timeout;
  step.retry = policy_.retry;
  add(std::move(id), std::move(step), std::move(why));
}

void PlanBuilder::check(std::string id, CheckStep condition, std::string why) {
  add(std::move(id), std::move(condition), std::move(why));
}

void deploy_listed_v2(PlanBuilder& plan, Proposal& proposal, const Scenario& scenario, std::string why) {
  proposal.versions = {first_version(scenario)};
  const Version* next = listed_version(scenario, "v2");
  if (next == nullptr) return;
  plan.deploy("deploy", next->name, std::move(why));
  proposal.versions.push_back(*next);
}

void require_plan_fits(const Plan& plan, Schema schema) {
  for (const Step& step : plan.steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql == nullptr) continue;
    for (const Statement& statement : sql->statements) {
      for (const Operation& operation : statement.operations) {
        if (const std::string answer = apply(operation, schema); !answer.empty()) refuse("to " + step.id + " the database would answer: " + answer);
      }
    }
  }
}

}  // namespace midflight::strategy
