#include "backends/steps.h"

#include <algorithm>
#include <optional>

#include "backends/data/batches.h"
#include "backends/data/words.h"
#include "backends/step_sql.h"
#include "sim/conduct/cleanup.h"
#include "sim/kernel/error.h"
#include "sim/sql/render.h"

namespace midflight::backends {

/// The session of one step.  One task of it runs at a time.
struct StepRunner::Transaction {
  std::unique_ptr<Session> session;   ///< opened on the crew
  Schema schema;                      ///< as the open transaction sees it
  std::vector<const Statement*> done;
  std::optional<Statement> cleanup;   ///< what a failed try may have left
  std::optional<Batches> batches;
  std::string batch_sql;
  Instant asked{};                    ///< its first lock
  Instant granted = Instant::never(); ///< its strongest one
  LockMode strongest = LockMode::AccessShareLock;
  std::int64_t extent = 0;            ///< of the table, when the backfill began
};

/// A statement, made ready on the loop for the crew.
struct StepRunner::Task {
  const Statement& statement;         ///< of the plan, or the transaction's cleanup
  std::vector<std::string> sql;
  std::string disagreement;           ///< asks for rows that disagree; "": nothing to ask
  bool sqlite, alone, writes;
};

struct StepRunner::Report {
  std::size_t step = 0;
  Answer answer;
  Instant asked{}, granted = Instant::never(), end{};
  Instant released() const { return end - answer.after_release; }
  bool over = true;                   ///< the transaction ended, either way
  const Statement* statement = nullptr;
  std::vector<RelationLock> locks;    ///< held just before the transaction ended
  std::int64_t disagreeing = -1;
};

namespace {

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

/// SQLite waits no longer than its busy timeout, whatever the plan says.
Limits StepRunner::limits_of(Duration lock_timeout, Duration statement_timeout) const {
  Limits limits;
  const bool sqlite = context_.backend.dialect().engine == Engine::Sqlite;
  limits.lock_timeout = sqlite ? std::min(lock_timeout, context_.scenario.database.busy_timeout) : lock_timeout;
  limits.deadline_error = ErrorClass::StatementTimeout;
  limits.enough = &over_;
  if (statement_timeout < Duration::max()) limits.deadline = Clock::now() + std::chrono::nanoseconds(statement_timeout.ns);
  return limits;
}

/// The answer to a question of the replay's own; 0 where the plan has ended meanwhile.
std::int64_t StepRunner::number(Session& session, const std::string& sql) const {
  const Answer answer = session.run(sql, {}, limits_of(Duration::max(), Duration::max()));
  if (!answer.ok() && !over_) throw Error(ErrorCode::Database, answer.error.message + " (in `" + sql.substr(0, 200) + "`)");
  const auto* value = answer.first ? std::get_if<std::int64_t>(&*answer.first) : nullptr;
  return value != nullptr ? *value : 0;
}

void StepRunner::run(const conduct::RunStatement& c) {
  const Dialect dialect = context_.backend.dialect();
  const bool sqlite = dialect.engine == Engine::Sqlite;
  if (c.cleanup && sqlite) {
    // Its DDL is transactional: nothing is left that would have to go.
    return context_.loop.post([this, c] { tell_(conduct::StatementEnded{c.step, {}}); });
  }
  const auto& sql_step = std::get<SqlStep>(context_.step(c.step).action);
  if (c.begins) start(c.step, c.attempt);
  const std::shared_ptr<Transaction> t = transactions_.at(c.step);
  if (c.cleanup) t->cleanup = conduct::cleanup_of(sql_step.statements[c.statement]);
  const Statement& statement = c.cleanup ? *t->cleanup : sql_step.statements[c.statement];
  const Task task{statement, sql::render(statement, t->schema, dialect), disagreement_sql(statement, t->schema, context_.catalogue, dialect),
                  sqlite, !sqlite && runs_alone(statement), changes_anything(sql_step)};
  context_.crew.submit([this, c, t, task] {
    const Report report = carry_out(c, *t, task);
    context_.loop.post([this, report] { statement_ended(report); });
  });
}

StepRunner::Report StepRunner::carry_out(const conduct::RunStatement& c, Transaction& t, const Task& task) const {
  Report report;
  report.step = c.step;
  report.statement = &task.statement;
  if (!t.session) t.session = context_.backend.open("step " + context_.step(c.step).id, Role::Step);
  // All rows are read for it, so once, before the step's time begins.
  if (c.begins && c.attempt == 1 && !task.disagreement.empty()) report.disagreeing = number(*t.session, task.disagreement);
  const Limits limits = limits_of(c.lock_timeout, c.statement_timeout);
  if (c.begins) report.answer = begin(t, task, limits);
  if (report.answer.ok()) report.answer = execute(t, task, limits, report.answer.lock_wait);
  if (report.answer.ok() && c.commits) {
    report.locks = t.session->held_locks();
    if (!task.alone) report.answer = commit(*t.session, limits, report.answer);
  }
  if (!report.answer.ok()) t.session->rollback();
  report.over = c.commits || !report.answer.ok();
  report.asked = t.asked, report.granted = t.granted, report.end = context_.clock.now();
  return report;
}

Answer StepRunner::begin(Transaction& t, const Task& task, const Limits& limits) const {
  t.asked = context_.clock.now();
  t.granted = Instant::never();
  Answer answer;
  if (!task.alone) answer = t.session->begin(task.writes, limits);
  // The lock of SQLite's writers comes with the transaction, all others with statements.
  if (task.sqlite) t.granted = context_.clock.now();
  return answer;
}

Answer StepRunner::execute(Transaction& t, const Task& task, const Limits& limits, Duration waited) const {
  const Instant began = context_.clock.now();
  Answer answer = run_all(*t.session, task.sql, {}, limits, waited);
  const LockMode mode = strongest_mode(task.statement);
  const bool stronger = t.granted == Instant::never() || mode > t.strongest;
  if (!task.sqlite && answer.ok() && stronger) t.granted = began + (task.alone ? Duration{} : answer.lock_wait), t.strongest = mode;
  return answer;
}

void StepRunner::run(const conduct::RunBatch& c) {
  start(c.step, c.attempt);
  const std::shared_ptr<Transaction> t = transactions_.at(c.step);
  if (t->batch_sql.empty()) t->batch_sql = batch_sql(c.step);
  context_.crew.submit([this, c, t] {
    Report report;
    report.step = c.step;
    if (!t->session) t->session = context_.backend.open("step " + context_.step(c.step).id, Role::Step);
    if (c.batch == 0) t->extent = number(*t->session, t->batches->extent_sql());
    const Limits limits = limits_of(c.lock_timeout, Duration::max());
    report.asked = context_.clock.now();
    report.answer = t->session->begin(true, limits);
    report.granted = context_.clock.now();
    const Row bounds = t->batches->bounds(c.first_row, c.rows, t->extent);
    if (report.answer.ok()) report.answer = run_all(*t->session, {t->batch_sql}, bounds, limits, report.answer.lock_wait);
    if (report.answer.ok() && c.batch == 0) report.locks = t->session->held_locks();
    if (report.answer.ok()) report.answer = commit(*t->session, limits, report.answer);
    if (!report.answer.ok()) t->session->rollback();
    report.end = context_.clock.now();
    context_.loop.post([this, report] { statement_ended(report); });
  });
}

std::string StepRunner::batch_sql(std::size_t step) {
  const auto& backfill = std::get<BackfillStep>(context_.step(step).action);
  const Dialect dialect = context_.backend.dialect();
  const std::vector<std::string> sql = sql::render(backfill.update, schema_, dialect);
  if (sql.size() != 1) throw Error(ErrorCode::NotSupported, "a backfill must stay one statement: " + backfill.update.sql);
  const Table* table = schema_.base_table(backfill.update.accesses.front().relation);
  Transaction& t = *transactions_.at(step);
  t.batches.emplace(table != nullptr ? table->name : backfill.update.accesses.front().relation, context_.catalogue, dialect);
  return limited_to(sql.front(), t.batches->condition());
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
  if (report.disagreeing >= 0) {
    disagreeing_rows_ = std::max<std::int64_t>(disagreeing_rows_, 0) + report.disagreeing;
    m.start = report.asked;
  }
  const std::string lane = "step " + context_.step(report.step).id;
  if (!report.answer.ok()) context_.story.tell(report.end, report.end, lane, "failed: " + report.answer.error.message);
  if (!report.over) return;
  stretches_[report.step].push_back({report.asked, report.released()});
  if (report.granted == Instant::never()) return;
  if (report.answer.error.error == ErrorClass::LockTimeout && report.answer.lock_wait >= report.granted - report.asked) return;
  m.held = std::max(m.held, report.released() - report.granted);
  note_locks(report);
}

void StepRunner::note_locks(const Report& report) {
  std::vector<RelationLock>& known = measurements_[report.step].locks;
  std::vector<RelationLock> locks = report.locks;
  if (context_.backend.dialect().engine == Engine::Sqlite) locks = {{"database", LockMode::ExclusiveLock}};
  for (const RelationLock& lock : locks) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const RelationLock& k) { return k.relation == lock.relation; });
    if (found == known.end()) known.push_back(lock);
    else found->mode = std::max(found->mode, lock.mode);
    if (report.statement == nullptr) continue;
    context_.story.tell(report.granted, report.released(), "lock " + lock.relation,
                        "step " + context_.step(report.step).id + " holds " + std::string(lock_mode_name(lock.mode)));
  }
}

void StepRunner::commit_schema(std::size_t, const Transaction& transaction) {
  // Another step may have committed meanwhile: the same operations on top of it.
  for (const Statement* statement : transaction.done) {
    for (const Operation& operation : statement->operations) apply(operation, schema_);
  }
}

void StepRunner::ask(const conduct::AskCheck& c) {
  const std::string sql = check_sql(std::get<CheckStep>(context_.step(c.step).action), schema_, context_.backend.dialect());
  context_.crew.submit([this, c, sql] {
    bool holds = sql == "1";
    if (sql.size() > 1) holds = number(*context_.backend.open("step " + context_.step(c.step).id), sql) != 0;
    context_.loop.post([this, c, holds] { tell_(conduct::CheckAnswered{c.step, holds}); });
  });
}

}  // namespace midflight::backends
