#include <algorithm>

#include "sim/conduct/steps.h"
#include "sim/kernel/error.h"

namespace midflight::conduct {
namespace {

/// Batches over the rows in order, with a pause after each but the last.
class BackfillMachine final : public PlanConductor::StepMachine {
 public:
  using StepMachine::on;
  BackfillMachine(StepIndex index, const Step& step, const BackfillStep& backfill, const RowCount& rows)
      : StepMachine(index, step), backfill_(backfill), attempts_(backfill.retry), count_rows_(rows) {
    MIDFLIGHT_CHECK(backfill.batch > 0);
  }

  void begin(Instant, Commands& out) override {
    rows_ = count_rows_(index());
    MIDFLIGHT_CHECK(rows_ >= 0);
    if (rows_ == 0) return finish();
    run(out);
  }

  void on(const StatementEnded& ended, Instant, Commands& out) override {
    if (ended.error.error != ErrorClass::None) return on_error(ended.error, out);
    attempts_.reset();
    if (++done_batches_ == batches()) return finish();
    // Also without a pause: between batches the world may do many at once.
    between_batches_ = true;
    set_timer(backfill_.pause, out);
  }

  void on(const TimerFired& fired, Instant, Commands& out) override {
    if (!is_current(fired)) return;
    between_batches_ = false;
    run(out);
  }

  std::int64_t batches() const override {
    return rows_ / backfill_.batch + (rows_ % backfill_.batch != 0 ? 1 : 0);
  }
  std::int64_t batches_done() const override { return done_batches_; }

  bool between_batches() const override { return between_batches_; }

  void skip_batches(std::int64_t count) override {
    MIDFLIGHT_CHECK(between_batches_ && count >= 0 && count < batches() - done_batches_);
    done_batches_ += count;
  }

 private:
  void on_error(const ErrorKind& error, Commands& out) {
    if (!attempts_.may_repeat(error)) {
      return stop(attempts_.sentence(error) + " (batch " + std::to_string(done_batches_ + 1) + " of " +
                  std::to_string(batches()) + ")");
    }
    set_timer(attempts_.next(), out);
  }

  void run(Commands& out) const {
    const std::int64_t first_row = done_batches_ * backfill_.batch;
    out.push_back(RunBatch{index(), done_batches_, first_row, std::min(backfill_.batch, rows_ - first_row),
                           attempts_.current(), backfill_.lock_timeout.value_or(Duration::max())});
  }

  const BackfillStep& backfill_;
  Attempts attempts_;
  RowCount count_rows_;
  std::int64_t rows_ = 0;
  std::int64_t done_batches_ = 0;
  bool between_batches_ = false;
};

}  // namespace

Machine make_machine(StepIndex index, const Step& step, const BackfillStep& backfill, const RowCount& rows) {
  return std::make_unique<BackfillMachine>(index, step, backfill, rows);
}

}  // namespace midflight::conduct
