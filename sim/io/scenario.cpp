#include "sim/io/scenario.h"

#include <filesystem>
#include <limits>

#include "sim/io/scenario_keys.h"
#include "sim/io/scenario_reader.h"
#include "sim/io/yaml_text.h"

namespace midflight::io {
namespace {

namespace fs = std::filesystem;

void read_objective(const Section& root, Scenario& scenario) {
  const Value* given = root.find("objective");
  if (given == nullptr) return;
  const Section section(*given, keys_of("objective"));
  assign(scenario.objective.latency, section.positive_duration("latency"));
  if (const Value* errors = section.find("errors")) {
    if (const auto percent = read_quantity(*errors, parse_percent)) scenario.objective.errors = *percent / 100;
  }
}

void read_limits(const Section& root, Scenario& scenario) {
  const Value* given = root.find("limits");
  if (given == nullptr) return;
  const Section section(*given, keys_of("limits"));
  assign(scenario.time_limit, section.positive_duration("time"));
}

void read_change(const Section& root, Reading& reading) {
  if (const Value* change = root.find("change")) {
    reading.scenario.change = read_statement(*change);
    const bool only_reads = reading.scenario.change && reading.scenario.change->kind == StatementKind::Select;
    if (only_reads) change->problem("must change something; a SELECT only reads");
  }
  if (reading.change_wanted && !root.has("change") && !root.has("plan")) root.value().problem("needs a `change` or a `plan`");
}

void read_name(const Section& root, Scenario& scenario) {
  assign(scenario.name, root.name("name"));
  if (scenario.name.empty()) scenario.name = fs::path(scenario.path).stem().string();
}

void read_root(Reading& reading) {
  Scenario& scenario = reading.scenario;
  const Section root(reading.document.root(), keys_of("scenario"));
  read_name(root, scenario);
  read_database(root, reading);
  read_schema(root, reading);
  read_app(root, reading);
  read_background(root, reading);
  read_change(root, reading);
  read_migration(root, reading);
  read_plan(root, reading);
  read_objective(root, scenario);
  read_limits(root, scenario);
  assign(scenario.seed, root.count("seed", 0, std::numeric_limits<std::int64_t>::max()));
  check_scenario(reading);
  check_change_types(reading);
  note_defaults(reading);
}

}  // namespace

namespace {

Scenario parsed(std::string_view yaml, const std::string& file_name, const std::string& base_directory,
                const ScenarioOverrides& overrides, bool change_wanted) {
  Document document(yaml, file_name, overrides);
  Scenario scenario;
  scenario.path = (fs::path(base_directory) / fs::path(file_name).filename()).string();
  Reading reading{document, scenario, base_directory};
  reading.change_wanted = change_wanted;
  read_root(reading);
  document.throw_problems();
  return scenario;
}

}  // namespace

Scenario parse_scenario(std::string_view yaml, const std::string& file_name, const std::string& base_directory,
                        const ScenarioOverrides& overrides) {
  return parsed(yaml, file_name, base_directory, overrides, true);
}

Scenario read_application(const std::string& path) {
  return parsed(read_text_file(path, kYamlBytesMax), path, fs::path(path).parent_path().string(), {}, false);
}

Scenario read_scenario(const std::string& path, const ScenarioOverrides& overrides) {
  const std::string text = read_text_file(path, kYamlBytesMax);
  return parse_scenario(text, path, fs::path(path).parent_path().string(), overrides);
}

Scenario with_overrides(const Scenario& scenario, const ScenarioOverrides& overrides) {
  return read_scenario(scenario.path, overrides);
}

}  // namespace midflight::io
