#include "python/bindings/bind_scenario.h"

#include <pybind11/stl.h>

#include <filesystem>
#include <utility>

#include "sim/io/yaml_text.h"
#include "sim/strategy/strategy.h"

namespace py = pybind11;

namespace midflight::python {

namespace {

std::shared_ptr<const Scenario> parsed(const io::ScenarioText& text) {
  return std::make_shared<Scenario>(
      io::parse_scenario(text.yaml, text.file_name, text.base_directory, text.overrides));
}

BoundScenario from_file(const std::string& path, const io::ScenarioOverrides& overrides) {
  const py::gil_scoped_release others_may_run;
  std::string yaml = io::read_text_file(path, io::kYamlBytesMax);
  return BoundScenario({std::move(yaml), path, std::filesystem::path(path).parent_path().string(), overrides});
}

BoundScenario from_text(const std::string& yaml, const std::string& name, const std::string& base_directory) {
  const py::gil_scoped_release others_may_run;
  return BoundScenario({yaml, name, base_directory, {}});
}

io::ScenarioText portable(const BoundScenario& scenario) {
  io::ScenarioText text = scenario.text();
  text.self_contained = true;
  return text;
}

/// Name, refused, and the summary or the reason, of every strategy for the change.
std::vector<std::tuple<std::string, bool, std::string>> proposals(const BoundScenario& scenario) {
  std::vector<std::tuple<std::string, bool, std::string>> all;
  for (const strategy::Proposal& p : strategy::propose_all(scenario.value())) all.emplace_back(p.name, p.refused, p.why);
  return all;
}

std::vector<std::tuple<std::string, std::int64_t, std::int64_t>> tables(const BoundScenario& scenario) {
  std::vector<std::tuple<std::string, std::int64_t, std::int64_t>> all;
  for (const midflight::Table& t : scenario.value().schema.tables) all.emplace_back(t.name, t.rows, t.row_bytes);
  return all;
}

/// Version, endpoint, requests per second, SQL.
std::vector<std::tuple<std::string, std::string, double, std::string>> endpoints(const BoundScenario& scenario) {
  std::vector<std::tuple<std::string, std::string, double, std::string>> all;
  for (const Version& version : scenario.value().app.versions) {
    for (const Endpoint& e : version.endpoints) {
      std::string sql;
      for (const Statement& s : e.statements) sql += (sql.empty() ? "" : "; ") + s.sql;
      all.emplace_back(version.name, e.name, e.rate_per_second, sql);
    }
  }
  return all;
}

}  // namespace

BoundScenario::BoundScenario(io::ScenarioText text) : text_(std::move(text)), value_(parsed(text_)) {}

BoundScenario BoundScenario::with(const io::ScenarioOverrides& overrides) const {
  io::ScenarioText text = text_;
  for (const auto& [path, value] : overrides) {
    // What was said of its parts before is said again, or gone.
    std::erase_if(text.overrides, [below = path + "."](const auto& old) { return old.first.starts_with(below); });
    text.overrides[path] = value;
  }
  return BoundScenario(std::move(text));
}

void bind_scenario(py::module_& m) {
  py::class_<BoundScenario, std::shared_ptr<BoundScenario>>(m, "Scenario")
      .def_static("from_file", &from_file, py::arg("path"), py::arg("overrides"))
      .def_static("from_text", &from_text, py::arg("yaml"), py::arg("name"), py::arg("base_directory"))
      .def("with_overrides", &BoundScenario::with, py::arg("overrides"), py::call_guard<py::gil_scoped_release>())
      .def("json", [](const BoundScenario& s) { return io::scenario_json(s.text()); })
      .def("portable_json", [](const BoundScenario& s) { return io::scenario_json(portable(s)); })
      .def("portable_yaml", [](const BoundScenario& s) { return io::scenario_yaml(portable(s)); })
      .def("yaml", [](const BoundScenario& s) { return io::scenario_yaml(s.text()); })
      .def("proposals", &proposals)
      .def("tables", &tables)
      .def("endpoints", &endpoints)
      .def_property_readonly("name", [](const BoundScenario& s) { return s.value().name; })
      .def_property_readonly("file_name", [](const BoundScenario& s) { return s.text().file_name; })
      .def_property_readonly("instances", [](const BoundScenario& s) { return s.value().app.instances; })
      .def_property_readonly("seed", [](const BoundScenario& s) { return s.value().seed; })
      .def_property_readonly("has_plan", [](const BoundScenario& s) { return s.value().plan.has_value(); })
      .def_property_readonly("change", [](const BoundScenario& s) { return s.value().change ? s.value().change->sql : ""; })
      .def_property_readonly("assumptions", [](const BoundScenario& s) { return s.value().assumptions; });
}

}  // namespace midflight::python
