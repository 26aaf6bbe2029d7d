#include "backends/postgres/session.h"

#include <algorithm>

#include "backends/postgres/errors.h"
#include "backends/postgres/values.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr auto kRollbackMax = std::chrono::seconds(5);

Duration nanoseconds_since(std::int64_t began_ns) { return Duration::nanoseconds(clock_ns(Clock::now()) - began_ns); }

/// How long the server itself may take; the client keeps every other deadline.
Duration statement_timeout_of(const Limits& limits) {
  if (limits.deadline_error != ErrorClass::StatementTimeout || limits.deadline == Clock::time_point::max()) return Duration::max();
  return Duration::nanoseconds(clock_ns(limits.deadline) - clock_ns(Clock::now()));
}

std::int64_t milliseconds_of(Duration length) { return std::clamp<std::int64_t>((length.ns + 999'999) / 1'000'000, 1, 2'147'483'647); }

}  // namespace

/// One call as samples see it: from its beginning to its end.
class PostgresSession::Call {
 public:
  explicit Call(PostgresActivity& activity) : activity_(activity), began_ns_(clock_ns(Clock::now())) {
    activity_.waited_ns = 0;
    activity_.waiting = false;
    activity_.behind_step = false;
    activity_.began_ns = began_ns_;
  }
  ~Call() { activity_.began_ns = 0; }

  void note_waits(const Limits& limits, Answer& answer) const {
    const Duration took = nanoseconds_since(began_ns_);
    Duration waited = Duration::nanoseconds(activity_.waited_ns);
    // It went on until about now, for what follows a grant is short.
    if (activity_.waiting) waited += nanoseconds_since(activity_.looked_ns);
    // No sample need have seen it: this error is the wait.
    if (answer.error.error == ErrorClass::LockTimeout) waited = std::max(waited, std::min(took, limits.lock_timeout));
    answer.lock_wait = std::min(waited, took);
    answer.behind_step = activity_.behind_step;
  }

 private:
  PostgresActivity& activity_;
  const std::int64_t began_ns_;
};

PostgresSession::PostgresSession(const PostgresShared& shared, std::shared_ptr<PostgresActivity> activity)
    : shared_(shared), activity_(std::move(activity)) {}

PostgresSession::~PostgresSession() = default;

bool PostgresSession::connect(ErrorKind& refused) {
  if (wire_) return true;
  std::string why;
  wire_ = Wire::connect(shared_.uri, shared_.stop, activity_->session, why);
  if (!wire_) refused = {ErrorClass::Connections, "53300", why};
  if (wire_) shared_.activities.connected(*activity_, wire_->process());
  return wire_ != nullptr;
}

Answer PostgresSession::begin(bool, const Limits& limits) { return call("BEGIN", {}, limits); }
Answer PostgresSession::commit(const Limits& limits) { return call("COMMIT", {}, limits); }

Answer PostgresSession::run(const std::string& sql, const Row& parameters, const Limits& limits) {
  return call(sql, parameters, limits, shared_.prepared && activity_->role == Role::Client);
}

Answer PostgresSession::call(const std::string& sql, const Row& parameters, const Limits& limits, bool prepared) {
  Answer answer;
  shared_.stop.check();
  if (!connect(answer.error)) return answer;
  if (limits.deadline_error != ErrorClass::StatementTimeout && Clock::now() >= limits.deadline) {
    answer.error = {limits.deadline_error, "57014", "canceling statement due to user request"};
    return answer;
  }
  set("lock_timeout", limits.lock_timeout, lock_timeout_);
  set("statement_timeout", statement_timeout_of(limits), statement_timeout_);
  const Call call(*activity_);
  Limits kept = limits;
  if (limits.deadline_error == ErrorClass::StatementTimeout) kept.deadline = Clock::time_point::max();
  const WireReply reply = prepared ? execute_prepared(sql, parameters, kept) : execute(sql, parameters, kept);
  answer.rows = reply.rows;
  answer.first = reply.first;
  // What we did not cancel, the server's own timeout did.
  const ErrorClass cancelled_as = reply.cancelled ? limits.deadline_error : ErrorClass::StatementTimeout;
  if (!reply.ok()) answer.error = postgres_error(reply.sqlstate, reply.message, cancelled_as, sql, reply.source);
  call.note_waits(limits, answer);
  return answer;
}

WireReply PostgresSession::execute(const std::string& sql, const Row& parameters, const Limits& limits) {
  return wire_->run(sql, parameters, limits);
}

// As a driver does: prepared once per connection, under a name of its own.
WireReply PostgresSession::execute_prepared(const std::string& sql, const Row& parameters, const Limits& limits) {
  for (int attempt = 0;; ++attempt) {
    auto known = prepared_.find(sql);
    if (known == prepared_.end()) {
      const std::string name = "m" + std::to_string(++prepared_count_);
      WireReply prepared = wire_->prepare(name, sql, limits);
      if (!prepared.ok()) return prepared;
      known = prepared_.emplace(sql, name).first;
    }
    WireReply reply = wire_->run_prepared(known->second, parameters, limits);
    if (!is_stale_plan(reply.sqlstate, reply.source) || !shared_.prepare_again || attempt > 0) return reply;
    const std::string name = known->second;
    prepared_.erase(known);
    // The failed transaction is lost; the next one prepares under another name.
    if (wire_->in_transaction()) return reply;
    wire_->run("DEALLOCATE " + name, {}, {});
  }
}

void PostgresSession::set(const char* setting, Duration value, Duration& known) {
  const bool same = value == known;
  if (same) return;
  const std::string sql = value == Duration::max() ? "RESET " + std::string(setting)
                                                   : "SET " + std::string(setting) + " = " + std::to_string(milliseconds_of(value));
  // What is set inside a transaction goes with it; then nobody knows.
  known = wire_->in_transaction() ? Duration{} : value;
  const WireReply reply = wire_->run(sql, {}, {});
  if (!reply.ok()) known = Duration{};
}

void PostgresSession::rollback() noexcept {
  if (!wire_) return;
  try {
    if (!wire_->in_transaction()) return;
    Limits limits;
    limits.deadline = Clock::now() + kRollbackMax;
    wire_->run("ROLLBACK", {}, limits);
  } catch (...) {  // the connection is gone, and the transaction with it
    wire_.reset();
    activity_->process = 0;
  }
}

std::vector<Row> PostgresSession::query(const std::string& sql, const Row& parameters) {
  ErrorKind refused;
  if (!connect(refused)) throw Error(ErrorCode::Database, "PostgreSQL: " + refused.message);
  WireReply reply = wire_->run(sql, parameters, {}, true);
  if (reply.ok()) return std::move(reply.all);
  throw Error(ErrorCode::Database, "PostgreSQL: " + reply.message + " (in `" + sql.substr(0, 200) + "`)");
}

std::vector<RelationLock> PostgresSession::held_locks() {
  std::vector<RelationLock> locks = activity_->take_locks();
  if (wire_ && wire_->in_transaction()) {
    const WireReply reply = wire_->run(
        "SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation "
        "WHERE l.pid = pg_backend_pid() AND l.granted AND c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm')",
        {}, {}, true);
    for (const Row& row : reply.all) merge_lock(locks, {std::get<std::string>(row[0]), postgres_lock_mode(std::get<std::string>(row[1]))});
  }
  std::sort(locks.begin(), locks.end(), [](const auto& a, const auto& b) { return a.relation < b.relation; });
  return locks;
}

}  // namespace midflight::backends
