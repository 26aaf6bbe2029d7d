#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/kernel/time.h"
#include "sim/model/engine.h"
#include "sim/model/lock_mode.h"
#include "sim/model/outcome.h"
#include "sim/model/schema.h"
#include "sim/model/work.h"

namespace midflight::backends {

/// What a replay needs of a database, and no more: the one place where the
/// project may lie.  `fake` is scripted, `sqlite` is embedded, `postgres` is a
/// server.

using Clock = std::chrono::steady_clock;

/// NULL, integer, real or text.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;
using Row = std::vector<Value>;

/// How long one call may take.
struct Limits {
  Duration lock_timeout = Duration::max();                  ///< max(): the backend's own (busy_timeout)
  Clock::time_point deadline = Clock::time_point::max();    ///< then the statement is cancelled ...
  ErrorClass deadline_error = ErrorClass::RequestTimeout;   ///< ... with this class
  const std::atomic<bool>* enough = nullptr;                ///< set: the deadline has come
};

/// How a call ended.  Expected errors are values.
struct Answer {
  ErrorKind error;
  std::int64_t rows = 0;        ///< returned, or changed by a statement that returns none
  std::optional<Value> first;   ///< first column of the first row
  Duration lock_wait{};         ///< spent waiting for locks, of all of the call
  Duration after_release{};     ///< spent once its locks were free: housekeeping that a commit set off
  bool behind_step = true;      ///< false: it is known that no step's lock was what it waited for
  bool ok() const { return error.error == ErrorClass::None; }
};

/// Whose connection it is: the replay's own, the application's, a plan's.
enum class Role : std::uint8_t { Tool, Client, Step };

/// One connection.
///
/// SQL is the engine's own (see sql::render); parameters are numbered from 1.
/// Errors:  Error(Interrupted) once the backend was cancelled; Error(Database)
///          when the database is broken (disk full, file gone) or does not
///          understand the SQL at all.
/// Threads: one at a time.
class Session {
 public:
  virtual ~Session() = default;
  /// Opens a transaction; `write` asks for the write lock at once where the
  /// engine has just one.  Without it every run() commits by itself.
  virtual Answer begin(bool write, const Limits& limits) = 0;
  /// After an error inside a transaction the caller rolls back.
  virtual Answer run(const std::string& sql, const Row& parameters, const Limits& limits) = 0;
  virtual Answer commit(const Limits& limits) = 0;
  /// Does nothing without a transaction; never fails.
  virtual void rollback() noexcept = 0;
  /// All rows of a query; for the replay's own questions.
  /// Errors: Error(Database) for anything but success.
  virtual std::vector<Row> query(const std::string& sql, const Row& parameters = {}) = 0;
  /// The strongest lock on each relation that the open transaction holds now;
  /// for statements outside transactions what samples saw of the last ones.
  virtual std::vector<RelationLock> held_locks() { return {}; }
  /// What it works on from now on, a number of its owner's: sightings of locks repeat it.
  virtual void doing(int /*work*/) {}
};

/// A lock seen at one moment.
struct LockSample {
  std::string session, relation;
  LockMode mode = LockMode::AccessShareLock;
  bool granted = true;
};

constexpr int kNoWork = -1;

/// Who held a contended lock at one moment, and who waited for it.
struct LockSighting {
  /// Alike sessions: holders, or neighbours in the queue.
  struct Group {
    std::string session;              ///< its name; empty where its work is known
    int work = kNoWork;               ///< see Session::doing
    std::string mode;                 ///< or what is waited for, in words
    std::int64_t count = 1;
    Clock::time_point since{};        ///< the call of the first of them began
  };
  Clock::time_point at{};
  std::string lock;                   ///< a relation, "rows of users"
  std::vector<Group> holders, waiters;  ///< waiters in order; none: the queue has gone since it was last seen
};

/// How a backend is opened.
struct BackendOptions {
  Journal journal = Journal::Wal;
  Duration busy_timeout = Duration::seconds(5);
  bool in_place = false;                          ///< use a database that exists, with its own rows
  bool keep = false;                              ///< leave the scratch database behind
  bool prepared = false;                          ///< clients prepare their statements once per connection ...
  bool prepare_again = false;                     ///< ... and again when a plan went stale
  const std::atomic<bool>* stop = nullptr;        ///< set by a signal handler: everything ends soon
  std::function<void(const std::string&)> note;         ///< what the user should know although nothing failed
  std::function<void(const std::string&)> left_behind;  ///< what could not be removed, and who will
};

/// What a server says about itself that a prediction needs.
struct ServerSettings {
  int connections = 0;                            ///< max_connections ...
  int reserved = 0;                               ///< ... of which these are not for the likes of us ...
  int in_use = 0;                                 ///< ... and these were taken by others at the start
  Duration deadlock_timeout = Duration::seconds(1);
  bool same_machine = true;                       ///< as this process
};

/// A database for one replay.
///
/// Owns:    a scratch database, removed by the destructor (also while an
///          exception unwinds) unless it is kept or in place.
/// Threads: open(), locks() and cancel() from any; prepare() before the others.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string name() const = 0;             ///< "sqlite"
  virtual std::string server_version() const = 0;   ///< "3.40.1"
  virtual Dialect dialect() const = 0;
  /// Creates the schema and fills each table with its `rows`; in place, only
  /// checks that its tables are there.  Rows hold what `values` asks for: the
  /// same schema, perhaps with constraints that it will have later.
  virtual void prepare(const Schema& schema, const Schema& values) = 0;
  void prepare(const Schema& schema) { prepare(schema, schema); }
  /// Nothing where the engine has no such limits.
  virtual std::optional<ServerSettings> settings() const { return {}; }
  /// A new connection; `name` appears in lock samples.  All sessions must be
  /// closed before the backend.
  virtual std::unique_ptr<Session> open(const std::string& name, Role role = Role::Tool) = 0;
  /// Whether its clients' sessions may share a thread: they wait for the
  /// database with await_socket() (see strands/), and in no other way.
  virtual bool shares_threads() const { return false; }
  virtual std::vector<LockSample> locks() const = 0;
  /// What was seen of contended locks since the last time, in order of time;
  /// nothing where nobody looks.
  virtual std::vector<LockSighting> take_sightings() { return {}; }
  /// Why waits for locks could not be seen, or not all the time; empty: they were.
  virtual std::string why_blind() const { return {}; }
  /// Makes every running and later call of every session end within 0.2 s.
  virtual void cancel() noexcept = 0;
};

}  // namespace midflight::backends
