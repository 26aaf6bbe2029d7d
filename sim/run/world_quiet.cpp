#include "sim/run/world.h"

#include <algorithm>

#include "sim/kernel/error.h"

// Counting instead of simulating.
//
// While nobody waits, every statement's fate is certain and there is room,
// requests differ in nothing that is reported.  Such a span is drawn at once:
// Poisson numbers of requests, binomial moves of row states, the length of many
// batches as one sum.  A window of single requests opens `warm_up` before any
// event of the plan and stays open until all queues have drained.

namespace midflight {

namespace {

constexpr double kNegligible = 0.001;
/// Bits of the modes that conflict with anything requests ask for.
constexpr std::uint8_t kStrongModes = 0xf0;
constexpr Duration kSettle = Duration::milliseconds(20);

}  // namespace

Instant World::next_plan_event(std::size_t but_batches_of) const {
  Instant next = Instant::never();
  for (const auto& entry : plan_events_.pending()) {
    const bool batch = entry.payload.kind == Kind::ConductTimer && entry.payload.who == but_batches_of;
    if (!batch) next = std::min(next, entry.time);
  }
  return next;
}

bool World::database_is_calm() {
  if (locks_.waiters() > 0 || pool_waiting_ > 0 || polling_ > 0 || herd_ || !claims_.empty()) return false;
  if (!to_begin_.empty() || !conduct_events_.empty()) return false;
  if (program_.plans_go_stale) return false;
  for (locks::RelationId r = 0; r < epoch_->relations(); ++r) {
    if ((locks_.modes(r) & kStrongModes) != 0) return false;
  }
  for (const StepRun& run : steps_) {
    if (run.session == kNoSession) continue;
    const Session& s = sessions_[run.session];
    if (sqlite_ || run.batch || s.ticket == 0) return false;
    if (processors_.left(s.ticket, now_) < program_.warm_up * 2 + kSettle) return false;
  }
  if (sqlite_) {
    const locks::SessionId writer = sqlite_locks_.writer();
    if (writer != locks::kNobody && sessions_[writer].kind != SessionKind::Request) return false;
    if (sqlite_locks_.pending() != locks::kNobody) return false;
    if (scenario_.database.journal == Journal::Delete && !scenario_.background.empty()) return false;
  }
  return true;
}

bool World::quiet_now() {
  if (exact_ || !database_is_calm()) return false;
  const Instant next = next_plan_event(bulk_candidate());
  const Duration horizon = std::min(next, Instant{} + scenario_.time_limit) - now_;
  if (horizon < program_.warm_up * 2 + kSettle * 2) return false;
  if (scenario_.app.retry.tries > 1) {
    for (const Stream& stream : streams()) {
      if (stream.error != metrics::kSuccess) return false;
    }
  }
  return load().room && connections_suffice() && load().bad_per_second * horizon.seconds() < kNegligible;
}

void World::enter_quiet() {
  if (telling()) tell_drained();
  quiet_ = true;
  arrivals_.stop();
  accounted_ = now_;
  quiet_check_at_ = timeouts_at_ = Instant::never();
  processors_.set_efficiency(1 / draw_slowdown(), now_);
  begin_bulk();
  refresh_other();
}

void World::leave_quiet() {
  if (quiet_) {
    account(now_);
    if (bulk_) end_bulk();
  }
  quiet_ = false;
  processors_.set_efficiency(1, now_);
  arrivals_.seek(now_);
  quiet_check_at_ = exact_ ? Instant::never() : now_ + program_.warm_up + kSettle;
  timeouts_at_ = now_;
  refresh_other();
}

void World::quiet_until_next() {
  obey_stop();
  Instant planned = plan_events_.empty() ? Instant::never() : plan_events_.top().time;
  if (bulk_) planned = std::min(planned, bulk_->until);
  Instant window = planned < Instant::never() ? planned - program_.warm_up : planned;
  // What is about to happen meets a batch that is simulated, not the one that was counted last.
  if (bulk_) window = window - bulk_->cycle() * 2;
  const Instant other = other_events_.empty() ? Instant::never() : other_events_.top().time;
  Instant end = processors_.next();
  // With no request left, what ends next is a step's work: a window opens before it.
  if (end < Instant::never() && drained()) end = end - program_.warm_up;
  const Instant next = std::min({window, other, end});
  MIDFLIGHT_CHECK(next < Instant::never());
  now_ = std::max(now_, next);
  if (next == end && !drained()) {
    const Processors::End ended = processors_.end(now_);
    if (ended.ticket != 0 && sessions_[ended.job].kind != SessionKind::Request) leave_quiet();
    on_processor_end(ended);
    settle();
  } else if (next == other) {
    account(now_);
    handle(other_events_.pop().payload);
    settle();
    if (quiet_ && !database_is_calm()) leave_quiet();
  } else {
    leave_quiet();
  }
}

}  // namespace midflight
