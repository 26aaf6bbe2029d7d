#include "backends/measure.h"

#include <algorithm>

#include "sim/metrics/recorder.h"

namespace midflight::backends {
namespace {

struct Moment {
  Instant at;
  bool leaves;
  const RequestRecord* request;
};

std::vector<Moment> moments_of(const std::vector<RequestRecord>& requests) {
  std::vector<Moment> moments;
  moments.reserve(2 * requests.size());
  for (const RequestRecord& request : requests) {
    if (request.arrival < Instant{}) continue;
    if (request.in_system) moments.push_back({request.arrival, false, &request});
    moments.push_back({request.end, true, &request});
  }
  std::stable_sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) { return a.at < b.at; });
  return moments;
}

void record_requests(const PlanRunResult& run, metrics::Recorder& recorder) {
  std::vector<metrics::ErrorId> ids;
  for (const ErrorKind& kind : run.errors) {
    ids.push_back(kind.error == ErrorClass::None ? metrics::kSuccess : recorder.intern(kind));
  }
  for (const Moment& moment : moments_of(run.requests)) {
    const RequestRecord& request = *moment.request;
    if (!moment.leaves) {
      recorder.entered(moment.at);
      continue;
    }
    if (request.in_system) recorder.left(moment.at, request.error == 0);
    recorder.answered(request.version, request.endpoint, request.arrival, request.end, ids[request.error]);
  }
  recorder.slots().close(metrics::slot_of(run.traffic_end));
}

bool overlaps(const std::vector<StepRunner::Stretch>& stretches, Instant from, Instant until) {
  const auto after = std::lower_bound(stretches.begin(), stretches.end(), from,
                                      [](const StepRunner::Stretch& s, Instant at) { return s.until < at; });
  return after != stretches.end() && after->from <= until;
}

std::int64_t blocked_by(const std::vector<StepRunner::Stretch>& stretches, const std::vector<RequestRecord>& requests) {
  if (stretches.empty()) return 0;
  return std::count_if(requests.begin(), requests.end(), [&](const RequestRecord& r) {
    return r.behind_step && overlaps(stretches, r.began, r.end);
  });
}

}  // namespace

std::vector<std::string> unmeasured_quantities(const PlanRunResult& run, std::optional<std::int64_t> stale_reads) {
  std::vector<std::string> names{"diverged_rows_peak"};
  if (!stale_reads) names.emplace_back("stale_reads");
  if (run.why_blind.empty()) return names;
  for (const StepQuantity& q : step_quantities()) names.emplace_back(q.name);
  return names;
}

Measurement measure(const Scenario& scenario, const ClientApplication& application, const PlanRunResult& run,
                    const DataCheck& data, std::optional<std::int64_t> stale_reads) {
  metrics::Recorder recorder(scenario.objective, application.versions(), application.endpoints(), run.steps.size());
  record_requests(run, recorder);
  for (std::size_t s = 0; s < run.steps.size(); ++s) {
    recorder.step(s) = run.steps[s];
    recorder.step(s).blocked_requests = blocked_by(run.stretches[s], run.requests);
  }
  recorder.overlap(run.overlap);
  for (int i = 0; i < run.deployments; ++i) recorder.deployed();
  if (run.overloaded) recorder.overloaded();
  recorder.diverged(data.diverged_rows, run.plan_end);
  recorder.lost_writes(data.lost_writes);
  recorder.stale_reads(stale_reads.value_or(0), run.plan_end, run.plan_end);
  recorder.tell(true);
  for (const TimelineEntry& entry : run.timeline) recorder.tell(entry);
  for (const QueueMoment& moment : run.queue) recorder.tell(moment);
  return recorder.finish(run.plan_end, run.why_incomplete);
}

}  // namespace midflight::backends
