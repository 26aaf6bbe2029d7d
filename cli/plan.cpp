#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <filesystem>
#include <memory>

#include "cli/output.h"
#include "cli/verbs.h"
#include "sim/io/scenario.h"
#include "sim/kernel/error.h"
#include "verbs/plan_files.h"
#include "verbs/plan_scenario.h"
#include "verbs/proposal.h"

namespace midflight::cli {

namespace {

namespace fs = std::filesystem;

struct PlanOptions {
  std::string scenario, strategy, folder;
  bool quiet = false;
};

/// A plan must not mix with files of another one.
void require_fresh(const std::string& folder) {
  std::error_code wrong;
  if (!fs::exists(folder, wrong) && !wrong) return;
  if (!fs::is_directory(folder, wrong)) {
    throw Error(ErrorCode::Output, fmt::format("{} is not a folder", folder));
  }
  const bool empty = fs::is_empty(folder, wrong);
  if (wrong) throw Error(ErrorCode::Output, fmt::format("cannot read {}: {}", folder, wrong.message()));
  if (!empty) throw Error(ErrorCode::Output, fmt::format("{} is not empty; name a new folder", folder));
}

void create(const std::string& folder) {
  std::error_code wrong;
  fs::create_directories(folder, wrong);
  if (wrong) throw Error(ErrorCode::Output, fmt::format("cannot create {}: {}", folder, wrong.message()));
}

int write_plan(const PlanOptions& options) {
  const Scenario scenario = io::read_scenario(options.scenario);
  const strategy::Proposal proposal = verbs::proposal_of(scenario, options.strategy);
  require_fresh(options.folder);
  std::vector<verbs::PlanFile> files = verbs::plan_files(scenario, proposal);
  const std::string own = verbs::scenario_with_plan(scenario, proposal, options.folder);
  if (!own.empty()) files.push_back({"scenario.yaml", own});
  create(options.folder);
  std::string told;
  for (const verbs::PlanFile& file : files) {
    const std::string path = (fs::path(options.folder) / file.name).string();
    write_output(path, file.text);
    told += path + "\n";
  }
  if (!options.quiet) write_output("", told);
  return kDone;
}

}  // namespace

void add_plan(CLI::App& app, int& status) {
  auto options = std::make_shared<PlanOptions>();
  CLI::App* verb = app.add_subcommand("plan", "a strategy's plan as numbered SQL files and an explicit scenario");
  verb->add_option("SCENARIO", options->scenario, "scenario file (YAML)")->required()->option_text(" ");
  verb->add_option("--strategy", options->strategy, "whose plan; none for a scenario with a plan of its own")
      ->option_text("NAME");
  verb->add_option("--output", options->folder, "folder to create")->required()->option_text("DIR");
  verb->add_flag("--quiet", options->quiet, "do not list the files written");
  verb->footer("Example:\n  midflight plan scenario.yaml --strategy expand_contract --output migration/");
  verb->callback([options, &status] { status = write_plan(*options); });
}

}  // namespace midflight::cli
