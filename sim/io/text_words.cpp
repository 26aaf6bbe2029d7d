#include "sim/io/text_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/io/text_number.h"
#include "sim/metrics/slots.h"

namespace midflight::io {

namespace {

constexpr std::size_t kReasonsMax = 3;
/// Seconds; a shorter wait is ordinary service.
constexpr double kWorthTelling = 0.1;

/// The same error of one version, over its endpoints.
struct ErrorGroup {
  const ErrorResult* first;
  double mean = 0;
  std::string endpoints;
};

std::vector<ErrorGroup> group_errors(const std::vector<ErrorResult>& errors) {
  std::vector<ErrorGroup> groups;
  for (const ErrorResult& e : errors) {
    auto same = [&](const ErrorGroup& g) { return g.first->kind == e.kind && g.first->version == e.version; };
    auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) group = groups.insert(groups.end(), {&e, 0, ""});
    group->mean += e.count.mean;
    group->endpoints += (group->endpoints.empty() ? "" : ", ") + e.endpoint;
  }
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.mean > b.mean; });
  return groups;
}

bool by_version(ErrorClass c) { return c == ErrorClass::Schema || c == ErrorClass::StalePlan || c == ErrorClass::Constraint; }

std::optional<Instant> first_failure(const std::vector<TimelineEntry>& timeline) {
  std::optional<Instant> first;
  for (const TimelineEntry& e : timeline) {
    if (e.lane == "errors" && (!first || e.at < *first)) first = e.at;
  }
  return first;
}

/// The last sql step that had begun when the first request failed.
const StepResult* step_before(const StrategyResult& s, Instant failure) {
  const StepResult* last = nullptr;
  for (const StepResult& step : s.steps) {
    const bool began = std::any_of(s.timeline.begin(), s.timeline.end(), [&](const TimelineEntry& e) {
      return e.at <= failure && e.lane == "step " + step.id;
    });
    if (began && step.kind == "sql") last = &step;
  }
  return last;
}

std::string gone_after(const StrategyResult& s, const std::string& version) {
  const auto failure = first_failure(s.timeline);
  const StepResult* step = failure ? step_before(s, *failure) : nullptr;
  if (step == nullptr || !step->start_s) return "";
  Instant gone{}, end{};
  for (const TimelineEntry& e : s.timeline) {
    if (e.lane.starts_with("version ")) end = std::max(end, e.until);  // of whoever serves last
    if (e.lane == "version " + version) gone = std::max(gone, e.until);
  }
  const auto begun = std::find_if(s.timeline.begin(), s.timeline.end(),
                                  [&](const TimelineEntry& e) { return e.lane == "step " + step->id; });
  if (gone <= begun->at || gone >= end) return "";
  return fmt::format(" until its last instance is gone {} after {} begins", human_seconds((gone - begun->at).seconds()),
                     step->id);
}

/// A mean that a few runs make: so that it does not contradict the table's quantiles.
std::string how_often(const StrategyResult& s) {
  const auto failed = s.quantity("failed_requests");
  if (!failed || failed->p50 > 0) return "";
  return failed->p95 > 0 ? " over all runs (none in half of them)" : " over all runs (none in 19 of 20)";
}

std::string error_reason(const StrategyResult& s, const ErrorGroup& group) {
  const ErrorKind& kind = group.first->kind;
  const std::string code = kind.sqlstate.empty() ? ": " : fmt::format(" with {} ", kind.sqlstate);
  const std::string until = by_version(kind.error) ? gone_after(s, group.first->version) : "";
  const std::string& version = group.first->version;
  return fmt::format("{}{} ({}) fail on average{}{}{}{}.", counted(group.mean, "request"),
                     version.empty() ? "" : fmt::format(" of {}", version), group.endpoints, how_often(s), code, kind.message, until);
}

std::string strongest_lock(const StepResult& step) {
  if (step.locks.empty()) return "its locks";
  const auto lock = std::max_element(step.locks.begin(), step.locks.end(),
                                     [](const auto& a, const auto& b) { return a.mode < b.mode; });
  return fmt::format("{} on {}", lock_mode_name(lock->mode), lock->relation);
}

/// Where the mean lies beyond the 95th percentile, the few runs beyond it are what hurts.
std::string rare_long_wait(const StepResult& step) {
  if (step.lock_wait_s.mean <= step.lock_wait_s.p95 || step.lock_wait_s.mean < kWorthTelling) return "";
  return fmt::format(" In the others it waits so long that the mean is {}.", human_seconds(step.lock_wait_s.mean));
}

/// Requests wait for such a step only where it has changed their rows.
bool locks_rows_alone(const StepResult& step) {
  return !step.locks.empty() && std::all_of(step.locks.begin(), step.locks.end(),
                                            [](const auto& lock) { return lock.mode <= LockMode::ShareUpdateExclusiveLock; });
}

std::string blocking_reason(const StrategyResult& s) {
  if (s.steps.empty()) return "";
  const auto worst = std::max_element(s.steps.begin(), s.steps.end(), [](const auto& a, const auto& b) {
    return a.blocked_requests.p95 < b.blocked_requests.p95;
  });
  if (worst->blocked_requests.p95 < 1 || worst->lock_wait_s.p95 + worst->held_s.p95 < kWorthTelling) return "";
  const std::string behind = counted(worst->blocked_requests.p95, "request");
  if (locks_rows_alone(*worst)) return fmt::format("In 19 of 20 runs at most {} in all wait for rows that {} has changed.", behind, worst->id);
  return fmt::format("In 19 of 20 runs {} waits at most {} for {} and holds it at most {}; at most {} in all wait behind it.{}", worst->id,
                     human_seconds(worst->lock_wait_s.p95), strongest_lock(*worst), human_seconds(worst->held_s.p95), behind,
                     rare_long_wait(*worst));
}

/// Downtime is a sum of slots, total time is not; and trouble may outlive the plan.
std::string longer_than_the_plan(const StrategyResult& s) {
  const auto down = s.quantity("downtime_s"), total = s.quantity("total_time_s");
  if (s.endless_runs > 0 || !down || !total || (down->p50 <= total->p50 && down->p95 <= total->p95)) return "";
  const double over = std::max(down->p50 - total->p50, down->p95 - total->p95);
  if (over <= metrics::kSlot.seconds()) return "Downtime counts whole slots of 100 ms, the total time does not.";
  return "The downtime outlasts the plan.";
}

/// What the numbers say of a downtime that has no end.
std::string endless_text(const StrategyResult& s, bool why_is_told) {
  if (s.endless_runs == 0) return "";
  const std::string counted_is = "seconds and requests are counted until shortly after the plan.";
  if (why_is_told) return "Of a downtime that does not end, " + counted_is;
  const std::string in = s.endless_runs < s.runs ? fmt::format("In {} of {} runs the", s.endless_runs, s.runs) : "The";
  return in + " downtime does not end by itself: " + counted_is;
}

std::string cost_text(const StrategyResult& s) {
  const auto total = s.quantity("total_time_s");
  const std::string deploys = s.deployments == 1 ? "1 deployment" : fmt::format("{} deployments", s.deployments);
  return total ? fmt::format("{} and {}", human_seconds(total->p50), deploys) : deploys;
}

std::string without_stop(std::string sentence) {
  while (!sentence.empty() && (sentence.back() == '.' || sentence.back() == ' ')) sentence.pop_back();
  return sentence;
}

}  // namespace

std::string title(const Result& result) {
  const std::string what =
      result.strategies.size() == 1 ? result.strategies.front().name : fmt::format("{} strategies", result.strategies.size());
  return fmt::format("{} - {}, {} run{}, seed {}", result.scenario, what, result.runs, result.runs == 1 ? "" : "s",
                     result.seed);
}

std::string advice(const Result& result) {
  if (result.strategies.empty()) return "No strategy knows what to do with this change.";
  const StrategyResult& best = result.strategies.front();
  const std::string why = without_stop(best.why);
  if (result.strategies.size() == 1) {
    return fmt::format("{} is {}: {} ({}).", best.name, verdict_name(best.verdict), why, cost_text(best));
  }
  switch (best.verdict) {
    case Verdict::Safe: return fmt::format("Use {}: {} ({}).", best.name, why, cost_text(best));
    case Verdict::Degraded: return fmt::format("Use {}, the least harmful: {} ({}).", best.name, why, cost_text(best));
    case Verdict::Down: return fmt::format("No strategy avoids downtime. {} has the least: {} ({}).", best.name, why, cost_text(best));
    case Verdict::Incomplete: return fmt::format("No strategy gets through. {}: {}.", best.name, why);
    case Verdict::Unsafe: return fmt::format("Every strategy that applies loses data. {}: {}.", best.name, why);
    case Verdict::Refused: break;
  }
  return fmt::format("No strategy applies. {}: {}.", best.name, why);
}

std::vector<std::string> reasons(const StrategyResult& strategy) {
  std::vector<std::string> all;
  for (const ErrorGroup& group : group_errors(strategy.errors)) {
    if (all.size() + 1 < kReasonsMax && group.mean > 0) all.push_back(error_reason(strategy, group));
  }
  const std::string blocking = blocking_reason(strategy);
  if (!blocking.empty()) all.push_back(blocking);
  const std::string longer = longer_than_the_plan(strategy);
  if (!longer.empty()) all.push_back(longer);
  // Where the verdict follows from errors and waits alone, they say it with numbers.
  const bool told = strategy.verdict == Verdict::Down || strategy.verdict == Verdict::Degraded;
  const bool why = !told || strategy.overloaded || all.empty();
  if (why) all.insert(all.begin(), without_stop(strategy.why) + ".");
  const std::string endless = endless_text(strategy, why);
  if (!endless.empty()) all.push_back(endless);
  if (!strategy.hint.empty()) all.push_back(strategy.hint);
  return all;
}

std::string critical_path_text(const StrategyResult& strategy) {
  if (strategy.critical_path.empty()) return "";
  return fmt::format("The total time is that of {}; the other steps run beside them.", fmt::join(strategy.critical_path, ", "));
}

std::string told_run(const Result& result, const StrategyResult& strategy) {
  if (strategy.told_run == 0) return "The first run";
  if (strategy.verdict == Verdict::Safe) {
    return fmt::format("Run {} of {}, {} (the first does none)", strategy.told_run + 1, result.runs,
                       strategy.showing_runs == 1 ? "the only one that does harm" : fmt::format("a typical one of the {} that do harm", strategy.showing_runs));
  }
  const std::string showing = strategy.showing_runs == 1 ? "the only one that shows why" : fmt::format(
      "a typical one of the {} that show why", human_count(static_cast<double>(strategy.showing_runs)));
  return fmt::format("Run {} of {}, {} (the first shows nothing of it)", strategy.told_run + 1, result.runs, showing);
}

}  // namespace midflight::io
