#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "backends/inspect/inspection.h"
#include "cli/output.h"
#include "cli/stop.h"
#include "cli/verbs.h"
#include "sim/io/yaml_quantity.h"
#include "sim/kernel/error.h"
#include "verbs/inspect_scenario.h"

namespace midflight::cli {

namespace {

namespace fs = std::filesystem;

struct InspectVerbOptions {
  std::string uri, output, schema, between;
};

/// A path as the scenario must name it: from its own folder.
std::string seen_from(const std::string& path, const std::string& scenario) {
  if (path.empty() || scenario.empty()) return path;
  return fs::absolute(path).lexically_normal().lexically_relative(fs::absolute(scenario).lexically_normal().parent_path()).string();
}

std::optional<Duration> pause_of(const std::string& between) {
  constexpr Duration kShortest = Duration::milliseconds(100), kLongest = Duration::days(1);
  if (between.empty()) return std::nullopt;
  const io::Parsed<Duration> parsed = io::parse_duration(between);
  if (!parsed.value) throw Error(ErrorCode::BadInput, fmt::format("--between {}: {}", between, parsed.problem));
  if (*parsed.value < kShortest || *parsed.value > kLongest) throw Error(ErrorCode::BadInput, fmt::format("--between {}: from 100ms to 1d", between));
  return parsed.value;
}

int inspect_database(const InspectVerbOptions& options) {
  backends::InspectOptions how;
  how.stop = &stop_asked();
  if (const auto pause = pause_of(options.between)) how.between = *pause;
  const backends::Inspection seen = backends::inspect(options.uri, how);
  const std::string text = verbs::scenario_skeleton(seen, seen_from(options.schema, options.output));
  if (!options.schema.empty()) write_output(options.schema, seen.schema_sql);
  write_output(options.output, text);
  return kDone;
}

}  // namespace

void add_inspect(CLI::App& app, int& status) {
  auto options = std::make_shared<InspectVerbOptions>();
  CLI::App* verb = app.add_subcommand("inspect", "a scenario skeleton from a live database; reads only");
  verb->add_option("URI", options->uri, "postgresql://user@host:port/database")->required()->option_text(" ");
  verb->add_option("--output", options->output, "write the scenario to this file")->option_text("FILE");
  verb->add_option("--schema", options->schema, "write the DDL to this file instead of into the scenario")->option_text("FILE.sql");
  verb->add_option("--between", options->between, "look at pg_stat_statements twice, this far apart, instead of since its last reset")
      ->option_text("TIME");
  verb->footer("Example:\n  midflight inspect postgresql://reader@db.example.org/shop --output scenario.yaml");
  verb->callback([options, &status] { status = inspect_database(*options); });
}

}  // namespace midflight::cli
