#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>

#include "backends/backend.h"

namespace midflight::backends {

/// A scripted database: answers what it was told to, and remembers what it was
/// asked.
///
/// It holds no rows.  A statement that contains a scripted fragment gets that
/// script's answer after its delay; every other statement succeeds at once.
/// Threads: as Backend.
class FakeBackend final : public Backend {
 public:
  struct Script {
    std::string fragment;               ///< part of the SQL
    ErrorKind error;                    ///< None: success
    Duration delay{};                   ///< before the answer; deadline and cancel cut it short
    std::int64_t times = -1;            ///< how often; -1: always
    std::vector<Row> rows;              ///< for query() and the first value of run()
  };
  struct Call {
    std::string session, sql;
    Row parameters;
  };

  explicit FakeBackend(const BackendOptions& options = {});

  /// Later scripts come before earlier ones.
  void script(Script script);
  std::vector<Call> calls() const;
  std::int64_t open_sessions() const { return open_.load(); }
  bool prepared() const { return prepared_.load(); }

  std::string name() const override { return "fake"; }
  std::string server_version() const override { return "0"; }
  Dialect dialect() const override { return {Engine::Sqlite, 340}; }
  void prepare(const Schema& schema, const Schema& values) override;
  std::unique_ptr<Session> open(const std::string& name, Role = Role::Tool) override;
  std::vector<LockSample> locks() const override;
  void cancel() noexcept override { cancelled_.store(true); }

 private:
  friend class FakeSession;
  bool over() const;
  /// Takes the script that fits, if any, and notes the call.
  std::optional<Script> take(const std::string& session, const std::string& sql, const Row& parameters);
  void transaction(const std::string& session, std::optional<LockMode> mode);

  BackendOptions options_;
  mutable std::mutex mutex_;
  std::deque<Script> scripts_;
  std::vector<Call> calls_;
  std::map<std::string, LockMode> transactions_;
  std::atomic<std::int64_t> open_{0};
  std::atomic<bool> cancelled_{false}, prepared_{false};
};

}  // namespace midflight::backends
