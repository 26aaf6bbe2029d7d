#include "sim/check/predict.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/check/settings.h"
#include "sim/compat/compat.h"

namespace midflight::check {
namespace {

std::optional<Duration> limit(const std::optional<Duration>& timeout) {
  return timeout && timeout->ns > 0 ? timeout : std::nullopt;
}

SqlStep step_of(const std::vector<const Seen*>& statements, const Scenario& scenario) {
  SqlStep step;
  for (const Seen* seen : statements) {
    if (!is_work(*seen)) continue;
    step.statements.push_back(seen->statement);
    if (step.statements.size() > 1) continue;
    step.lock_timeout = limit(seen->timeouts.lock);
    step.statement_timeout = limit(seen->timeouts.statement);
  }
  step.retry = scenario.migration.retry;
  return step;
}

bool breaks(const Endpoint& endpoint, const Schema& schema, const Dialect& dialect) {
  return std::any_of(endpoint.statements.begin(), endpoint.statements.end(), [&](const Statement& statement) {
    return compat::failure(statement, schema, dialect).has_value();
  });
}

/// The scenario as it stands before the transaction: its schema, and the first
/// version without what is broken already.
Scenario before(const TransactionToPredict& transaction, const Scenario& scenario) {
  Scenario out = scenario;
  out.schema = transaction.before;
  out.change.reset();
  out.app.versions.resize(std::min<std::size_t>(out.app.versions.size(), 1));
  for (Version& version : out.app.versions) {
    std::erase_if(version.endpoints, [&](const Endpoint& e) { return breaks(e, out.schema, out.database.dialect); });
  }
  std::erase_if(out.background, [&](const BackgroundJob& job) {
    return compat::failure(job.statement, out.schema, out.database.dialect).has_value();
  });
  return out;
}

bool fits(const std::vector<const Seen*>& statements, Schema schema) {
  for (const Seen* seen : statements) {
    for (const Operation& operation : seen->statement.operations) {
      if (!apply(operation, schema).empty()) return false;
    }
  }
  return true;
}

/// Anything stronger than reads and single rows take.
bool may_block(const LocksAndWork& work) {
  return std::any_of(work.phases.begin(), work.phases.end(), [](const Phase& phase) {
    const bool locks = std::any_of(phase.locks.begin(), phase.locks.end(), [](const RelationLock& l) { return l.mode >= LockMode::ShareUpdateExclusiveLock; });
    const bool works = std::any_of(phase.work.begin(), phase.work.end(), [](const Work& w) { return w.kind != WorkKind::Metadata; });
    return locks || works;
  });
}

template <class Of>
metrics::Summary over(const std::vector<Measurement>& runs, const Of& of) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const Measurement& run : runs) values.push_back(of(run));
  return metrics::summarize(std::move(values));
}

Predicted summed(const std::vector<Measurement>& runs) {
  Predicted out;
  out.runs = static_cast<int>(runs.size());
  out.gave_up = static_cast<int>(std::count_if(runs.begin(), runs.end(), [](const Measurement& m) { return !m.completed; }));
  out.lock_wait_s = over(runs, [](const Measurement& m) { return m.steps.front().lock_wait.seconds(); });
  out.held_s = over(runs, [](const Measurement& m) { return m.steps.front().held.seconds(); });
  out.blocked_requests = over(runs, [](const Measurement& m) { return static_cast<double>(m.steps.front().blocked_requests); });
  out.failed_requests = over(runs, [](const Measurement& m) { return static_cast<double>(m.failed_requests); });
  out.downtime_s = over(runs, [](const Measurement& m) { return m.downtime.seconds(); });
  return out;
}

std::set<std::string> relations_of(const TransactionToPredict& transaction) {
  std::set<std::string> out;
  for (const Seen* seen : transaction.statements) {
    for (const Phase& phase : seen->work.phases) {
      for (const RelationLock& lock : phase.locks) out.insert(lock.relation);
    }
  }
  return out;
}

bool uses(const Statement& statement, const std::set<std::string>& relations) {
  return std::any_of(statement.accesses.begin(), statement.accesses.end(), [&](const Access& a) { return relations.contains(a.relation); });
}

std::string with_thousands(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

}  // namespace

bool is_work(const Seen& seen) {
  return seen.work.understood && transaction_word(seen.statement) == TransactionWord::None && !setting_change(seen.statement);
}

std::optional<Predicted> predict_transaction(const TransactionToPredict& transaction, const Scenario& scenario,
                                             const RunOptions& options) {
  const auto& statements = transaction.statements;
  if (std::none_of(statements.begin(), statements.end(), [](const Seen* s) { return is_work(*s) && may_block(s->work); })) return std::nullopt;
  if (!fits(statements, transaction.before) || scenario.app.versions.empty()) return std::nullopt;
  const Scenario world = before(transaction, scenario);
  strategy::Proposal proposal;
  proposal.name = "check";
  proposal.versions = world.app.versions;
  Step step;
  step.id = "migration";
  step.action = step_of(statements, scenario);
  proposal.plan.steps.push_back(std::move(step));
  return summed(predict(world, proposal, options).runs);
}

std::string inputs_of(const TransactionToPredict& transaction, const Scenario& scenario) {
  const std::set<std::string> relations = relations_of(transaction);
  std::string out;
  for (const std::string& name : relations) {
    const Table* table = transaction.before.table(name);
    if (table != nullptr) out += fmt::format("{}{} rows of {}", out.empty() ? "" : ", ", with_thousands(table->rows), name);
  }
  double rate = 0;
  for (const Endpoint& endpoint : scenario.app.versions.front().endpoints) {
    const auto& all = endpoint.statements;
    if (std::any_of(all.begin(), all.end(), [&](const Statement& s) { return uses(s, relations); })) rate += endpoint.rate_per_second;
  }
  out += fmt::format("{}{:.4g} requests/s", out.empty() ? "" : ", ", rate);
  for (const BackgroundJob& job : scenario.background) {
    if (uses(job.statement, relations)) out += fmt::format(", {}", job.name);
  }
  return out;
}

Severity severity_of(const Predicted& predicted) {
  if (predicted.downtime_s.p95 > 0 || predicted.failed_requests.p95 > 0) return Severity::Danger;
  const bool ever = predicted.downtime_s.mean > 0 || predicted.failed_requests.mean > 0;
  return ever ? Severity::Caution : Severity::Note;
}

}  // namespace midflight::check
