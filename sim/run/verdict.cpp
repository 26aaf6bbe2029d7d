#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "sim/kernel/count_text.h"
#include "sim/metrics/summary.h"
#include "sim/run/comparison.h"
#include "sim/run/damage_cause.h"

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

using Runs = std::vector<Measurement>;

double p95(const Runs& runs, std::string_view name) {
  for (const metrics::Quantity& q : metrics::quantities()) {
    if (q.name == name) return metrics::summarize(runs, q).p95;
  }
  return 0;
}

std::string seconds_text(double s) { return s < 1 ? fmt::format("{:.1f} ms", s * 1e3) : fmt::format("{:.1f} s", s); }

/// The commonest failure: profile of v1 fails with `column "name" does not exist` (42703) in 3 of 50 runs.
std::string main_error(const Runs& runs) {
  struct Seen { double count = 0; std::size_t runs = 0; const ErrorCount* example = nullptr; };
  std::map<std::pair<std::string, std::string>, Seen> seen;
  for (const Measurement& m : runs) {
    for (const ErrorCount& e : m.errors) {
      Seen& s = seen[{e.version + " " + e.endpoint, e.kind.message}];
      s.count += static_cast<double>(e.count);
      ++s.runs;
      s.example = &e;
    }
  }
  const auto most = std::max_element(seen.begin(), seen.end(),
                                     [](const auto& a, const auto& b) { return a.second.count < b.second.count; });
  if (most == seen.end()) return {};
  const ErrorCount& e = *most->second.example;
  const std::string who = e.version.empty() ? e.endpoint : fmt::format("{} of {}", e.endpoint, e.version);
  const std::string state = e.kind.sqlstate.empty() ? std::string() : fmt::format(" ({})", e.kind.sqlstate);
  const std::size_t in = most->second.runs;
  const std::string rare = in < runs.size() ? fmt::format(" in {} of {} runs", in, runs.size()) : std::string();
  return fmt::format("{} fails with `{}`{}{}", who, e.kind.message, state, rare);
}

/// The step behind which most requests waited.
std::string main_blocker(const Prediction& p) {
  std::size_t most = 0;
  double largest = 0, wait = 0, hold = 0;
  for (std::size_t s = 0; s < p.proposal.plan.steps.size(); ++s) {
    double blocked = 0, waited = 0, held = 0;
    for (const Measurement& m : p.runs) {
      blocked += static_cast<double>(m.steps[s].blocked_requests);
      waited = std::max(waited, m.steps[s].lock_wait.seconds());
      held = std::max(held, m.steps[s].held.seconds());
    }
    if (blocked > largest) most = s, largest = blocked, wait = waited, hold = held;
  }
  if (largest == 0) return {};
  return fmt::format("requests queue behind step {}, which in its worst run waits {} for its lock and holds it {}",
                     p.proposal.plan.steps[most].id, seconds_text(wait), seconds_text(hold));
}

std::string unsafe_reason(const Runs& runs, const Program& program) {
  const double lost = p95(runs, "lost_writes"), stale = p95(runs, "stale_reads"), diverged = p95(runs, "diverged_rows");
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (lost > 0) add(fmt::format("{} lost", count_text(std::llround(lost), "acknowledged value")));
  if (stale > 0) add(fmt::format("{} of an older value", count_text(std::llround(stale), "read")));
  if (diverged > 0) add(fmt::format("{} still diverged at the end", count_text(std::llround(diverged), "row")));
  const bool overlap = std::any_of(runs.begin(), runs.end(), [](const Measurement& m) { return m.overlap > Duration{}; });
  const std::string cause = damage_cause(program, overlap);
  return "silent damage: " + text + (cause.empty() ? "" : "; " + cause);
}

std::string incomplete_reason(const Runs& runs) {
  const auto failed = std::find_if(runs.begin(), runs.end(), [](const Measurement& m) { return !m.completed; });
  const auto count = std::count_if(runs.begin(), runs.end(), [](const Measurement& m) { return !m.completed; });
  return fmt::format("{} of {} runs did not finish: {}", count, runs.size(), failed->why_incomplete);
}

std::string trouble(const Prediction& p) {
  const std::string error = main_error(p.runs), blocker = main_blocker(p);
  if (error.empty()) return blocker;
  return blocker.empty() ? error : error + "; " + blocker;
}

/// How much of what the verdict says a run shows.
double harm(Verdict verdict, const Measurement& m) {
  switch (verdict) {
    case Verdict::Unsafe: return static_cast<double>(m.lost_writes + m.stale_reads + m.diverged_rows);
    case Verdict::Incomplete: return m.completed ? 0 : 1;
    case Verdict::Down: return m.downtime.seconds();
    case Verdict::Degraded: return static_cast<double>(m.failed_requests + m.delayed_requests);
    case Verdict::Safe:
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
  } else if (p95(runs, "downtime_s") > 0) {
    p.verdict = Verdict::Down;
    p.why = trouble(p);
  } else if (p95(runs, "failed_requests") + p95(runs, "delayed_requests") > 0 || endpoint_down) {
    p.verdict = Verdict::Degraded;
    p.why = trouble(p);
  } else {
    p.verdict = Verdict::Safe;
    p.why = "no request fails, none is late, and no row is misread";
  }
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
    return std::tuple(p.verdict, p95(p.runs, "downtime_s"), p95(p.runs, "failed_requests"), p95(p.runs, "total_time_s"));
  };
  std::stable_sort(all.begin(), all.end(), [&](const Prediction& a, const Prediction& b) { return key(a) < key(b); });
  return all;
}

}  // namespace midflight
