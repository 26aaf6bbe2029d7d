#include "backends/sqlite/connection.h"

#include <algorithm>
#include <array>
#include <thread>

#include "backends/sqlite/errors.h"
#include "sim/kernel/error.h"

namespace midflight::backends {
namespace {

constexpr std::size_t kPreparedMax = 200;
constexpr int kProgressOperations = 2000;  // some tens of microseconds
constexpr int kCheckpointFrames = 1000;    // SQLite's own default, wal_autocheckpoint

// The intervals of SQLite's own busy handler.  Source: sqlite3.c, sqliteDefaultBusyCallback.
constexpr std::array<int, 12> kBusyDelaysMs = {1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100};

Duration between(Clock::time_point a, Clock::time_point b) {
  return Duration::nanoseconds(std::chrono::duration_cast<std::chrono::nanoseconds>(b - a).count());
}

Value column_value(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return std::monostate{};
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
    default: break;
  }
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
  const int size = sqlite3_column_bytes(statement, column);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

}  // namespace

Connection::Connection(const std::string& path, const SqliteShared& shared, SqliteActivity& activity)
    : shared_(shared), activity_(activity) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &db_, flags, nullptr);
  if (code != SQLITE_OK) {
    const std::string message = db_ != nullptr ? sqlite3_errmsg(db_) : "out of memory";
    sqlite3_close_v2(db_);
    throw Error(ErrorCode::Database, "SQLite cannot open " + path + ": " + message);
  }
  sqlite3_busy_handler(db_, on_busy, this);
  sqlite3_progress_handler(db_, kProgressOperations, on_progress, this);
  sqlite3_wal_hook(db_, on_commit, this);
  // The file is removed or stays as it is: copying the log back would only take time.
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Connection::~Connection() {
  for (const Prepared& p : statements_) sqlite3_finalize(p.statement);
  sqlite3_close_v2(db_);
}

int Connection::on_busy(void* self, int count) { return static_cast<Connection*>(self)->wait_for_lock(count) ? 1 : 0; }

int Connection::on_progress(void* self) {
  const auto* connection = static_cast<Connection*>(self);
  return connection->shared_.over() || connection->out_of_time() ? 1 : 0;
}

// Called when a commit has given its write lock back: what follows delays this
// connection, not the others.  Source: sqlite.org/c3ref/wal_hook.html.
int Connection::on_commit(void* self, sqlite3* db, const char* schema, int frames) {
  static_cast<Connection*>(self)->released_ = Clock::now();
  if (frames >= kCheckpointFrames) sqlite3_wal_checkpoint_v2(db, schema, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  return SQLITE_OK;  // a checkpoint that found readers goes on with the next commit
}

bool Connection::wait_for_lock(int count) {
  const Clock::time_point now = Clock::now();
  if (count == 0) wait_began_ = now;
  const Duration timeout = limits_.lock_timeout == Duration::max() ? shared_.busy_timeout : limits_.lock_timeout;
  const auto last = kBusyDelaysMs.size() - 1;
  Duration delay = Duration::milliseconds(kBusyDelaysMs[std::min(static_cast<std::size_t>(count), last)]);
  delay = std::min(delay, timeout - between(wait_began_, now));
  if (limits_.deadline != Clock::time_point::max()) delay = std::min(delay, between(now, limits_.deadline));
  if (delay.ns <= 0 || shared_.over()) return false;
  activity_.waiting.store(true, std::memory_order_relaxed);
  std::this_thread::sleep_for(std::chrono::nanoseconds(delay.ns));
  activity_.waiting.store(false, std::memory_order_relaxed);
  waited_ += between(now, Clock::now());
  return true;
}

// Reads the schema, so it may wait for a lock: part of the first call, not of opening.
bool Connection::configure() {
  if (!configured_) configured_ = sqlite3_exec(db_, "PRAGMA synchronous=NORMAL", nullptr, nullptr, nullptr) == SQLITE_OK;
  return configured_;
}

sqlite3_stmt* Connection::prepare(const std::string& sql) {
  if (const auto known = by_sql_.find(sql); known != by_sql_.end()) {
    statements_.splice(statements_.begin(), statements_, known->second);
    return statements_.front().statement;
  }
  if (!configure()) return nullptr;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return nullptr;
  statements_.push_front({sql, statement});
  by_sql_[statements_.front().sql] = statements_.begin();
  if (statements_.size() > kPreparedMax) {
    by_sql_.erase(statements_.back().sql);
    sqlite3_finalize(statements_.back().statement);
    statements_.pop_back();
  }
  return statement;
}

void Connection::bind(sqlite3_stmt* statement, const Row& parameters) {
  const int count = std::min(static_cast<int>(parameters.size()), sqlite3_bind_parameter_count(statement));
  for (int i = 0; i < count; ++i) {
    const Value& value = parameters[static_cast<std::size_t>(i)];
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(statement, i + 1, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      sqlite3_bind_double(statement, i + 1, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      // Statements are reset before the row goes, so no copy is needed.
      sqlite3_bind_text(statement, i + 1, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
    } else {
      sqlite3_bind_null(statement, i + 1);
    }
  }
}

void Connection::step_all(sqlite3_stmt* statement, Answer& answer) {
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    if (answer.rows++ == 0) answer.first = column_value(statement, 0);
  }
  if (code == SQLITE_DONE && sqlite3_column_count(statement) == 0) answer.rows = sqlite3_changes(db_);
}

ErrorKind Connection::current_error(const std::string& sql) const {
  const int code = sqlite3_errcode(db_);
  const bool cut_short = (code & 0xff) == SQLITE_INTERRUPT || (code & 0xff) == SQLITE_BUSY;
  if (cut_short && shared_.over()) throw Error(ErrorCode::Interrupted, "stopped");
  if (cut_short && out_of_time()) return {limits_.deadline_error, "", "interrupted"};
  return sqlite_error(code, sqlite3_errmsg(db_), sql);
}

void Connection::note_state() {
  const int transaction = sqlite3_txn_state(db_, "main");
  activity_.state.store(transaction == SQLITE_TXN_WRITE  ? SqliteActivity::Writing
                        : transaction == SQLITE_TXN_READ ? SqliteActivity::Reading
                                                         : SqliteActivity::Idle,
                        std::memory_order_relaxed);
}

Answer Connection::run(const std::string& sql, const Row& parameters, const Limits& limits) {
  limits_ = limits;
  waited_ = {};
  released_ = {};
  Answer answer;
  if (shared_.over()) throw Error(ErrorCode::Interrupted, "stopped");
  if (out_of_time()) {
    answer.error = {limits.deadline_error, "", "interrupted"};
    return answer;
  }
  sqlite3_stmt* statement = prepare(sql);
  if (statement != nullptr) {
    bind(statement, parameters);
    step_all(statement, answer);
    if (sqlite3_reset(statement) != SQLITE_OK) answer.error = current_error(sql);
    sqlite3_clear_bindings(statement);
  } else if (sqlite3_errcode(db_) != SQLITE_OK) {
    answer.error = current_error(sql);
  }
  note_state();
  answer.lock_wait = waited_;
  if (released_ != Clock::time_point{}) answer.after_release = between(released_, Clock::now());
  return answer;
}

std::vector<Row> Connection::query(const std::string& sql, const Row& parameters) {
  limits_ = {};
  sqlite3_stmt* statement = prepare(sql);
  std::vector<Row> rows;
  if (statement == nullptr) throw Error(ErrorCode::Database, "SQLite: " + std::string(sqlite3_errmsg(db_)) + " (in `" + sql + "`)");
  bind(statement, parameters);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    Row& row = rows.emplace_back();
    for (int c = 0; c < sqlite3_column_count(statement); ++c) row.push_back(column_value(statement, c));
  }
  const int code = sqlite3_reset(statement);
  const std::string message = sqlite3_errmsg(db_);
  sqlite3_clear_bindings(statement);
  note_state();
  if (code == SQLITE_OK) return rows;
  if (shared_.over()) throw Error(ErrorCode::Interrupted, "stopped");
  throw Error(ErrorCode::Database, "SQLite: " + message + " (in `" + sql + "`)");
}

void Connection::execute(const std::string& sql) {
  limits_ = {};
  configured_ = true;  // who fills a file sets the level himself
  char* message = nullptr;
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &message);
  const std::string text = message != nullptr ? message : "";
  sqlite3_free(message);
  note_state();
  if (code == SQLITE_OK) return;
  if (shared_.over()) throw Error(ErrorCode::Interrupted, "stopped");
  throw Error(ErrorCode::Database, "SQLite: " + text + " (in `" + sql.substr(0, 200) + "`)");
}

void Connection::rollback() noexcept {
  if (sqlite3_get_autocommit(db_) == 0) {
    // A cancelled backend interrupts everything but this.
    sqlite3_progress_handler(db_, 0, nullptr, nullptr);
    sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_progress_handler(db_, kProgressOperations, on_progress, this);
  }
  note_state();
}

}  // namespace midflight::backends
