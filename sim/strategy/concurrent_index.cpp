#include <variant>

#include "sim/model/sql_text.h"
#include "sim/strategy/all.h"
#include "sim/strategy/plan_builder.h"
#include "sim/strategy/refusal.h"

// CREATE INDEX without keeping writers out: the build passes over the rows twice
// and waits for older transactions instead of for a lock that others wait behind.
// Source: PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently".

namespace midflight::strategy {
namespace {

/// The statement as it is written, with CONCURRENTLY behind INDEX.
std::string concurrently(std::string_view sql) {
  for (const SqlToken& token : sql_tokens(sql)) {
    if (!is_word(token, "index")) continue;
    const std::size_t end = static_cast<std::size_t>(token.text.data() - sql.data()) + token.text.size();
    return std::string(sql.substr(0, end)) + " CONCURRENTLY" + std::string(sql.substr(end));
  }
  return std::string(sql);
}

}  // namespace

Proposal concurrent_index(const Scenario& scenario) {
  if (scenario.database.dialect.engine == Engine::Sqlite) refuse("SQLite has one writer at a time and knows no CONCURRENTLY");
  PlanBuilder plan(scenario);
  plan.online_sql("index", concurrently(scenario.change->sql), "Writers go on; the build waits for transactions that are older than it is.");
  Proposal proposal;
  proposal.name = "concurrent_index";
  deploy_listed_v2(plan, proposal, scenario, "The release that relies on the index.");
  const Index& index = std::get<CreateIndex>(scenario.change->operations.front()).index;
  if (index.unique) proposal.assumptions.push_back("No two rows of " + index.table + " are equal in the index when the build begins.");
  proposal.plan = plan.take();
  require_plan_fits(proposal.plan, scenario.schema);
  return proposal;
}

}  // namespace midflight::strategy
