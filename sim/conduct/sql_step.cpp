#include <algorithm>
#include <utility>

#include "sim/conduct/cleanup.h"
#include "sim/conduct/steps.h"

namespace midflight::conduct {
namespace {

/// One transaction; or, where a statement refuses to run in one, each alone.
///
/// A failed transaction begins again at its first statement, a statement alone
/// with itself.  What a failed statement leaves, an invalid index, is removed
/// before it is tried again; a removal that fails is a try like any other.
class SqlMachine final : public PlanConductor::StepMachine {
 public:
  using StepMachine::on;
  SqlMachine(StepIndex index, const Step& step, const SqlStep& sql)
      : StepMachine(index, step), sql_(sql), attempts_(sql.retry), alone_(some_statement_refuses(sql)) {}

  void begin(Instant, Commands& out) override {
    if (sql_.statements.empty()) return finish();
    run(out);
  }

  void on(const StatementEnded& ended, Instant, Commands& out) override {
    if (ended.error.error != ErrorClass::None) return on_error(ended.error, out);
    if (std::exchange(cleaning_, false)) return run(out);
    if (++statement_ == sql_.statements.size()) return finish();
    run(out);
  }

  void on(const TimerFired& fired, Instant, Commands& out) override {
    if (is_current(fired)) run(out);
  }

 private:
  static bool some_statement_refuses(const SqlStep& sql) {
    return std::any_of(sql.statements.begin(), sql.statements.end(),
                       [](const Statement& statement) { return statement.refuses_transaction; });
  }

  void on_error(const ErrorKind& error, Commands& out) {
    cleaning_ = may_leave_an_index();
    const std::string left = alone_ ? what_may_be_left(sql_.statements[statement_]) : "";
    if (!attempts_.may_repeat(error)) return stop(attempts_.sentence(error) + left);
    if (!alone_) statement_ = 0;
    set_timer(attempts_.next(), out);
  }

  void run(Commands& out) const {
    const bool begins = alone_ || statement_ == 0;
    const bool commits = alone_ || statement_ + 1 == sql_.statements.size();
    out.push_back(RunStatement{index(), statement_, begins, commits, attempts_.current(),
                               sql_.lock_timeout.value_or(Duration::max()),
                               sql_.statement_timeout.value_or(Duration::max()), cleaning_});
  }

  bool may_leave_an_index() const { return alone_ && cleanup_of(sql_.statements[statement_]).has_value(); }

  const SqlStep& sql_;
  Attempts attempts_;
  bool alone_, cleaning_ = false;
  std::size_t statement_ = 0;
};

}  // namespace

Machine make_machine(StepIndex index, const Step& step, const SqlStep& sql, const RowCount&) {
  return std::make_unique<SqlMachine>(index, step, sql);
}

}  // namespace midflight::conduct
