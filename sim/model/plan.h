#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/kernel/time.h"
#include "sim/model/rollout.h"
#include "sim/model/statement.h"

namespace midflight {

/// How a step that failed on a lock is tried again.
struct Retry {
  static constexpr int kUnlimited = 0;
  int tries = 1;                 ///< in all; kUnlimited: until it succeeds
  Duration pause{};              ///< before the second try
  double backoff = 1;            ///< each later pause is this times the one before
  Duration cap = Duration::max();
  /// The pause before try number `next` (2, 3, ...).
  Duration pause_before(int next) const;
  bool operator==(const Retry&) const = default;
};

/// One transaction of DDL or data statements (or one bare statement that
/// refuses transactions).
struct SqlStep {
  std::vector<Statement> statements;
  std::optional<Duration> lock_timeout;
  std::optional<Duration> statement_timeout;
  Retry retry;
};

/// Rolls the fleet to a version.  An empty version stops the application.
struct DeployStep {
  std::string version;
  std::optional<Rollout> rollout;  ///< instead of the application's own
};

/// An UPDATE carried out over primary-key ranges, one transaction each.
struct BackfillStep {
  Statement update;
  std::int64_t batch = 1000;
  Duration pause{};
  std::optional<Duration> lock_timeout;
  Retry retry;
};

struct WaitStep {
  Duration length{};
};

/// A condition on the data; false aborts the plan.
struct CheckStep {
  enum class Kind : std::uint8_t { Filled, Equal, Valid, Sql };
  Kind kind = Kind::Filled;
  std::string table, column, other_column, constraint, sql;
  bool assume = true;                 ///< of Kind::Sql: what the simulation believes
  std::optional<Duration> every;      ///< poll instead of aborting at once ...
  std::optional<Duration> timeout;    ///< ... for at most this long
};

using Action = std::variant<SqlStep, DeployStep, BackfillStep, WaitStep, CheckStep>;

struct Step {
  std::string id;
  std::vector<std::size_t> after;  ///< indexes of steps that must be done first
  Action action;
  std::string why;                 ///< one sentence for --explain and plan files
  Position where;                  ///< in the scenario, of explicit plans
};

/// "sql", "deploy", "backfill", "wait" or "check".
std::string_view step_kind(const Step& step);
/// The SQL of a step as text ("a; b"), or what stands for it ("deploy v2").
std::string step_text(const Step& step);

struct Plan {
  std::vector<Step> steps;
  int deployments() const;  ///< deploy steps that start a version
};

}  // namespace midflight
