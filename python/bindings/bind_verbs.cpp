#include "python/bindings/bind_verbs.h"

#include <pybind11/stl.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "backends/calibrate/server_calibration.h"
#include "backends/inspect/inspection.h"
#include "backends/replay.h"
#include "python/bindings/bind_scenario.h"
#include "python/bindings/waiting.h"
#include "sim/io/check_report.h"
#include "sim/io/html.h"
#include "sim/io/json.h"
#include "sim/io/profile.h"
#include "sim/io/text.h"
#include "sim/kernel/error.h"
#include "verbs/calibration_report.h"
#include "verbs/check_files.h"
#include "verbs/inspect_scenario.h"
#include "verbs/plan_files.h"
#include "verbs/plan_scenario.h"
#include "verbs/proposal.h"
#include "verbs/replay_result.h"

namespace py = pybind11;

namespace midflight::python {

namespace {

std::vector<std::pair<std::string, std::string>> plan(const BoundScenario& scenario, const std::string& strategy) {
  const strategy::Proposal proposal = verbs::proposal_of(scenario.value(), strategy);
  std::vector<std::pair<std::string, std::string>> files;
  for (verbs::PlanFile& file : verbs::plan_files(scenario.value(), proposal)) files.emplace_back(file.name, file.text);
  io::ScenarioText text = scenario.text();
  text.self_contained = true;
  files.emplace_back("scenario.yaml", verbs::text_with_plan(io::scenario_yaml(text), proposal));
  return files;
}

struct Checked {
  std::string json, text;
  std::vector<std::string> problems;
};

std::string located(const Problem& problem) {
  const std::string place = problem.where.text();
  return place.empty() ? problem.message : place + ": " + problem.message;
}

Checked check_all(const verbs::CheckRequest& request) {
  const auto json = io::check_writer("json"), text = io::check_writer("text");
  io::CheckCoverage coverage;
  Checked out;
  const auto note = [&](const std::vector<Problem>& problems) {
    for (const Problem& p : problems) out.problems.push_back(located(p));
  };
  verbs::check_files(request, {
      [&](const io::History& history) {
        note(history.problems);
        out.json = json->head();
        out.text = text->head();
      },
      [&](const check::ScriptReport& report) {
        coverage.add(report);
        out.json += json->script(report);
        out.text += text->script(report);
      },
      [&](const Error& error) { note(error.problems()); }});
  out.json += json->tail(coverage);
  out.text += text->tail(coverage);
  return out;
}

py::tuple check(const std::vector<std::string>& paths, const std::map<std::string, std::string>& settings,
                const BoundScenario* scenario, int runs, int jobs, std::optional<std::uint64_t> seed, Stop& stop) {
  verbs::CheckRequest request;
  request.paths = paths;
  const auto take = [&](const char* key, std::string& into) {
    if (const auto given = settings.find(key); given != settings.end()) into = given->second;
  };
  take("schema", request.schema);
  take("database", request.database);
  take("framework", request.framework);
  take("transaction", request.transaction);
  take("lock_timeout", request.lock_timeout);
  take("statement_timeout", request.statement_timeout);
  if (scenario != nullptr) request.scenario = scenario->value();
  request.runs = runs;
  request.jobs = jobs;
  request.seed = seed;
  request.stop = &stop.asked;
  Checked out;
  wait_for([&](Told&) { out = check_all(request); }, stop, py::none());
  return py::make_tuple(out.json, out.text, out.problems);
}

/// Everything but the progress.
backends::ReplayOptions replay_options(const Scenario& scenario, double scale, int runs, int jobs,
                                       std::optional<std::uint64_t> seed, bool in_place, bool keep, const Stop& stop) {
  backends::ReplayOptions options;
  options.scale = scale;
  options.runs = runs;
  options.jobs = jobs;
  options.seed = seed.value_or(scenario.seed);
  options.in_place = in_place;
  options.keep = keep;
  options.stop = &stop.asked;
  if (!scenario.database.profile.empty()) options.profile = io::profile_of(scenario);
  return options;
}

py::tuple replay(const BoundScenario& scenario, const std::string& strategy, const std::string& uri, double scale, int repeat,
                 int runs, int jobs, std::optional<std::uint64_t> seed, bool in_place, bool keep, Stop& stop,
                 const py::object& progress) {
  backends::ReplayOptions options = replay_options(scenario.value(), scale, runs, jobs, seed, in_place, keep, stop);
  std::vector<std::string> notes;
  options.note = options.left_behind = [&](const std::string& line) { notes.push_back(line); };
  std::vector<backends::ReplayResult> replays;
  io::ReplayResult result;
  wait_for([&](Told& told) {
    constexpr std::int64_t kWhole = 1000;
    options.progress = [&](const std::string&, double share) {
      if (share >= 0) told.done(static_cast<std::int64_t>((static_cast<double>(options.run) + share) * kWhole), repeat * kWhole);
    };
    for (int i = 0; i < repeat; ++i) {
      options.run = static_cast<std::uint64_t>(i);
      replays.push_back(backends::replay(scenario.value(), strategy, uri, options));
    }
    result = verbs::replay_result(replays, options);
  }, stop, progress);
  for (const backends::ReplayResult& replay : replays) {
    if (!replay.valid) notes.push_back("the replay is not valid: " + replay.invalid_reason);
    if (backends::ended_unforeseen(replay)) notes.push_back("the plan was not carried out, and every run of the prediction does it: " + replay.measured.why_incomplete);
  }
  return py::make_tuple(io::to_json(result), io::to_html(result), io::replay_text(result), notes);
}

std::string inspect(const std::string& uri, double between_s, Stop& stop) {
  backends::InspectOptions options;
  options.stop = &stop.asked;
  if (between_s > 0) options.between = Duration::from_seconds(between_s);
  std::string text;
  wait_for([&](Told&) { text = verbs::scenario_skeleton(backends::inspect(uri, options), ""); }, stop, py::none());
  return text;
}

/// The profile as a file, what was measured as text, and every observation with its model.
py::tuple calibrate(const std::string& uri, double size, bool thorough, Stop& stop, const py::object& progress) {
  backends::CalibrateOptions options;
  options.size = size;
  options.thorough = thorough;
  options.stop = &stop.asked;
  std::vector<std::string> notes;
  options.note = [&](const std::string& line) { notes.push_back(line); };
  backends::ServerCalibration calibration;
  wait_for([&](Told& told) {
    constexpr std::int64_t kWhole = 1000;
    options.progress = [&](const std::string&, double share) {
      if (share >= 0) told.done(static_cast<std::int64_t>(share * kWhole), kWhole);
    };
    calibration = backends::calibrate_server(uri, options);
  }, stop, progress);
  std::vector<std::tuple<std::string, std::string, double, double>> observations;
  for (const backends::Observation& o : calibration.observations) {
    observations.emplace_back(o.family, o.table, o.measured_s(), predicted_s(o, calibration.profile));
  }
  return py::make_tuple(verbs::profile_file(calibration), verbs::calibration_text(calibration), observations, notes);
}

}  // namespace

void bind_verbs(py::module_& m) {
  m.def("plan", &plan, py::arg("scenario"), py::arg("strategy"), py::call_guard<py::gil_scoped_release>());
  m.def("check", &check, py::arg("paths"), py::arg("settings"), py::arg("scenario").none(true), py::arg("runs"),
        py::arg("jobs"), py::arg("seed"), py::arg("stop"));
  m.def("replay", &replay, py::arg("scenario"), py::arg("strategy"), py::arg("uri"), py::arg("scale"), py::arg("repeat"),
        py::arg("runs"), py::arg("jobs"), py::arg("seed"), py::arg("in_place"), py::arg("keep"), py::arg("stop"), py::arg("progress"));
  m.def("inspect", &inspect, py::arg("uri"), py::arg("between_s"), py::arg("stop"));
  m.def("calibrate", &calibrate, py::arg("uri"), py::arg("size"), py::arg("thorough"), py::arg("stop"), py::arg("progress"));
}

}  // namespace midflight::python
