#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "sim/metrics/summary.h"
#include "sim/run/program.h"
#include "sim/run/verdict_words.h"

namespace midflight {

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::Safe: return "safe";
    case Verdict::Degraded: return "degraded";
    case Verdict::Down: return "down";
    case Verdict::Incomplete: return "incomplete";
    case Verdict::Unsafe: return "unsafe";
    case Verdict::Refused: return "refused";
  }
  return "?";
}

namespace {

/// How much of what the verdict says a run shows.
double harm(Verdict verdict, const Measurement& m) {
  switch (verdict) {
    case Verdict::Unsafe: return static_cast<double>(damage(m));
    case Verdict::Incomplete: return m.completed ? 0 : 1;
    case Verdict::Down: return m.downtime.seconds();
    case Verdict::Degraded: return static_cast<double>(bad_requests(m));
    case Verdict::Safe: return static_cast<double>(bad_requests(m) + damage(m));
    case Verdict::Refused: break;
  }
  return 0;
}

void choose_told(Prediction& p) {
  std::vector<std::pair<double, std::size_t>> showing;
  for (std::size_t run = 0; run < p.runs.size(); ++run) {
    if (const double much = harm(p.verdict, p.runs[run]); much > 0) showing.emplace_back(much, run);
  }
  p.showing = showing.size();
  p.told = 0;
  if (p.verdict == Verdict::Safe && !harms_now_and_then(p.runs)) return;
  if (showing.empty() || showing.front().second == 0) return;
  const auto middle = showing.begin() + static_cast<std::ptrdiff_t>(showing.size() / 2);
  std::nth_element(showing.begin(), middle, showing.end());
  p.told = middle->second;
}

}  // namespace

void judge(Prediction& p, const Program& program) {
  const Runs& runs = p.runs;
  std::vector<double> endpoint_downtime;
  for (const Measurement& m : runs) {
    Duration longest{};
    for (const EndpointMeasurement& e : m.endpoints) longest = std::max(longest, e.downtime);
    endpoint_downtime.push_back(longest.seconds());
  }
  const bool endpoint_down = metrics::summarize(std::move(endpoint_downtime)).p95 > 0;
  const auto overloaded = std::count_if(runs.begin(), runs.end(), [](const Measurement& m) { return m.overloaded; });
  if (p95(runs, "lost_writes") > 0 || p95(runs, "stale_reads") > 0 || p95(runs, "diverged_rows") > 0) {
    p.verdict = Verdict::Unsafe;
    p.why = unsafe_reason(runs, program);
    if (const std::string more = main_error(runs); !more.empty()) p.why += "; and " + more;
  } else if (std::any_of(runs.begin(), runs.end(), [](const Measurement& m) { return !m.completed; })) {
    p.verdict = Verdict::Incomplete;
    p.why = incomplete_reason(runs);
  } else if (metrics::lasting_downtime(runs).p95 > 0) {
    p.verdict = Verdict::Down;
    p.why = trouble(p);
  } else if (p95(runs, "failed_requests") + p95(runs, "delayed_requests") > 0 || endpoint_down) {
    p.verdict = Verdict::Degraded;
    p.why = trouble(p);
  } else {
    p.verdict = Verdict::Safe;
    p.why = only_if(p.conditions) + safe_reason(runs);
  }
  if (p.verdict != Verdict::Unsafe && p.verdict != Verdict::Safe) p.why += rare_damage(runs);
  if (const std::string endless = endless_downtime(runs); !endless.empty()) p.why += (p.why.empty() ? "" : "; ") + endless;
  const bool hurts = p.verdict == Verdict::Down || p.verdict == Verdict::Degraded;
  if (hurts) p.hint = lock_timeout_hint(p, program.scenario.objective.latency);
  choose_told(p);
  if (overloaded > 0) p.why = fmt::format("overload that does not end in {} of {} runs; {}", overloaded, runs.size(), p.why);
}

std::vector<Prediction> compare(const Scenario& scenario, const RunOptions& options) {
  std::vector<Prediction> all;
  const std::vector<strategy::Proposal> proposals = strategy::propose_all(scenario);
  const auto todo = std::count_if(proposals.begin(), proposals.end(), [](const strategy::Proposal& p) { return !p.refused; });
  std::int64_t before = 0;
  for (const strategy::Proposal& proposal : proposals) {
    RunOptions one = options;
    if (options.progress) {
      one.progress = [&](std::int64_t done, std::int64_t of) { options.progress(before + done, todo * of); };
    }
    all.push_back(predict(scenario, proposal, one));
    if (!proposal.refused) before += options.runs;
  }
  const auto key = [](const Prediction& p) {
    if (p.runs.empty()) return std::tuple(p.verdict, 0.0, 0.0, 0.0);
    return std::tuple(p.verdict, metrics::lasting_downtime(p.runs).p95, p95(p.runs, "failed_requests"), p95(p.runs, "total_time_s"));
  };
  std::stable_sort(all.begin(), all.end(), [&](const Prediction& a, const Prediction& b) { return key(a) < key(b); });
  return all;
}

}  // namespace midflight
