#include "sim/run/program.h"

#include <algorithm>

#include "sim/compat/compat.h"
#include "sim/conduct/cleanup.h"
#include "sim/kernel/error.h"
#include "sim/rules/rules.h"

namespace midflight {

Program::Program(const Scenario& s, const strategy::Proposal& p, cost::Profile prof)
    : scenario(s), proposal(p), profile(std::move(prof)) {
  compile_versions();
  compile_steps();
  find_pairs();
  set_warm_up();
  find_stale_plans();
  find_blocked_indexes();
}

std::uint32_t Program::version_index(const std::string& name) const {
  const auto found = std::find(versions.begin(), versions.end(), name);
  MIDFLIGHT_CHECK(found != versions.end());
  return static_cast<std::uint32_t>(found - versions.begin());
}

void Program::compile_versions() {
  for (const Version& version : proposal.versions) {
    versions.push_back(version.name);
    for (const Endpoint& endpoint : version.endpoints) {
      if (std::find(endpoints.begin(), endpoints.end(), endpoint.name) == endpoints.end()) {
        endpoints.push_back(endpoint.name);
        arrival_rate.push_back(0);
      }
      const auto e = std::find(endpoints.begin(), endpoints.end(), endpoint.name) - endpoints.begin();
      arrival_rate[static_cast<std::size_t>(e)] =
          std::max(arrival_rate[static_cast<std::size_t>(e)], endpoint.rate_per_second);
    }
  }
  table.assign(versions.size() + 1, std::vector<CompiledEndpoint>(endpoints.size()));
  for (std::size_t v = 0; v < versions.size(); ++v) {
    for (const Endpoint& endpoint : proposal.versions[v].endpoints) {
      const auto e = static_cast<std::size_t>(
          std::find(endpoints.begin(), endpoints.end(), endpoint.name) - endpoints.begin());
      CompiledEndpoint& compiled = table[v][e];
      compiled.served = true;
      compiled.rate = endpoint.rate_per_second;
      const double share = endpoint.rate_per_second / arrival_rate[e];
      compiled.accept_below = share >= 1 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(share * 0x1p64);
      compiled.time = endpoint.time;
      compiled.think = endpoint.think;
      for (const Statement& statement : endpoint.statements) {
        compiled.statements.push_back(static_cast<std::uint32_t>(statements.size()));
        statements.push_back(&statement);
      }
    }
  }
  // Without an instance the client still calls: as it did when the plan began.
  table.back() = table.front();
  versions.emplace_back();
  first_background = statements.size();
  for (const BackgroundJob& job : scenario.background) statements.push_back(&job.statement);
}

void Program::compile_steps() {
  for (const Step& step : proposal.plan.steps) {
    std::vector<const Statement*>& numbered = step_statements_.emplace_back();
    if (const auto* backfill = std::get_if<BackfillStep>(&step.action)) numbered.push_back(&backfill->update);
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql == nullptr) continue;
    for (const Statement& statement : sql->statements) numbered.push_back(&statement);
    for (const Statement& statement : sql->statements) {
      std::optional<Statement> cleanup = conduct::cleanup_of(statement);
      numbered.push_back(cleanup ? &cleanups_.emplace_back(std::move(*cleanup)) : nullptr);
    }
  }
}

void Program::set_warm_up() {
  constexpr double kNegligible = 0.001;
  const auto unfinished = [&](Duration w) {
    double requests = 0;
    for (const auto& version : table) {
      double mine = 0;
      for (const CompiledEndpoint& e : version) {
        if (!e.served) continue;
        mine += e.rate * (e.time.excess_seconds(w) + e.think.excess_seconds(w));
      }
      requests = std::max(requests, mine);
    }
    return requests;
  };
  warm_up = Duration::milliseconds(50);
  while (unfinished(warm_up) > kNegligible && warm_up < Duration::seconds(30)) warm_up = warm_up * 2;
}

void Program::find_stale_plans() {
  if (!scenario.app.prepared) return;
  Schema schema = scenario.schema;
  for (const Step& step : proposal.plan.steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql == nullptr) continue;
    const Schema before = schema;
    for (const Statement& statement : sql->statements) {
      for (const Operation& operation : statement.operations) midflight::apply(operation, schema);
    }
    for (std::size_t i = 0; i < first_background; ++i) {
      // Where it does not fit before, there is no plan of it that could go stale.
      plans_go_stale |= !compat::failure(*statements[i], before, scenario.database.dialect) &&
                        compat::result_type_changed(*statements[i], before, schema);
    }
  }
}

namespace {

bool locks_exclusively(const LocksAndWork& work, const std::string& relation) {
  const RelationLock exclusive{relation, LockMode::AccessExclusiveLock};
  return std::any_of(work.phases.begin(), work.phases.end(), [&](const Phase& phase) {
    return std::find(phase.locks.begin(), phase.locks.end(), exclusive) != phase.locks.end();
  });
}

/// Adds indexes that a statement locks against readers while their table stays open.
void add_blocked_indexes(const LocksAndWork& work, const Schema& schema, std::vector<std::string>& out) {
  for (const Table& table : schema.tables) {
    if (locks_exclusively(work, table.name)) continue;
    for (const Index& index : table.indexes) {
      const bool known = std::find(out.begin(), out.end(), index.relation()) != out.end();
      if (!known && locks_exclusively(work, index.relation())) out.push_back(index.relation());
    }
  }
}

}  // namespace

void Program::find_blocked_indexes() {
  if (scenario.database.dialect.engine != Engine::Postgresql) return;
  Schema schema = scenario.schema;
  for (const Step& step : proposal.plan.steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql == nullptr) continue;
    for (const Statement& statement : sql->statements) {
      add_blocked_indexes(rules::locks_and_work(statement, schema, scenario.database.dialect), schema, blocked_indexes);
      for (const Operation& operation : statement.operations) midflight::apply(operation, schema);
    }
  }
}

}  // namespace midflight
