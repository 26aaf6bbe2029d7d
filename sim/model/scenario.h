#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/kernel/distribution.h"
#include "sim/model/engine.h"
#include "sim/model/plan.h"
#include "sim/model/rollout.h"
#include "sim/model/schema.h"
#include "sim/model/version.h"

namespace midflight {

struct Database {
  Dialect dialect;
  int connections = 100;                             ///< max_connections, 3 reserved
  int cores = 4;
  bool cores_unlimited = false;
  Duration deadlock_timeout = Duration::seconds(1);
  Journal journal = Journal::Wal;                    ///< SQLite
  Duration busy_timeout = Duration::seconds(5);      ///< SQLite
  std::string profile;                               ///< path as written; empty: the default
};

/// The application's own retries of a failed request.
struct RequestRetry {
  int tries = 1;
  Duration pause{};
  double backoff = 1;
};

struct Application {
  enum class OnStalePlan : std::uint8_t { Reprepare, Fail };
  int instances = 1;
  int pool = 10;                                     ///< connections per instance, opened when needed, then kept
  Duration pool_timeout = Duration::seconds(5);
  Duration request_timeout = Duration::seconds(30);
  bool prepared = false;                             ///< the driver keeps prepared statements
  OnStalePlan on_stale_plan = OnStalePlan::Fail;
  RequestRetry retry;
  Rollout rollout;
  std::vector<Version> versions;                     ///< the first one serves when the plan begins
};

struct BackgroundJob {
  enum class While : std::uint8_t { Running, Idle };
  std::string name;
  Statement statement;
  Distribution time;                                 ///< least length of its transaction
  While during = While::Running;
  std::optional<Duration> every;                     ///< periodic, random phase per run
  std::optional<Duration> at;                        ///< once
  bool repeatable_read = false;
};

/// How strategies carry out their steps.
struct MigrationPolicy {
  std::string preset;                                ///< "pgroll", ..., or empty
  std::optional<Duration> lock_timeout;
  std::optional<Duration> statement_timeout;
  Retry retry;
  std::int64_t batch = 1000;
  Duration batch_pause = Duration::milliseconds(100);
  Duration soak{};
};

struct Objective {
  Duration latency = Duration::seconds(1);
  double errors = 0.01;                              ///< share
};

/// Everything a prediction depends on, but the seed.
struct Scenario {
  std::string name;
  std::string path;                                  ///< of the file, "" if built in memory
  Database database;
  Schema schema;                                     ///< with rows and row_bytes filled in
  Application app;
  std::vector<BackgroundJob> background;
  std::optional<Statement> change;
  std::optional<Plan> plan;                          ///< explicit; runs as it is
  MigrationPolicy migration;
  Objective objective;
  Duration time_limit = Duration::days(30);
  std::uint64_t seed = 1;
  /// What was not said and therefore assumed, in sentences.
  std::vector<std::string> assumptions;
};

}  // namespace midflight
