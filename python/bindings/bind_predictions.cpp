#include "python/bindings/bind_predictions.h"

#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "python/bindings/bind_scenario.h"
#include "python/bindings/tables.h"
#include "python/bindings/waiting.h"
#include "sim/io/html.h"
#include "sim/io/json.h"
#include "sim/io/markdown.h"
#include "sim/io/profile.h"
#include "sim/io/result.h"
#include "sim/io/story.h"
#include "sim/io/text.h"
#include "sim/kernel/error.h"
#include "sim/strategy/strategy.h"
#include "verbs/proposal.h"

namespace py = pybind11;

namespace midflight::python {

namespace {

/// One call's wishes, as Python hands them over.
struct Asked {
  int runs, jobs;
  std::optional<std::uint64_t> seed;
  bool exact;
};

RunOptions run_options(const Asked& asked, const Scenario& scenario, const Stop& stop) {
  if (asked.runs < 1) throw Error(ErrorCode::BadInput, "runs must be at least 1");
  if (asked.jobs < 0) throw Error(ErrorCode::BadInput, "jobs must not be negative");
  RunOptions run;
  run.runs = asked.runs;
  run.jobs = asked.jobs;
  run.seed = asked.seed.value_or(scenario.seed);
  run.exact = asked.exact;
  run.profile = io::profile_of(scenario);
  run.stop = &stop.asked;
  return run;
}

/// A prediction summed up, with its runs as frames.
struct BoundResult {
  io::Result result;
  std::shared_ptr<const Table> runs, steps, endpoints, errors;

  BoundResult(const Scenario& scenario, const std::vector<Prediction>& predictions, const RunOptions& options)
      : result(io::summarize(scenario, predictions, options.seed, options.runs)),
        runs(std::make_shared<Table>(runs_table(predictions))),
        steps(std::make_shared<Table>(steps_table(predictions))),
        endpoints(std::make_shared<Table>(endpoints_table(predictions))),
        errors(std::make_shared<Table>(errors_table(predictions))) {}

  /// The report of a single plan that was not refused tells more.
  bool single() const { return result.strategies.size() == 1 && result.strategies[0].verdict != Verdict::Refused; }
  std::string text() const { return single() ? io::simulate_text(result) : io::compare_text(result); }
  std::string markdown() const { return single() ? io::simulate_markdown(result) : io::compare_markdown(result); }
  std::string story() const { return single() ? io::story_text(result) : ""; }
};

/// `predictions_of(run options)` without Python's lock.
template <class PredictionsOf>
std::shared_ptr<BoundResult> predicted(const BoundScenario& scenario, const Asked& asked, Stop& stop,
                                       const py::object& progress, const PredictionsOf& predictions_of) {
  std::shared_ptr<BoundResult> result;
  wait_for([&](Told& told) {
    RunOptions run = run_options(asked, scenario.value(), stop);
    run.progress = [&](std::int64_t done, std::int64_t all) { told.done(done, all); };
    result = std::make_shared<BoundResult>(scenario.value(), predictions_of(run), run);
  }, stop, progress);
  return result;
}

std::shared_ptr<BoundResult> compare_strategies(const BoundScenario& scenario, int runs, std::optional<std::uint64_t> seed,
                                                int jobs, bool exact, Stop& stop, const py::object& progress) {
  return predicted(scenario, {runs, jobs, seed, exact}, stop, progress,
                   [&](const RunOptions& run) { return compare(scenario.value(), run); });
}

std::shared_ptr<BoundResult> simulate(const BoundScenario& scenario, const std::string& strategy, int runs,
                                      std::optional<std::uint64_t> seed, int jobs, bool exact, Stop& stop,
                                      const py::object& progress) {
  return predicted(scenario, {runs, jobs, seed, exact}, stop, progress, [&](const RunOptions& run) {
    const Scenario& value = scenario.value();
    // A refusal is a result here: sweeps go on with the next point.
    if (value.plan || strategy.empty()) return std::vector{predict(value, verbs::proposal_of(value, strategy), run)};
    return std::vector{predict(value, strategy::propose(value, strategy), run)};
  });
}

py::dict requests(const BoundScenario& scenario, const std::string& strategy, std::uint64_t run_number,
                  std::optional<std::uint64_t> seed, Stop& stop) {
  auto table = std::make_shared<Table>();
  wait_for([&](Told&) {
    metrics::RequestLog log;
    RunOptions run = run_options({1, 1, seed, true}, scenario.value(), stop);
    run.requests = &log;
    simulate_run(scenario.value(), verbs::proposal_of(scenario.value(), strategy), run, run_number, false);
    *table = requests_table(std::move(log));
  }, stop, py::none());
  return buffers_of(table);
}

std::vector<std::pair<std::string, std::string>> strategy_list() {
  std::vector<std::pair<std::string, std::string>> all;
  for (const strategy::Strategy& s : strategy::strategies()) all.emplace_back(s.name, s.summary);
  return all;
}

/// Name, verdict, and the summary of every quantity, without a detour over JSON.
py::list summaries(const BoundResult& bound) {
  py::list all;
  for (const io::StrategyResult& s : bound.result.strategies) {
    py::dict quantities;
    for (const io::QuantityResult& q : s.quantities) {
      quantities[py::str(q.name.data(), q.name.size())] = py::make_tuple(q.value.mean, q.value.p5, q.value.p50, q.value.p95);
    }
    all.append(py::make_tuple(s.name, std::string(verdict_name(s.verdict)), s.why, quantities));
  }
  return all;
}

}  // namespace

void bind_predictions(py::module_& m) {
  using NoLock = py::call_guard<py::gil_scoped_release>;
  py::class_<Stop>(m, "Stop").def(py::init<>()).def("set", [](Stop& s) { s.asked = true; });
  py::class_<BoundResult, std::shared_ptr<BoundResult>>(m, "Result")
      .def("json", [](const BoundResult& r) { return io::to_json(r.result); }, NoLock())
      .def("html", [](const BoundResult& r) { return io::to_html(r.result); }, NoLock())
      .def("text", &BoundResult::text, NoLock())
      .def("markdown", &BoundResult::markdown, NoLock())
      .def("story", &BoundResult::story, NoLock())
      .def("summaries", &summaries)
      .def("runs", [](const BoundResult& r) { return buffers_of(r.runs); })
      .def("steps", [](const BoundResult& r) { return buffers_of(r.steps); })
      .def("endpoints", [](const BoundResult& r) { return buffers_of(r.endpoints); })
      .def("errors", [](const BoundResult& r) { return buffers_of(r.errors); });
  m.def("strategies", &strategy_list);
  m.def("compare", &compare_strategies, py::arg("scenario"), py::arg("runs"), py::arg("seed"), py::arg("jobs"),
        py::arg("exact"), py::arg("stop"), py::arg("progress"));
  m.def("simulate", &simulate, py::arg("scenario"), py::arg("strategy"), py::arg("runs"), py::arg("seed"),
        py::arg("jobs"), py::arg("exact"), py::arg("stop"), py::arg("progress"));
  m.def("requests", &requests, py::arg("scenario"), py::arg("strategy"), py::arg("run"), py::arg("seed"), py::arg("stop"));
}

}  // namespace midflight::python
