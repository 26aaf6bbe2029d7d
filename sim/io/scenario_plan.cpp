#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "sim/graph/order.h"
#include "sim/io/scenario_check_step.h"
#include "sim/io/scenario_keys.h"
#include "sim/io/scenario_reader.h"
#include "sim/io/yaml_text.h"

namespace midflight::io {
namespace {

constexpr std::int64_t kBatchMost = 100'000'000;
constexpr std::size_t kStepsMost = 1000;

struct StepKind {
  std::string_view key;    ///< the key that makes a step one of this kind
  std::string_view table;  ///< its key table
};
constexpr std::array<StepKind, 5> kKinds = {{{"sql", "sql_step"},
                                             {"deploy", "deploy_step"},
                                             {"backfill", "backfill_step"},
                                             {"wait", "wait_step"},
                                             {"check", "check_step"}}};

/// A step of a plan tries once, unless it says otherwise; a retry pauses 1s.
Retry step_retry(const Section& section) {
  const Value* value = section.find("retry");
  if (value == nullptr) return {};
  return read_retry(*value, {1, Duration::seconds(1), 1, Duration::max()});
}

Action read_sql_step(const Section& section) {
  SqlStep step;
  const Value& sql = *section.find("sql");
  for (const Value& item : sql.is_list() ? sql.items() : std::vector<Value>{sql}) {
    for (Statement& statement : read_statements(item)) step.statements.push_back(std::move(statement));
  }
  if (sql.is_list() && sql.items().empty()) sql.problem("has no SQL statement");
  for (const Statement& statement : step.statements) {
    if (!statement.refuses_transaction || step.statements.size() == 1) continue;
    sql.document().add(statement.where, fmt::format("`{}`: this statement refuses to run inside a transaction; "
                                                    "give it a step of its own", sql.path()));
  }
  read_timeout(section, "lock_timeout", step.lock_timeout);
  read_timeout(section, "statement_timeout", step.statement_timeout);
  step.retry = step_retry(section);
  return step;
}

Action read_deploy_step(const Section& section, const Rollout& rollout) {
  DeployStep step;
  assign(step.version, section.name("deploy"));
  if (step.version == "none") step.version.clear();
  if (const Value* own = section.find("rollout")) step.rollout = read_rollout(*own, rollout);
  return step;
}

Action read_backfill_step(const Section& section) {
  BackfillStep step;
  const Value& value = *section.find("backfill");
  assign(step.update, read_statement(value));
  if (!step.update.sql.empty() && step.update.kind != StatementKind::Update) value.problem("must be an UPDATE");
  assign(step.batch, section.count("batch", 1, kBatchMost));
  assign(step.pause, section.duration("pause"));
  read_timeout(section, "lock_timeout", step.lock_timeout);
  step.retry = step_retry(section);
  return step;
}

Action read_action(const Section& section, std::string_view kind, const Rollout& rollout) {
  if (kind == "sql") return read_sql_step(section);
  if (kind == "deploy") return read_deploy_step(section, rollout);
  if (kind == "backfill") return read_backfill_step(section);
  if (kind == "check") return read_check_step(section);
  WaitStep wait;
  assign(wait.length, section.duration("wait"));
  return wait;
}

/// The kind of a step is the one of five keys that it has.
const StepKind* kind_of(const Value& item) {
  const StepKind* found = nullptr;
  std::vector<std::string> words;
  for (const auto& [key, value] : item.entries()) {
    for (const StepKind& kind : kKinds) {
      if (key.text() != kind.key) continue;
      found = &kind;
      words.push_back(fmt::format("`{}`", key.text()));
    }
  }
  if (words.size() == 1) return found;
  if (words.empty()) {
    item.problem("is no step: it needs one of `sql`, `deploy`, `backfill`, `wait` and `check`");
  } else {
    item.problem(fmt::format("is more than one step: it has {}", word_list(words)));
  }
  return nullptr;
}

struct ReadStep {
  Step step;
  std::optional<Value> after;
  Value value;
  bool follows = true;  ///< the step before it, for want of `after`
};

Value named_step(const Value& item) {
  for (const auto& [key, value] : item.entries()) {
    if (key.text() == "id" && !value.text().empty()) return item.named("plan." + value.text());
  }
  return item;
}

void read_id(const Section& section, Step& step) {
  assign(step.id, section.name("id"));
  const bool plain = std::all_of(step.id.begin(), step.id.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  });
  if (!plain) section.find("id")->problem("must consist of letters, digits, `.`, `-` and `_`");
}

std::optional<ReadStep> read_step(const Value& item, std::size_t number, Reading& reading) {
  if (!item.is_map()) {
    item.problem("must be a step such as {sql: ...} or {wait: 1h}");
    return std::nullopt;
  }
  const Value value = named_step(item);
  const StepKind* kind = kind_of(value);
  if (kind == nullptr) return std::nullopt;
  const Section section(value, keys_of(kind->table));
  ReadStep read{{}, std::nullopt, value};
  read.step.id = fmt::format("{}-{}", kind->key, number);
  read_id(section, read.step);
  read.step.where = value.where();
  read.step.action = read_action(section, kind->key, reading.scenario.app.rollout);
  if (kind->key == "backfill" && !section.has("batch")) reading.without_batch.push_back(read.step.id);
  if (const Value* after = section.find("after")) read.after.emplace(*after);
  read.follows = !section.has("after");
  return read;
}

std::size_t index_of(const std::vector<ReadStep>& steps, std::string_view id) {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const ReadStep& s) { return s.step.id == id; });
  return static_cast<std::size_t>(found - steps.begin());
}

void link(std::vector<ReadStep>& steps, std::size_t at) {
  Step& step = steps[at].step;
  if (steps[at].follows && at > 0) step.after = {at - 1};
  if (!steps[at].after) return;
  const Value& after = *steps[at].after;
  for (const Value& item : after.is_list() ? after.items() : std::vector<Value>{after}) {
    const std::optional<std::string> id = read_text(item);
    if (!id) continue;
    const std::size_t before = index_of(steps, *id);
    if (before < steps.size()) {
      step.after.push_back(before);
      continue;
    }
    std::vector<std::string_view> known;
    for (const ReadStep& other : steps) known.push_back(other.step.id);
    item.problem(fmt::format("names `{}`, a step the plan does not have{}", *id, did_you_mean(*id, known)));
  }
}

void report_duplicates(const std::vector<ReadStep>& steps) {
  for (std::size_t at = 0; at < steps.size(); ++at) {
    if (index_of(steps, steps[at].step.id) == at) continue;
    steps[at].value.problem(fmt::format("has the id `{}`, which an earlier step has", steps[at].step.id));
  }
}

void report_cycle(const Value& plan, const std::vector<ReadStep>& steps) {
  graph::Edges edges(steps.size());
  for (std::size_t at = 0; at < steps.size(); ++at) {
    for (const std::size_t before : steps[at].step.after) edges[before].push_back(at);
  }
  const std::vector<std::size_t> cycle = graph::find_cycle(edges);
  if (cycle.empty()) return;
  std::string path;
  for (const std::size_t at : cycle) path += fmt::format("`{}` -> ", steps[at].step.id);
  plan.problem(fmt::format("has a cycle: {}`{}`; each of these steps waits for the others", path,
                           steps[cycle.front()].step.id));
}

}  // namespace

void read_plan(const Section& root, Reading& reading) {
  const Value* given = root.find("plan");
  if (given == nullptr) return;
  if (!given->is_list() || given->items().empty()) return given->problem("must be a list of steps");
  const std::vector<Value> items = given->items();
  if (items.size() > kStepsMost) {
    return given->problem(fmt::format("has {} steps; at most {} are read", items.size(), kStepsMost));
  }
  std::vector<ReadStep> steps;
  std::size_t number = 0;
  for (const Value& item : items) {
    std::optional<ReadStep> step = read_step(item, ++number, reading);
    if (step) steps.push_back(std::move(*step));
  }
  for (std::size_t at = 0; at < steps.size(); ++at) link(steps, at);
  report_duplicates(steps);
  report_cycle(*given, steps);
  reading.scenario.plan.emplace();
  for (ReadStep& step : steps) reading.scenario.plan->steps.push_back(std::move(step.step));
}

}  // namespace midflight::io
