#include "sim/io/result.h"

#include <algorithm>
#include <tuple>

#include "sim/run/critical_steps.h"

namespace midflight::io {

namespace {

using Runs = std::vector<Measurement>;

template <typename Value>
metrics::Summary over_runs(const Runs& runs, Value value) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const Measurement& m : runs) values.push_back(value(m));
  return metrics::summarize(std::move(values));
}

std::vector<QuantityResult> sum_quantities(const Runs& runs) {
  std::vector<QuantityResult> all;
  for (const metrics::Quantity& q : metrics::quantities()) all.push_back({q.name, metrics::summarize(runs, q)});
  return all;
}

const EndpointMeasurement* find(const Measurement& m, const EndpointMeasurement& like) {
  for (const EndpointMeasurement& e : m.endpoints) {
    if (e.version == like.version && e.endpoint == like.endpoint) return &e;
  }
  return nullptr;
}

/// Every (version, endpoint) that any run met, in order of first appearance.
std::vector<EndpointMeasurement> endpoints_met(const Runs& runs) {
  Measurement met;
  for (const Measurement& m : runs) {
    for (const EndpointMeasurement& e : m.endpoints) {
      if (find(met, e) == nullptr) met.endpoints.push_back(e);
    }
  }
  return met.endpoints;
}

std::vector<EndpointResult> sum_endpoints(const Runs& runs) {
  std::vector<EndpointResult> all;
  for (const EndpointMeasurement& like : endpoints_met(runs)) {
    auto over = [&](auto value) {
      return over_runs(runs, [&](const Measurement& m) {
        const EndpointMeasurement* e = find(m, like);
        return e == nullptr ? 0.0 : value(*e);
      });
    };
    all.push_back({like.version, like.endpoint,
                   over([](const EndpointMeasurement& e) { return e.downtime.seconds(); }),
                   over([](const EndpointMeasurement& e) { return static_cast<double>(e.failed); }),
                   over([](const EndpointMeasurement& e) { return static_cast<double>(e.delayed); })});
  }
  return all;
}

bool same_error(const ErrorCount& a, const ErrorCount& b) {
  return a.kind == b.kind && a.version == b.version && a.endpoint == b.endpoint;
}

double count_of(const Measurement& m, const ErrorCount& like) {
  for (const ErrorCount& e : m.errors) {
    if (same_error(e, like)) return static_cast<double>(e.count);
  }
  return 0;
}

auto error_key(const ErrorResult& e) {
  return std::tie(e.version, e.endpoint, e.kind.sqlstate, e.kind.message, e.kind.error);
}

std::vector<ErrorResult> sum_errors(const Runs& runs) {
  std::vector<ErrorCount> met;
  for (const Measurement& m : runs) {
    for (const ErrorCount& e : m.errors) {
      if (std::none_of(met.begin(), met.end(), [&](const ErrorCount& o) { return same_error(o, e); })) met.push_back(e);
    }
  }
  std::vector<ErrorResult> all;
  for (const ErrorCount& like : met) {
    all.push_back({like.kind, like.version, like.endpoint,
                   over_runs(runs, [&](const Measurement& m) { return count_of(m, like); })});
  }
  std::sort(all.begin(), all.end(), [](const ErrorResult& a, const ErrorResult& b) {
    return a.count.mean != b.count.mean ? a.count.mean > b.count.mean : error_key(a) < error_key(b);
  });
  return all;
}

void add_lock(std::vector<RelationLock>& locks, const RelationLock& lock) {
  for (RelationLock& known : locks) {
    if (known.relation != lock.relation) continue;
    known.mode = std::max(known.mode, lock.mode);
    return;
  }
  locks.push_back(lock);
}

std::optional<metrics::Summary> sum_starts(const Runs& runs, std::size_t index) {
  std::vector<double> starts;
  for (const Measurement& m : runs) {
    if (m.steps[index].reached) starts.push_back(m.steps[index].start.seconds());
  }
  if (starts.empty()) return std::nullopt;
  return metrics::summarize(std::move(starts));
}

StepResult sum_step(const Step& step, const Runs& runs, std::size_t index) {
  StepResult result{step.id, std::string(step_kind(step)), step_text(step), step.why, {}, {}, {}, {}, {}, {}};
  for (const Measurement& m : runs) {
    for (const RelationLock& lock : m.steps[index].locks) add_lock(result.locks, lock);
  }
  auto over = [&](auto value) {
    return over_runs(runs, [&](const Measurement& m) { return value(m.steps[index]); });
  };
  result.start_s = sum_starts(runs, index);
  result.lock_wait_s = over([](const StepMeasurement& s) { return s.lock_wait.seconds(); });
  result.held_s = over([](const StepMeasurement& s) { return s.held.seconds(); });
  result.tries = over([](const StepMeasurement& s) { return static_cast<double>(s.tries); });
  result.blocked_requests = over([](const StepMeasurement& s) { return static_cast<double>(s.blocked_requests); });
  return result;
}

void add_runs(StrategyResult& result, const Prediction& prediction) {
  const Runs& runs = prediction.runs;
  result.completed = std::all_of(runs.begin(), runs.end(), [](const Measurement& m) { return m.completed; });
  result.overloaded = std::any_of(runs.begin(), runs.end(), [](const Measurement& m) { return m.overloaded; });
  result.runs = static_cast<int>(runs.size());
  result.endless_runs = static_cast<int>(std::count_if(runs.begin(), runs.end(), [](const Measurement& m) { return m.endless; }));
  result.quantities = sum_quantities(runs);
  result.lasting_downtime_s = metrics::lasting_downtime(runs);
  result.endpoints = sum_endpoints(runs);
  result.errors = sum_errors(runs);
  const std::vector<Step>& steps = prediction.proposal.plan.steps;
  for (const Measurement& m : runs) MIDFLIGHT_CHECK(m.steps.size() == steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) result.steps.push_back(sum_step(steps[i], runs, i));
  for (const std::size_t i : critical_steps(prediction)) result.critical_path.push_back(steps[i].id);
  result.timeline = runs.at(prediction.told).timeline;
  result.queue = runs.at(prediction.told).queue;
  result.failures = runs.at(prediction.told).failures;
  result.told_run = prediction.told;
  result.showing_runs = prediction.showing;
}

bool shared_by_all(const std::string& sentence, const std::vector<StrategyResult>& strategies) {
  return std::all_of(strategies.begin(), strategies.end(), [&](const StrategyResult& s) {
    return std::find(s.assumptions.begin(), s.assumptions.end(), sentence) != s.assumptions.end();
  });
}

/// Moves what every strategy assumes into the result's own list.
void lift_shared_assumptions(Result& result) {
  if (result.strategies.empty()) return;
  const std::vector<std::string> candidates = result.strategies.front().assumptions;
  for (const std::string& sentence : candidates) {
    if (!shared_by_all(sentence, result.strategies)) continue;
    if (std::find(result.assumptions.begin(), result.assumptions.end(), sentence) == result.assumptions.end()) {
      result.assumptions.push_back(sentence);
    }
    for (StrategyResult& s : result.strategies) std::erase(s.assumptions, sentence);
  }
}

}  // namespace

std::optional<metrics::Summary> StrategyResult::quantity(std::string_view quantity_name) const {
  for (const QuantityResult& q : quantities) {
    if (q.name == quantity_name) return q.value;
  }
  return std::nullopt;
}

std::optional<metrics::Summary> StrategyResult::lasting(std::string_view quantity_name) const {
  const auto counted = quantity(quantity_name);
  return counted && quantity_name == "downtime_s" ? lasting_downtime_s : counted;
}

StrategyResult summarize(const Prediction& prediction) {
  StrategyResult result;
  result.name = prediction.proposal.name;
  result.verdict = prediction.verdict;
  result.why = prediction.why.empty() ? prediction.proposal.why : prediction.why;
  result.conditions = prediction.conditions;
  result.hint = prediction.hint;
  result.deployments = prediction.proposal.plan.deployments();
  result.assumptions = prediction.proposal.assumptions;
  if (!prediction.runs.empty()) add_runs(result, prediction);
  return result;
}

Result summarize(const Scenario& scenario, const std::vector<Prediction>& predictions, std::uint64_t seed, int runs) {
  Result result{scenario.name, seed, runs, given_of(scenario), scenario.assumptions, {}};
  for (const Prediction& prediction : predictions) result.strategies.push_back(summarize(prediction));
  lift_shared_assumptions(result);
  return result;
}

}  // namespace midflight::io
