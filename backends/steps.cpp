#include "backends/steps.h"

#include <algorithm>
#include <optional>

#include "sim/conduct/cleanup.h"
#include "sim/kernel/error.h"
#include "sim/model/sql_text.h"
#include "sim/sql/parse.h"
#include "sim/sql/render.h"

namespace midflight::backends {

/// The session of one step.  One task of it runs at a time.
struct StepRunner::Transaction {
  std::unique_ptr<Session> session;   ///< opened on the crew
  Schema schema;                      ///< as the open transaction sees it
  std::vector<const Statement*> done;
  std::optional<Statement> cleanup;   ///< what a failed try may have left
  std::string batch_sql;
  Instant granted{};                  ///< of its write lock
  Instant asked{};
  std::int64_t last_rowid = 0;        ///< when the backfill began
};

struct StepRunner::Report {
  std::size_t step = 0;
  Answer answer;
  Instant asked{}, granted{}, end{};
  Instant released() const { return end - answer.after_release; }
  bool over = true;                   ///< the transaction ended, either way
  const Statement* statement = nullptr;
  std::int64_t disagreeing = -1;
};

namespace {

Limits limits_of(Duration lock_timeout, Duration busy_timeout, Duration statement_timeout) {
  Limits limits;
  limits.lock_timeout = std::min(lock_timeout, busy_timeout);
  limits.deadline_error = ErrorClass::StatementTimeout;
  if (statement_timeout < Duration::max()) limits.deadline = Clock::now() + std::chrono::nanoseconds(statement_timeout.ns);
  return limits;
}

bool changes_anything(const SqlStep& step) {
  return std::any_of(step.statements.begin(), step.statements.end(),
                     [](const Statement& s) { return s.kind != StatementKind::Select; });
}

/// Runs statements one after the other; adds up what they waited.
Answer run_all(Session& session, const std::vector<std::string>& statements, const Row& parameters, const Limits& limits,
               Duration waited) {
  Answer answer;
  for (const std::string& sql : statements) {
    answer = session.run(sql, parameters, limits);
    waited += answer.lock_wait;
    if (!answer.ok()) break;
  }
  answer.lock_wait = waited;
  return answer;
}

Answer commit(Session& session, const Limits& limits, Answer so_far) {
  Answer answer = session.commit(limits);
  answer.lock_wait += so_far.lock_wait;
  return answer;
}

}  // namespace

StepRunner::StepRunner(const RunContext& context, Tell tell)
    : context_(context),
      tell_(std::move(tell)),
      schema_(context.scenario.schema),
      measurements_(context.proposal.plan.steps.size()),
      stretches_(measurements_.size()) {}

StepRunner::~StepRunner() = default;

void StepRunner::began(std::size_t step) {
  StepMeasurement& m = measurements_[step];
  m.reached = true;
  m.start = m.end = context_.clock.now();
}

void StepRunner::ended(std::size_t step) {
  StepMeasurement& m = measurements_[step];
  m.end = context_.clock.now();
  context_.story.tell(m.start, m.end, "step " + context_.step(step).id, step_text(context_.step(step)));
  transactions_.erase(step);
}

void StepRunner::start(std::size_t step, int attempt) {
  auto& transaction = transactions_[step];
  if (!transaction) transaction = std::make_shared<Transaction>();
  transaction->schema = schema_;
  transaction->done.clear();
  StepMeasurement& m = measurements_[step];
  m.tries = std::max<std::int64_t>(m.tries, attempt);
}

void StepRunner::run(const conduct::RunStatement& c) {
  if (c.cleanup && context_.backend.dialect().engine == Engine::Sqlite) {
    // Its DDL is transactional: nothing is left that would have to go.
    return context_.loop.post([this, c] { tell_(conduct::StatementEnded{c.step, {}}); });
  }
  const auto& sql_step = std::get<SqlStep>(context_.step(c.step).action);
  if (c.begins) start(c.step, c.attempt);
  const std::shared_ptr<Transaction> t = transactions_.at(c.step);
  if (c.cleanup) t->cleanup = conduct::cleanup_of(sql_step.statements[c.statement]);
  const Statement& statement = c.cleanup ? *t->cleanup : sql_step.statements[c.statement];
  const std::vector<std::string> sql = sql::render(statement, t->schema, context_.backend.dialect());
  const std::string disagreement = disagreement_before(statement);
  const bool writes = changes_anything(sql_step);
  context_.crew.submit([this, c, t, sql, writes, disagreement, &statement] {
    Report report;
    report.step = c.step;
    report.statement = &statement;
    if (!t->session) t->session = context_.backend.open("step " + context_.step(c.step).id, Role::Step);
    if (c.begins && !disagreement.empty()) report.disagreeing = std::get<std::int64_t>(t->session->query(disagreement)[0][0]);
    const Limits limits = limits_of(c.lock_timeout, context_.scenario.database.busy_timeout, c.statement_timeout);
    if (c.begins) {
      t->asked = context_.clock.now();
      report.answer = t->session->begin(writes, limits);
      t->granted = context_.clock.now();
    }
    if (report.answer.ok()) report.answer = run_all(*t->session, sql, {}, limits, report.answer.lock_wait);
    if (report.answer.ok() && c.commits) report.answer = commit(*t->session, limits, report.answer);
    if (!report.answer.ok()) t->session->rollback();
    report.over = c.commits || !report.answer.ok();
    report.asked = t->asked, report.granted = t->granted, report.end = context_.clock.now();
    context_.loop.post([this, report] { statement_ended(report); });
  });
}

void StepRunner::run(const conduct::RunBatch& c) {
  start(c.step, c.attempt);
  const std::shared_ptr<Transaction> t = transactions_.at(c.step);
  if (t->batch_sql.empty()) t->batch_sql = batch_sql(c.step);
  const auto& backfill = std::get<BackfillStep>(context_.step(c.step).action);
  const Table* table = schema_.base_table(backfill.update.accesses.front().relation);
  const bool last = table != nullptr && c.first_row + c.rows >= context_.catalogue.rows(table->name);
  const std::string range = "SELECT coalesce(max(rowid), 0) FROM " + sql::identifier(table != nullptr ? table->name : "");
  context_.crew.submit([this, c, t, last, range] {
    Report report;
    report.step = c.step;
    if (!t->session) t->session = context_.backend.open("step " + context_.step(c.step).id, Role::Step);
    if (c.batch == 0) {
      // Rows inserted since the filling belong to the last batch.
      const std::vector<Row> rows = t->session->query(range);
      t->last_rowid = rows.empty() ? 0 : std::get<std::int64_t>(rows[0][0]);
    }
    const std::int64_t until = last ? std::max(t->last_rowid, c.first_row + c.rows) : c.first_row + c.rows;
    const Limits limits = limits_of(c.lock_timeout, context_.scenario.database.busy_timeout, Duration::max());
    report.asked = context_.clock.now();
    report.answer = t->session->begin(true, limits);
    report.granted = context_.clock.now();
    if (report.answer.ok()) report.answer = run_all(*t->session, {t->batch_sql}, {c.first_row, until}, limits, report.answer.lock_wait);
    if (report.answer.ok()) report.answer = commit(*t->session, limits, report.answer);
    if (!report.answer.ok()) t->session->rollback();
    report.end = context_.clock.now();
    context_.loop.post([this, report] { statement_ended(report); });
  });
}

std::string StepRunner::batch_sql(std::size_t step) {
  const auto& backfill = std::get<BackfillStep>(context_.step(step).action);
  const std::vector<std::string> sql = sql::render(backfill.update, schema_, context_.backend.dialect());
  if (sql.size() != 1) throw Error(ErrorCode::NotSupported, "a backfill must stay one statement: " + backfill.update.sql);
  return limited_to_rowids(sql.front());
}

void StepRunner::statement_ended(const Report& report) {
  const std::shared_ptr<Transaction> t = transactions_.at(report.step);
  note(report);
  if (report.answer.ok() && report.statement != nullptr) {
    for (const Operation& operation : report.statement->operations) apply(operation, t->schema);
    t->done.push_back(report.statement);
    if (report.over) commit_schema(report.step, *t);
  }
  tell_(conduct::StatementEnded{report.step, report.answer.error});
}

void StepRunner::note(const Report& report) {
  StepMeasurement& m = measurements_[report.step];
  m.lock_wait += report.answer.lock_wait;
  if (report.disagreeing >= 0) disagreeing_rows_ = std::max<std::int64_t>(disagreeing_rows_, 0) + report.disagreeing;
  const std::string lane = "step " + context_.step(report.step).id;
  if (!report.answer.ok()) context_.story.tell(report.end, report.end, lane, "failed: " + report.answer.error.message);
  if (!report.over) return;
  stretches_[report.step].push_back({report.asked, report.released()});
  if (report.answer.error.error == ErrorClass::LockTimeout && report.answer.lock_wait >= report.granted - report.asked) return;
  m.held = std::max(m.held, report.released() - report.granted);
  m.locks = {{"database", LockMode::ExclusiveLock}};
  if (report.statement != nullptr) context_.story.tell(report.granted, report.released(), "lock database", lane + " holds ExclusiveLock");
}

void StepRunner::commit_schema(std::size_t, const Transaction& transaction) {
  // Another step may have committed meanwhile: the same operations on top of it.
  for (const Statement* statement : transaction.done) {
    for (const Operation& operation : statement->operations) apply(operation, schema_);
  }
}

void StepRunner::ask(const conduct::AskCheck& c) {
  const auto& check = std::get<CheckStep>(context_.step(c.step).action);
  const std::string sql = question(check);
  context_.crew.submit([this, c, sql] {
    bool holds = sql == "1";
    if (sql.size() > 1) {
      const auto session = context_.backend.open("step " + context_.step(c.step).id, Role::Step);
      const std::vector<Row> rows = session->query(sql);
      const auto* truth = rows.empty() || rows[0].empty() ? nullptr : std::get_if<std::int64_t>(&rows[0][0]);
      holds = truth != nullptr && *truth != 0;
    }
    context_.loop.post([this, c, holds] { tell_(conduct::CheckAnswered{c.step, holds}); });
  });
}

/// "0" or "1" where the schema knows the answer.
std::string StepRunner::question(const CheckStep& check) const {
  const std::string table = check.table.empty() ? "" : sql::identifier(check.table);
  const std::string column = check.column.empty() ? "" : sql::identifier(check.column);
  switch (check.kind) {
    case CheckStep::Kind::Filled:
      return "SELECT NOT EXISTS (SELECT 1 FROM " + table + " WHERE " + column + " IS NULL)";
    case CheckStep::Kind::Equal:
      return "SELECT NOT EXISTS (SELECT 1 FROM " + table + " WHERE " + column + " IS NOT " +
             sql::identifier(check.other_column) + ")";
    case CheckStep::Kind::Sql:
      return sql::render(sql::parse_one(check.sql), schema_, context_.backend.dialect()).front();
    case CheckStep::Kind::Valid: break;
  }
  for (const Table& t : schema_.tables) {
    for (const Constraint& c : t.constraints) {
      if (c.name == check.constraint) return c.valid ? "1" : "0";
    }
  }
  const Index* index = schema_.index(check.constraint);
  return index != nullptr && index->valid ? "1" : "0";
}

/// Counts rows that differ between a column about to be dropped and its successor.
std::string StepRunner::disagreement_before(const Statement& statement) const {
  for (const Operation& operation : statement.operations) {
    const auto* drop = std::get_if<DropColumn>(&operation);
    const Table* table = drop != nullptr ? schema_.table(drop->table) : nullptr;
    if (table == nullptr) continue;
    for (const MovedColumn& moved : context_.catalogue.moved()) {
      if (moved.table != drop->table || moved.from != drop->column || table->column(moved.to) == nullptr) continue;
      return "SELECT count(*) FROM " + sql::identifier(table->name) + " WHERE " + sql::identifier(moved.from) +
             " IS NOT " + sql::identifier(moved.to);
    }
  }
  return {};
}

std::string limited_to_rowids(const std::string& update) {
  const std::string range = "rowid > ?1 AND rowid <= ?2";
  int depth = 0;
  for (const SqlToken& token : sql_tokens(update)) {
    if (token.text == "(") ++depth;
    if (token.text == ")") --depth;
    if (depth != 0 || !is_word(token, "where")) continue;
    const auto condition = static_cast<std::size_t>(token.text.data() - update.data()) + token.text.size();
    return update.substr(0, condition) + " (" + update.substr(condition) + ") AND " + range;
  }
  return update + " WHERE " + range;
}

}  // namespace midflight::backends
