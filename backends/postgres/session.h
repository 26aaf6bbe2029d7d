#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "backends/backend.h"
#include "backends/postgres/activity.h"
#include "backends/postgres/wire.h"

namespace midflight::backends {

/// What all sessions of a backend share.
struct PostgresShared {
  PostgresUri uri;
  const PostgresStop& stop;
  PostgresActivities& activities;
  bool prepared = false, prepare_again = false;   ///< see BackendOptions
};

/// One session: connects with its first call, for a server that has no
/// connection to spare is an error of that call.
///
/// A lock timeout and a statement timeout are settings of the server's session;
/// any other deadline is kept by the client, which cancels.
class PostgresSession final : public Session {
 public:
  PostgresSession(const PostgresShared& shared, std::shared_ptr<PostgresActivity> activity);
  ~PostgresSession() override;

  Answer begin(bool write, const Limits& limits) override;
  Answer run(const std::string& sql, const Row& parameters, const Limits& limits) override;
  Answer commit(const Limits& limits) override;
  void rollback() noexcept override;
  std::vector<Row> query(const std::string& sql, const Row& parameters) override;
  std::vector<RelationLock> held_locks() override;
  void doing(int work) override { activity_->work = work; }

 private:
  class Call;
  Answer call(const std::string& sql, const Row& parameters, const Limits& limits, bool prepared = false);
  WireReply execute(const std::string& sql, const Row& parameters, const Limits& limits);
  WireReply execute_prepared(const std::string& sql, const Row& parameters, const Limits& limits);
  bool connect(ErrorKind& refused);
  void set(const char* setting, Duration value, Duration& known);

  const PostgresShared& shared_;
  std::shared_ptr<PostgresActivity> activity_;
  std::unique_ptr<Wire> wire_;
  Duration lock_timeout_ = Duration::max(), statement_timeout_ = Duration::max();  ///< as the server knows them
  std::unordered_map<std::string, std::string> prepared_;                          ///< names by SQL
  std::uint64_t prepared_count_ = 0;
};

}  // namespace midflight::backends
