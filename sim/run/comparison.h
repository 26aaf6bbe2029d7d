#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/cost/profile.h"
#include "sim/model/measurement.h"
#include "sim/model/scenario.h"
#include "sim/strategy/strategy.h"
#include "sim/traffic/environment.h"

namespace midflight {

class Program;

namespace metrics {
struct RequestLog;
}

enum class Verdict : std::uint8_t { Safe, Degraded, Down, Incomplete, Unsafe, Refused };
std::string_view verdict_name(Verdict verdict);

struct RunOptions {
  int runs = 200;
  std::uint64_t seed = 1;
  int jobs = 0;                                  ///< threads; 0: one per processor
  bool exact = false;                            ///< simulate every request
  std::optional<cost::Profile> profile;          ///< else the engine's default
  /// Traffic after the plan, so that a broken end shows.
  Duration lead_out = traffic::kLeadOut;
  const std::atomic<bool>* stop = nullptr;       ///< set: give up with Error(Interrupted)
  metrics::RequestLog* requests = nullptr;       ///< of simulate_run(): write every single request down
  /// Called now and then, from one thread at a time, with runs done and in all.
  std::function<void(std::int64_t done, std::int64_t all)> progress;
};

/// What one strategy is predicted to do.
struct Prediction {
  strategy::Proposal proposal;
  Verdict verdict = Verdict::Safe;
  std::string why;                               ///< the verdict in one sentence; a safe one begins with its conditions
  std::vector<std::string> conditions;           ///< what rows must be like, which no run can know: "no row has a null in t.c"
  /// In run order; empty when refused.  The one that is told carries the timeline.
  std::vector<Measurement> runs;
  /// Run 0, unless it shows nothing of what the verdict says: then a typical
  /// one of the `showing` runs that do.
  std::size_t told = 0, showing = 0;
  std::string hint;                              ///< what in the scenario makes it worse than need be, or empty
};

/// Runs one strategy `runs` times.  The result does not depend on `jobs`.
Prediction predict(const Scenario& scenario, const strategy::Proposal& proposal, const RunOptions& options);

/// Every strategy on the same traffic, best first: verdict, p95 downtime (one
/// that does not end is the longest), p95 failed requests, total time.
std::vector<Prediction> compare(const Scenario& scenario, const RunOptions& options);

/// One run; what predict() does `runs` times.  `tell` keeps the timeline.
Measurement simulate_run(const Scenario& scenario, const strategy::Proposal& proposal, const RunOptions& options,
                         std::uint64_t run, bool tell);

/// The verdict and its sentence from the runs of a strategy that was not refused.
void judge(Prediction& prediction, const Program& program);

}  // namespace midflight
