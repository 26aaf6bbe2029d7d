#include "sim/io/text_tables.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "sim/io/text_number.h"

namespace midflight::io {

namespace {

std::string p50(const StrategyResult& s, std::string_view name) {
  const auto value = s.lasting(name);
  return value ? human_quantity(name, value->p50) : "";
}

std::string p95(const StrategyResult& s, std::string_view name) {
  const auto value = s.lasting(name);
  return value ? human_quantity(name, value->p95) : "";
}

std::vector<std::string> comparison_row(const StrategyResult& s) {
  const bool conditional = s.verdict == Verdict::Safe && !s.conditions.empty();
  const std::string verdict = std::string(verdict_name(s.verdict)) + (conditional ? ", if" : "");
  if (s.quantities.empty()) return {s.name, verdict};
  return {s.name, verdict, p50(s, "downtime_s"), p95(s, "downtime_s"), p95(s, "failed_requests"),
          p95(s, "delayed_requests"), p95(s, "stall_s"), p95(s, "diverged_rows_peak"), p95(s, "lost_writes"),
          p50(s, "total_time_s"), std::to_string(s.deployments)};
}

std::string locks_text(const std::vector<RelationLock>& locks) {
  std::string text;
  for (const RelationLock& lock : locks) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", lock.relation, lock_mode_name(lock.mode));
  }
  return text;
}

std::string error_text(const QuantityError& e) {
  if (!e.measured) return "not measured";
  const bool same = human_quantity(e.name, e.predicted) == human_quantity(e.name, *e.measured);
  if (e.agree && !same && *e.measured > 0) return fmt::format("below floor, x{:.2g}", e.predicted / *e.measured);
  if (e.agree) return same ? "agree" : "below floor";
  const double percent = std::round(*e.error * 100);
  return percent == 0 ? "0%" : fmt::format("{:+.0f}%", percent);
}

/// "same" where the eye cannot tell the measured value from the nearer end.
std::string inside_text(const QuantityError& e, const std::optional<metrics::Summary>& range) {
  if (!e.inside || !e.measured) return "";
  if (*e.inside || !range) return *e.inside ? "yes" : "no";
  const bool above = *e.measured > range->p95;
  const double end = above ? range->p95 : range->p5;
  if (human_quantity(e.name, end) == human_quantity(e.name, *e.measured)) return "same";
  return fmt::format("no, {} {}", human_quantity(e.name, std::abs(*e.measured - end)), above ? "above" : "below");
}

bool is_below_floor(const QuantityError& e) { return error_text(e).rfind("below floor", 0) == 0; }

bool any_below_floor(const ReplayResult& replay) {
  const auto any = [](const std::vector<QuantityError>& all) { return std::any_of(all.begin(), all.end(), is_below_floor); };
  return any(replay.errors) || std::any_of(replay.step_errors.begin(), replay.step_errors.end(),
                                           [&](const StepError& step) { return any(step.quantities); });
}

/// By more than the eye can tell in the table.
bool lies_outside(const QuantityError& e, const metrics::Summary& range) {
  const double end = e.predicted > range.p95 ? range.p95 : range.p5;
  return (e.predicted > range.p95 || e.predicted < range.p5) && human_quantity(e.name, end) != human_quantity(e.name, e.predicted);
}

bool prints_as_nothing(const QuantityError& e) {
  const std::string nothing = human_quantity(e.name, 0);
  return human_quantity(e.name, e.predicted) == nothing && e.measured && human_quantity(e.name, *e.measured) == nothing;
}

}  // namespace

std::string words(std::string_view name) {
  std::string text(name.substr(0, name.size() > 2 && name.substr(name.size() - 2) == "_s" ? name.size() - 2 : name.size()));
  for (char& c : text) c = c == '_' ? ' ' : c;
  return text;
}

Table comparison_table(const Result& result) {
  Table table;
  table.columns = {{"strategy", "", false}, {"verdict", "", false}, {"downtime", "p50"}, {"", "p95"},
                   {"failed", "p95"}, {"delayed", "p95"}, {"stall", "p95"}, {"diverged", "p95"}, {"lost", "p95"},
                   {"total", "p50"}, {"deploys", ""}};
  for (const StrategyResult& s : result.strategies) table.rows.push_back(comparison_row(s));
  return table;
}

Table quantity_table(const StrategyResult& strategy) {
  Table table;
  table.columns = {{"quantity", "", false}, {"mean", ""}, {"p5", ""}, {"p50", ""}, {"p95", ""}};
  for (const QuantityResult& q : strategy.quantities) {
    const metrics::Summary value = strategy.lasting(q.name).value();
    table.rows.push_back({words(q.name), human_quantity(q.name, value.mean), human_quantity(q.name, value.p5),
                          human_quantity(q.name, value.p50), human_quantity(q.name, value.p95)});
  }
  return table;
}

Table step_table(const StrategyResult& strategy) {
  Table table;
  table.columns = {{"step", "", false}, {"kind", "", false}, {"start", "p50"}, {"lock wait", "p95"}, {"held", "p95"},
                   {"tries", "p95"}, {"blocked", "p95"}, {"locks", "", false}};
  for (const StepResult& s : strategy.steps) {
    table.rows.push_back({s.id, s.kind, s.start_s ? human_seconds(s.start_s->p50) : "not reached",
                          human_seconds(s.lock_wait_s.p95), human_seconds(s.held_s.p95), human_count(s.tries.p95),
                          human_count(s.blocked_requests.p95), locks_text(s.locks)});
  }
  return table;
}

Table error_table(const StrategyResult& strategy) {
  Table table;
  table.columns = {{"version", "", false}, {"endpoint", "", false}, {"failed", "p50"}, {"", "p95"},
                   {"error", "", false}};
  for (const ErrorResult& e : strategy.errors) {
    table.rows.push_back({e.version, e.endpoint, human_count(e.count.p50), human_count(e.count.p95),
                          fmt::format("{}{}{} {}", error_class_name(e.kind.error), e.kind.sqlstate.empty() ? "" : " ",
                                      e.kind.sqlstate, e.kind.message)});
  }
  return table;
}

Table replay_table(const ReplayResult& replay) {
  Table table;
  table.columns = {{"quantity", "", false}, {"predicted", "paired"}, {"measured", ""}, {"error", ""},
                   {"p5 to p95", ""}, {"inside", "", false}};
  for (const QuantityError& e : replay.errors) {
    const auto range = replay.predicted.strategies.front().quantity(e.name);
    table.rows.push_back({words(e.name), human_quantity(e.name, e.predicted),
                          e.measured ? human_quantity(e.name, *e.measured) : "", error_text(e),
                          range ? human_quantity(e.name, range->p5) + " to " + human_quantity(e.name, range->p95) : "",
                          inside_text(e, range)});
  }
  return table;
}

Table replay_step_table(const ReplayResult& replay) {
  Table table;
  table.columns = {{"step", "", false}, {"quantity", "", false}, {"predicted", "paired"}, {"measured", ""}, {"error", ""}};
  for (const StepError& step : replay.step_errors) {
    for (const QuantityError& e : step.quantities) {
      if (prints_as_nothing(e)) continue;
      table.rows.push_back({step.id, words(e.name), human_quantity(e.name, e.predicted),
                            e.measured ? human_quantity(e.name, *e.measured) : "-", error_text(e)});
    }
  }
  return table;
}

Table repetition_table(const ReplayResult& replay) {
  Table table;
  table.columns = {{fmt::format("{} replays", replay.repetitions.size()), "", false}, {"measured", "least"}, {"", "median"}, {"", "most"},
                   {"error", "median"}, {"", "largest"}};
  for (std::size_t q = 0; q < replay.errors.size(); ++q) {
    std::vector<double> measured, errors;
    for (const Repetition& repetition : replay.repetitions) {
      const QuantityError& e = repetition.errors[q];
      if (e.measured) measured.push_back(*e.measured);
      if (e.error) errors.push_back(std::abs(*e.error));
    }
    if (measured.empty()) continue;
    std::sort(measured.begin(), measured.end());
    std::sort(errors.begin(), errors.end());
    const std::string& name = replay.errors[q].name;
    table.rows.push_back({words(name), human_quantity(name, measured.front()), human_quantity(name, measured[(measured.size() - 1) / 2]),
                          human_quantity(name, measured.back()), errors.empty() ? "agree" : fmt::format("{:.0f}%", 100 * errors[(errors.size() - 1) / 2]),
                          errors.empty() ? "" : fmt::format("{:.0f}%", 100 * errors.back())});
  }
  return table;
}

std::string paired_text(const ReplayResult& replay) {
  std::string outside;
  for (const QuantityError& e : replay.errors) {
    const auto range = replay.predicted.strategies.front().quantity(e.name);
    if (range && lies_outside(e, *range)) outside += (outside.empty() ? "" : ", ") + words(e.name);
  }
  return fmt::format("Predicted is the paired run, simulated with the replay's own seed and arrivals and with database work that takes its median. "
                     "p5 to p95 is over {} with arrivals and work of their own{}",
                     counted(replay.predicted.runs, "run"), outside.empty() ? "." : ", so that a single run may lie outside: here " + outside + ".");
}

std::string completion_text(const ReplayResult& replay) {
  const Measurement &paired = replay.paired, &measured = replay.measured;
  if (measured.completed) {
    return paired.completed ? "" : fmt::format("The plan was carried out, and the prediction says that it cannot be: {}.", paired.why_incomplete);
  }
  const std::string what = fmt::format("The plan was NOT carried out: {}.", measured.why_incomplete);
  if (replay.unforeseen_end) return what + " The prediction says that it is.";
  if (paired.completed) return what + " In some runs of the prediction it is not carried out either.";
  return what + fmt::format(" The prediction says so too: {}.", paired.why_incomplete);
}

std::vector<std::string> replay_notes(const ReplayResult& replay) {
  std::vector<std::string> notes;
  if (any_below_floor(replay)) {
    notes.push_back("Below the floor: both are under 0.5 s, or under 10 requests or 0.1% of them, where a percentage "
                    "would say little; x is predicted over measured.");
  }
  if (replay.predicted.strategies.front().endless_runs > 0) {
    notes.push_back("The predicted downtime does not end by itself; both are counted as long as the traffic goes on after the plan.");
  }
  std::string names;
  for (const QuantityError& e : replay.errors) {
    if (!e.measured) names += (names.empty() ? "" : ", ") + words(e.name);
  }
  if (!names.empty()) {
    notes.push_back(fmt::format("Not measured: {}; that takes reading every row at every moment, or reads that show the "
                                "value as it is stored.", names));
  }
  if (!replay.why_blind.empty()) {
    notes.push_back(fmt::format("Not measured: how long steps waited for their locks, from when they held them, and which requests stood behind them; "
                                "the connection that looks at locks could not: {}.", replay.why_blind));
  }
  return notes;
}

}  // namespace midflight::io
