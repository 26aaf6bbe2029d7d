#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "backends/replay.h"
#include "backends/run_context.h"
#include "backends/steps.h"
#include "backends/time_left.h"

namespace midflight::backends {

/// What a plan carried out under load left behind.
struct PlanRunResult {
  std::vector<RequestRecord> requests;          ///< by arrival
  std::vector<ErrorKind> errors;                ///< by RequestRecord::error
  std::vector<StepMeasurement> steps;
  std::vector<std::vector<StepRunner::Stretch>> stretches;
  std::vector<TimelineEntry> timeline;
  std::vector<QueueMoment> queue;               ///< as far as somebody looked
  Instant plan_end{}, traffic_end{};
  std::string why_incomplete;                   ///< empty: the plan was carried out
  Duration overlap{};
  Lateness lateness;
  int deployments = 0;
  bool overloaded = false;                      ///< requests were still unanswered long after the end
  Schema schema;                                ///< at the end
  std::vector<std::uint32_t> serving_versions;  ///< at the end
  std::int64_t disagreeing_rows = -1;           ///< see StepRunner
  std::string why_blind;                        ///< see Backend
  std::set<std::string> losing_rows;            ///< tables from which something takes rows away
};

/// Runs the application and the plan on a prepared database, in real time.
/// `time_left` is what progress is told by.
/// Errors: what any thread threw; Error(Interrupted) when stopped.  Everything
///         has ended when it returns or throws.
PlanRunResult run_plan(Backend& backend, const Scenario& scenario, const strategy::Proposal& proposal,
                       const Catalogue& catalogue, const ClientApplication& application, const ReplayOptions& options, TimeLeft time_left = {});

}  // namespace midflight::backends
