#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/io/given.h"
#include "sim/metrics/summary.h"
#include "sim/run/comparison.h"

namespace midflight::io {

/// What every report shows: predictions with their runs already summed up.
///
/// The JSON, the text, Markdown and HTML and `--fail-if` all read this one
/// value, so that no two of them can disagree about a number.

struct EndpointResult {
  std::string version, endpoint;
  metrics::Summary downtime_s, failed_requests, delayed_requests;
};

struct ErrorResult {
  ErrorKind kind;
  std::string version, endpoint;
  metrics::Summary count;
};

struct StepResult {
  std::string id, kind, sql, why;
  std::vector<RelationLock> locks;          ///< strongest mode per relation, over all runs
  std::optional<metrics::Summary> start_s;  ///< over the runs that reached the step
  metrics::Summary lock_wait_s, held_s, tries, blocked_requests;
};

struct QuantityResult {
  std::string_view name;
  metrics::Summary value;
};

struct StrategyResult {
  std::string name;
  Verdict verdict = Verdict::Safe;
  std::string why;
  std::vector<std::string> conditions;      ///< what rows must be like, for all of it to hold
  std::string hint;                         ///< what in the scenario makes it worse than need be, or empty
  bool completed = false;                   ///< in every run
  bool overloaded = false;                  ///< in any run
  int runs = 0, endless_runs = 0;           ///< all, and those whose downtime does not end by itself
  std::vector<QuantityResult> quantities;   ///< in report order; empty when refused
  metrics::Summary lasting_downtime_s;      ///< infinite where it does not end
  int deployments = 0;
  std::vector<EndpointResult> endpoints;
  std::vector<ErrorResult> errors;          ///< most frequent first
  std::vector<StepResult> steps;
  std::vector<std::string> critical_path;   ///< the steps that decide the total time, of a plan with branches
  std::vector<std::string> assumptions;
  std::vector<TimelineEntry> timeline;      ///< of the run that is told ...
  std::vector<QueueMoment> queue;           ///< ... its lock queues ...
  std::vector<FailedSpan> failures;         ///< ... and failed requests ...
  std::size_t told_run = 0, showing_runs = 0;  ///< ... its number from 0, and how many show what the verdict says

  /// Returns: nothing when the strategy was refused or no quantity has that name.
  std::optional<metrics::Summary> quantity(std::string_view quantity_name) const;
  /// The same, but a downtime that does not end is infinite: what tables show and limits are held against.
  std::optional<metrics::Summary> lasting(std::string_view quantity_name) const;
};

struct Result {
  std::string scenario;
  std::uint64_t seed = 1;
  int runs = 0;
  std::vector<Given> given;                 ///< what the scenario says
  std::vector<std::string> assumptions;     ///< of the scenario, then those every strategy shares
  std::vector<StrategyResult> strategies;   ///< in the order given
};

/// Sums up predictions.  Strategies keep their order.
Result summarize(const Scenario& scenario, const std::vector<Prediction>& predictions, std::uint64_t seed, int runs);

/// One prediction alone.
StrategyResult summarize(const Prediction& prediction);

}  // namespace midflight::io
