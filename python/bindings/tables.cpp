#include "python/bindings/tables.h"

#include <fmt/core.h>

#include <limits>

#include "sim/metrics/summary.h"

namespace midflight::python {

namespace {

using Seconds = std::vector<double>;
using Counts = std::vector<std::int64_t>;

bool in_seconds(std::string_view name) { return name.ends_with("_s"); }

/// Calls `each` with prediction, number of the run and its measurement.
template <class Each>
void for_runs(const std::vector<Prediction>& predictions, const Each& each) {
  for (const Prediction& prediction : predictions) {
    for (std::size_t run = 0; run < prediction.runs.size(); ++run) {
      each(prediction, static_cast<std::int64_t>(run), prediction.runs[run]);
    }
  }
}

Column quantity_column(const std::vector<Prediction>& predictions, const metrics::Quantity& quantity) {
  Seconds seconds;
  Counts counts;
  for_runs(predictions, [&](const Prediction&, std::int64_t, const Measurement& m) {
    const double value = quantity.of(m);
    in_seconds(quantity.name) ? seconds.push_back(value) : counts.push_back(static_cast<std::int64_t>(value));
  });
  if (in_seconds(quantity.name)) return seconds;
  return counts;
}

std::string shown(const ErrorKind& kind) {
  if (kind.error == ErrorClass::None) return "";
  const std::string code = kind.sqlstate.empty() ? "" : kind.sqlstate + " ";
  return fmt::format("{}{}", code, kind.message);
}

}  // namespace

Table runs_table(const std::vector<Prediction>& predictions) {
  Names strategy;
  Counts run, deployments;
  Flags completed, overloaded, endless;
  for_runs(predictions, [&](const Prediction& p, std::int64_t number, const Measurement& m) {
    strategy.add(p.proposal.name);
    run.push_back(number);
    completed.values.push_back(m.completed);
    overloaded.values.push_back(m.overloaded);
    endless.values.push_back(m.endless);
    deployments.push_back(m.deployments);
  });
  Table table{{"strategy", strategy}, {"run", run}, {"completed", completed}, {"overloaded", overloaded}, {"endless", endless}};
  for (const metrics::Quantity& q : metrics::quantities()) {
    table.emplace_back(std::string(q.name), quantity_column(predictions, q));
  }
  table.emplace_back("deployments", deployments);
  return table;
}

Table steps_table(const std::vector<Prediction>& predictions) {
  Names strategy, id, kind;
  Counts run, tries, blocked;
  Seconds start, end, lock_wait, held;
  constexpr double kNever = std::numeric_limits<double>::quiet_NaN();
  for_runs(predictions, [&](const Prediction& p, std::int64_t number, const Measurement& m) {
    for (std::size_t i = 0; i < m.steps.size(); ++i) {
      const StepMeasurement& s = m.steps[i];
      const Step& step = p.proposal.plan.steps[i];
      strategy.add(p.proposal.name);
      run.push_back(number);
      id.add(step.id);
      kind.add(std::string(step_kind(step)));
      start.push_back(s.reached ? s.start.seconds() : kNever);
      end.push_back(s.reached ? s.end.seconds() : kNever);
      lock_wait.push_back(s.lock_wait.seconds());
      held.push_back(s.held.seconds());
      tries.push_back(s.tries);
      blocked.push_back(s.blocked_requests);
    }
  });
  return {{"strategy", strategy}, {"run", run}, {"step", id}, {"kind", kind}, {"start_s", start}, {"end_s", end},
          {"lock_wait_s", lock_wait}, {"held_s", held}, {"tries", tries}, {"blocked_requests", blocked}};
}

Table endpoints_table(const std::vector<Prediction>& predictions) {
  Names strategy, version, endpoint;
  Counts run, requests, failed, delayed;
  Seconds downtime;
  for_runs(predictions, [&](const Prediction& p, std::int64_t number, const Measurement& m) {
    for (const EndpointMeasurement& e : m.endpoints) {
      strategy.add(p.proposal.name);
      run.push_back(number);
      version.add(e.version);
      endpoint.add(e.endpoint);
      downtime.push_back(e.downtime.seconds());
      requests.push_back(e.requests);
      failed.push_back(e.failed);
      delayed.push_back(e.delayed);
    }
  });
  return {{"strategy", strategy}, {"run", run}, {"version", version}, {"endpoint", endpoint}, {"downtime_s", downtime},
          {"requests", requests}, {"failed_requests", failed}, {"delayed_requests", delayed}};
}

Table errors_table(const std::vector<Prediction>& predictions) {
  Names strategy, error_class, error, version, endpoint;
  Counts run, count;
  for_runs(predictions, [&](const Prediction& p, std::int64_t number, const Measurement& m) {
    for (const ErrorCount& e : m.errors) {
      strategy.add(p.proposal.name);
      run.push_back(number);
      error_class.add(std::string(error_class_name(e.kind.error)));
      error.add(shown(e.kind));
      version.add(e.version);
      endpoint.add(e.endpoint);
      count.push_back(e.count);
    }
  });
  return {{"strategy", strategy}, {"run", run}, {"class", error_class}, {"error", error}, {"version", version},
          {"endpoint", endpoint}, {"count", count}};
}

Table requests_table(metrics::RequestLog&& log) {
  std::vector<std::string> errors;
  for (const ErrorKind& kind : log.errors) errors.push_back(shown(kind));
  Table table;
  table.emplace_back("arrival_s", std::move(log.arrival_s));
  table.emplace_back("latency_s", std::move(log.latency_s));
  table.emplace_back("version", Coded(std::move(log.version), log.versions));
  table.emplace_back("endpoint", Coded(std::move(log.endpoint), log.endpoints));
  table.emplace_back("error", Coded(std::move(log.error), errors));
  return table;
}

}  // namespace midflight::python
