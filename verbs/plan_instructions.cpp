#include "verbs/plan_instructions.h"

#include <fmt/core.h>

#include <algorithm>

namespace midflight::verbs {

namespace {

/// The files of the steps that `wanted` accepts, as code and with commas; empty if there are none.
template <typename Wanted>
std::string files_of(const Plan& plan, Wanted wanted) {
  std::string out;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (wanted(plan.steps[i])) out += fmt::format("{}`{}`", out.empty() ? "" : ", ", sql_file_name(i + 1, plan.steps[i]));
  }
  return out;
}

template <typename Kind>
bool is(const Step& step) {
  return std::holds_alternative<Kind>(step.action);
}

bool is_alone(const Step& step) {
  const auto* sql = std::get_if<SqlStep>(&step.action);
  return sql != nullptr && runs_alone(*sql);
}

std::string item(const std::string& files, const std::string& sentence) {
  return files.empty() ? "" : fmt::format("- {}: {}\n", files, sentence);
}

/// The commands of the engine's own shell, one file each.
std::string commands(const Plan& plan, bool postgres) {
  const auto has_file = [](const Step& s) { return !is<DeployStep>(s) && !is<WaitStep>(s); };
  const auto first = std::find_if(plan.steps.begin(), plan.steps.end(), has_file);
  if (first == plan.steps.end()) return "";
  const std::string file = sql_file_name(static_cast<std::size_t>(first - plan.steps.begin()) + 1, *first);
  if (!postgres) {
    return fmt::format("    sqlite3 app.db < {}\n\nRun one file at a time, in the order of their numbers. Each opens its own "
                       "transaction and stops at the first error.\n\n", file);
  }
  return fmt::format("    psql -X -f {} \"$DATABASE_URL\"\n\nRun one file at a time, in the order of their numbers, without `-1` "
                     "(`--single-transaction`): a file that needs a transaction opens its own. An exit status other than 0 "
                     "means that the step is not done; do not go on.\n\n", file);
}

std::string transaction_rules(const Plan& plan, const Schema& schema, const Dialect& dialect) {
  const auto loops = [&](const Step& s) {
    const auto* backfill = std::get_if<BackfillStep>(&s.action);
    return backfill != nullptr && batched_table(*backfill, schema, dialect) != nullptr;
  };
  return item(files_of(plan, is_alone),
              "may not run inside a transaction. If a CREATE INDEX CONCURRENTLY is broken off, drop the invalid index it "
              "left before it is run again.") +
         item(files_of(plan, loops),
              "commits after every batch, so it may not run inside a transaction, and COMMIT in a DO block needs PostgreSQL "
              "11. Rows of finished batches stay done when it is broken off; run again, it begins with the first row.");
}

bool has_branches(const Plan& plan) {
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const std::vector<std::size_t> before = i == 0 ? std::vector<std::size_t>{} : std::vector<std::size_t>{i - 1};
    if (plan.steps[i].after != before) return true;
  }
  return false;
}

}  // namespace

bool runs_alone(const SqlStep& step) {
  return std::any_of(step.statements.begin(), step.statements.end(), [](const Statement& s) { return s.refuses_transaction; });
}

std::string sql_file_name(std::size_t number, const Step& step) { return fmt::format("{:02}_{}.sql", number, step.id); }

const Table* batched_table(const BackfillStep& step, const Schema& schema, const Dialect& dialect) {
  if (dialect.engine != Engine::Postgresql) return nullptr;
  for (const Access& access : step.update.accesses) {
    if (access.writes.empty()) continue;
    const Table* table = schema.base_table(access.relation);
    return table == nullptr || table->primary_key().empty() ? nullptr : table;
  }
  return nullptr;
}

std::string how_to_run(const Plan& plan, const Schema& schema, const Dialect& dialect) {
  const bool postgres = dialect.engine == Engine::Postgresql;
  const auto deploys = [](const Step& s) { return is<DeployStep>(s); };
  std::string out = "\n## To run it\n\n" + commands(plan, postgres);
  if (postgres) out += transaction_rules(plan, schema, dialect);
  out += item(files_of(plan, is<CheckStep>), fmt::format("must answer `{}`; otherwise stop here.", postgres ? "t" : "1"));
  if (std::any_of(plan.steps.begin(), plan.steps.end(), deploys)) {
    out += "- A `deploy` is done when the last instance of the version before it is gone; only then comes the next step.\n";
  }
  if (has_branches(plan)) out += "- Steps that name others after \"follows\" wait for those only and may run beside the rest.\n";
  return out;
}

}  // namespace midflight::verbs
