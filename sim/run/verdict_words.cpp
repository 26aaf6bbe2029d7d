#include "sim/run/verdict_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "sim/kernel/count_text.h"
#include "sim/metrics/summary.h"
#include "sim/run/damage_cause.h"

namespace midflight {

namespace {

std::string seconds_text(double s) { return s < 1 ? fmt::format("{:.1f} ms", s * 1e3) : fmt::format("{:.1f} s", s); }

/// What step `s` does to others in the run in which it waits longest.
std::string longest_wait(const Runs& runs, std::size_t s) {
  const StepMeasurement* worst = &runs.front().steps[s];
  Duration held{};
  for (const Measurement& m : runs) {
    held = std::max(held, m.steps[s].held);
    if (m.steps[s].lock_wait > worst->lock_wait) worst = &m.steps[s];
  }
  const std::string tries = worst->tries > 1 ? fmt::format(" in {} tries", worst->tries) : std::string();
  return fmt::format("waits {} for its lock{} and holds it {}", seconds_text(worst->lock_wait.seconds()), tries, seconds_text(held.seconds()));
}

/// The step behind which most requests waited.
std::string main_blocker(const Prediction& p) {
  std::size_t most = 0;
  double largest = 0;
  for (std::size_t s = 0; s < p.proposal.plan.steps.size(); ++s) {
    double blocked = 0;
    for (const Measurement& m : p.runs) blocked += static_cast<double>(m.steps[s].blocked_requests);
    if (blocked > largest) most = s, largest = blocked;
  }
  if (largest == 0) return {};
  return fmt::format("requests queue behind step {}, which in its worst run {}", p.proposal.plan.steps[most].id, longest_wait(p.runs, most));
}

bool harmless(const Measurement& m) { return bad_requests(m) + damage(m) == 0; }

/// What a run does to others: 1,203 requests fail, 40 are late.
std::string harm_text(const Measurement& m) {
  std::string text;
  const auto add = [&text](std::int64_t n, std::string_view noun, std::string_view one, std::string_view many) {
    if (n > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count_text(n, noun), n == 1 ? one : many);
  };
  add(m.failed_requests, "request", "fails", "fail");
  add(m.delayed_requests, "request", "is late", "are late");
  add(m.lost_writes, "acknowledged value", "is lost", "are lost");
  add(m.stale_reads, "read", "sees an older value", "see an older value");
  add(m.diverged_rows, "row", "stays diverged", "stay diverged");
  return text;
}

std::optional<Duration> lock_timeout_of(const Step& step) {
  if (const auto* sql = std::get_if<SqlStep>(&step.action)) return sql->lock_timeout;
  if (const auto* backfill = std::get_if<BackfillStep>(&step.action)) return backfill->lock_timeout;
  return std::nullopt;
}

}  // namespace

double p95(const Runs& runs, std::string_view name) {
  for (const metrics::Quantity& q : metrics::quantities()) {
    if (q.name == name) return metrics::summarize(runs, q).p95;
  }
  return 0;
}

std::int64_t bad_requests(const Measurement& m) { return m.failed_requests + m.delayed_requests; }
std::int64_t damage(const Measurement& m) { return m.lost_writes + m.stale_reads + m.diverged_rows; }

bool harms_now_and_then(const Runs& runs) {
  return (std::ssize(runs) - std::count_if(runs.begin(), runs.end(), harmless)) * 100 > std::ssize(runs);
}

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

std::string safe_reason(const Runs& runs) {
  const std::string nothing = "no request fails, none is late, and no row is misread";
  const auto good = std::count_if(runs.begin(), runs.end(), harmless);
  if (good == std::ssize(runs)) return nothing;
  const auto worst = std::max_element(runs.begin(), runs.end(), [](const Measurement& a, const Measurement& b) {
    return std::tuple(damage(a), a.failed_requests, a.delayed_requests) < std::tuple(damage(b), b.failed_requests, b.delayed_requests);
  });
  return fmt::format("in {} of {} runs {}; in the worst of the others {}", good, runs.size(), nothing, harm_text(*worst));
}

std::string only_if(const std::vector<std::string>& conditions) {
  return conditions.empty() ? "" : fmt::format("if {}, ", fmt::join(conditions, " and "));
}

std::string rare_damage(const Runs& runs) {
  const auto damaged = std::count_if(runs.begin(), runs.end(), [](const Measurement& m) { return damage(m) > 0; });
  return damaged == 0 ? "" : fmt::format("; and in {} of {} runs values are lost or misread", damaged, runs.size());
}

std::string endless_downtime(const Runs& runs) {
  const auto endless = std::count_if(runs.begin(), runs.end(), [](const Measurement& m) { return m.endless; });
  if (endless == 0) return {};
  const std::string in = endless == std::ssize(runs) ? "" : fmt::format("in {} of {} runs ", endless, runs.size());
  return in + "the downtime does not end by itself";
}

std::string lock_timeout_hint(const Prediction& p, Duration latency) {
  for (std::size_t s = 0; s < p.proposal.plan.steps.size(); ++s) {
    const Step& step = p.proposal.plan.steps[s];
    const auto timeout = lock_timeout_of(step);
    if (!timeout || *timeout < latency) continue;
    const bool late = std::any_of(p.runs.begin(), p.runs.end(), [&](const Measurement& m) {
      return m.steps[s].lock_wait >= latency && m.steps[s].blocked_requests > 0;
    });
    if (late) {
      return fmt::format("Requests may wait behind {} until its lock_timeout of {} is over, and are late after {}: a shorter one lets them pass in time.",
                         step.id, duration_text(*timeout), duration_text(latency));
    }
  }
  return {};
}

}  // namespace midflight
