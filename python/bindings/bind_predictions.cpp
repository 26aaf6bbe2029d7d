#include "python/bindings/bind_predictions.h"

#include <pybind11/stl.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "sim/io/json.h"
#include "sim/io/profile.h"
#include "sim/io/result.h"
#include "sim/io/scenario.h"
#include "sim/kernel/error.h"
#include "sim/run/comparison.h"
#include "sim/strategy/strategy.h"

namespace py = pybind11;

namespace midflight::python {

namespace {

using Overrides = std::map<std::string, std::string>;

struct Options {
  int runs, jobs;
  std::optional<std::uint64_t> seed;
  bool exact;
};

Scenario read(const std::string& path, const Overrides& overrides) {
  return io::read_scenario(path, io::ScenarioOverrides(overrides.begin(), overrides.end()));
}

/// Looks for Ctrl-C between runs.  Python hears signals in its main thread
/// only, which is the one that called.
class SignalWatch {
 public:
  void attach(RunOptions& run) {
    run.stop = &stop_;
    run.progress = [this](std::int64_t, std::int64_t) {
      if (std::this_thread::get_id() != caller_ || stop_) return;
      const py::gil_scoped_acquire gil;
      if (PyErr_CheckSignals() != 0) stop_ = true;
    };
  }
  bool stopped() const { return stop_; }

 private:
  const std::thread::id caller_ = std::this_thread::get_id();
  std::atomic<bool> stop_{false};
};

RunOptions run_options(const Options& options, const Scenario& scenario) {
  if (options.runs < 1) throw Error(ErrorCode::BadInput, "runs must be at least 1");
  if (options.jobs < 0) throw Error(ErrorCode::BadInput, "jobs must not be negative");
  RunOptions run;
  run.runs = options.runs;
  run.jobs = options.jobs;
  run.seed = options.seed.value_or(scenario.seed);
  run.exact = options.exact;
  run.profile = io::profile_of(scenario);
  return run;
}

/// `predictions_of(scenario, run options)` as JSON, without Python's lock.
template <class PredictionsOf>
std::string json_of(const std::string& path, const Overrides& overrides, const Options& options,
                    const PredictionsOf& predictions_of) {
  SignalWatch watch;
  try {
    const py::gil_scoped_release others_may_run;
    const Scenario scenario = read(path, overrides);
    RunOptions run = run_options(options, scenario);
    watch.attach(run);
    return io::to_json(io::summarize(scenario, predictions_of(scenario, run), run.seed, run.runs));
  } catch (const Error&) {
    if (watch.stopped()) throw py::error_already_set();
    throw;
  }
}

std::string compare_json(const std::string& path, const Overrides& overrides, int runs, std::optional<std::uint64_t> seed,
                         int jobs, bool exact) {
  return json_of(path, overrides, {runs, jobs, seed, exact},
                 [](const Scenario& scenario, const RunOptions& run) { return compare(scenario, run); });
}

std::string simulate_json(const std::string& path, const std::string& strategy, const Overrides& overrides, int runs,
                          std::optional<std::uint64_t> seed, int jobs, bool exact) {
  return json_of(path, overrides, {runs, jobs, seed, exact}, [&](const Scenario& scenario, const RunOptions& run) {
    const std::string& name = strategy.empty() && scenario.plan ? "plan" : strategy;
    return std::vector<Prediction>{predict(scenario, strategy::propose(scenario, name), run)};
  });
}

std::vector<std::pair<std::string, std::string>> strategy_list() {
  std::vector<std::pair<std::string, std::string>> all;
  for (const strategy::Strategy& s : strategy::strategies()) all.emplace_back(s.name, s.summary);
  return all;
}

}  // namespace

void bind_predictions(py::module_& m) {
  m.def("strategies", &strategy_list, "Name and summary of every strategy.");
  m.def("compare", &compare_json, py::arg("path"), py::arg("overrides"), py::arg("runs"), py::arg("seed"),
        py::arg("jobs"), py::arg("exact"), "Every applicable strategy, as JSON.");
  m.def("simulate", &simulate_json, py::arg("path"), py::arg("strategy"), py::arg("overrides"), py::arg("runs"),
        py::arg("seed"), py::arg("jobs"), py::arg("exact"), "One strategy, as JSON.");
}

}  // namespace midflight::python
