#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <filesystem>

#include "backends/calibrate/machine.h"
#include "cli/complaints.h"
#include "cli/stop.h"
#include "cli/verbs.h"
#include "verbs/yaml_words.h"
#include "sim/io/profile.h"
#include "sim/io/scenario.h"
#include "sim/io/text_table.h"
#include "sim/io/text_words.h"
#include "sim/kernel/error.h"
#include "sim/model/demand.h"

namespace midflight::cli {

namespace {
constexpr int kRunsMax = 1'000'000;
constexpr int kJobsMax = 1024;

/// A profile of a server elsewhere may be just what is wanted; one that was
/// local, but on another machine, is seldom.
void warn_of_machine(const cost::Profile& profile) {
  if (profile.machine.rfind("local", 0) != 0 || profile.machine == backends::local_fingerprint()) return;
  complain(fmt::format("the profile `{}` was measured on another machine; midflight calibrate measures this one", profile.name));
}

/// Before the long work: every request of an overload is simulated.
void warn_of_overload(const Scenario& scenario, bool quiet) {
  if (quiet) return;
  for (const std::string& sentence : overloads(scenario)) complain(sentence);
}

}

void add_common(CLI::App& verb, CommonOptions& o) {
  verb.add_option("SCENARIO", o.scenario, "scenario file (YAML)")->required()->option_text(" ");
  verb.add_option("--profile", o.profile, "durations as midflight calibrate measured them, instead of the scenario's")->option_text("FILE");
  verb.add_option("--runs", o.runs, fmt::format("runs of each prediction; {} if not said", o.runs))
      ->check(CLI::Range(1, kRunsMax))->option_text("N");
  verb.add_option("--seed", o.seed, "seed of all draws; the same seed gives the same numbers")->option_text("N");
  verb.add_option("--jobs", o.jobs, "threads; 0: one per processor")->check(CLI::Range(0, kJobsMax))
      ->option_text("N");
  verb.add_flag("--exact", o.exact, "simulate every request, also where its fate is certain");
  verb.add_option("--format", o.format, "text, json, markdown or html")
      ->check(CLI::IsMember({"text", "json", "markdown", "html"}))->option_text("FORMAT");
  verb.add_option("--output", o.output, "write the result to this file")->option_text("FILE");
  verb.add_option("--trace", o.trace, "write the run that is told as trace events, for ui.perfetto.dev")->option_text("FILE");
  verb.add_option("--fail-if", o.fail_if, "end with status 1 if '[strategy.]quantity[.stat] op value' holds, see below")
      ->allow_extra_args(false)->option_text("CONDITION");
  verb.add_flag("--quiet", o.quiet, "no progress on stderr");
}

std::string footer(const std::string& example) {
  constexpr std::size_t kWidth = 100;
  return fmt::format("Example:\n  {}\n\n{}\n\n{}", example, io::wrapped(io::fail_if_words(), kWidth, "  "),
                     io::wrapped(std::string(io::kDowntimeCounts), kWidth, "  "));
}

Scenario scenario_of(const CommonOptions& options) {
  io::ScenarioOverrides overrides;
  if (!options.profile.empty()) overrides["database.profile"] = verbs::yaml_quoted(std::filesystem::absolute(options.profile).string());
  Scenario scenario = io::read_scenario(options.scenario, overrides);
  if (!scenario.database.profile.empty() && !options.quiet) warn_of_machine(io::profile_of(scenario));
  warn_of_overload(scenario, options.quiet);
  return scenario;
}

std::vector<io::FailIf> conditions_of(const CommonOptions& options) {
  std::vector<io::FailIf> conditions;
  std::vector<Problem> problems;
  for (const std::string& text : options.fail_if) {
    try {
      conditions.push_back(io::parse_fail_if(text));
    } catch (const Error& error) {
      problems.insert(problems.end(), error.problems().begin(), error.problems().end());
    }
  }
  if (!problems.empty()) throw Error(ErrorCode::BadInput, std::move(problems));
  return conditions;
}

RunOptions run_options(const CommonOptions& options, const Scenario& scenario) {
  RunOptions run;
  run.runs = options.runs;
  run.seed = options.seed.value_or(scenario.seed);
  run.jobs = options.jobs;
  run.exact = options.exact;
  run.profile = io::profile_of(scenario);
  run.stop = &stop_asked();
  return run;
}

int judge(const std::vector<io::FailIf>& conditions, const io::Result& result) {
  int status = kDone;
  for (const io::FailIf& condition : conditions) {
    const auto sentence = io::holds(condition, result);
    if (!sentence) continue;
    complain(fmt::format("--fail-if '{}' holds: {}", condition.text, *sentence));
    status = kConditionHolds;
  }
  return status;
}

}  // namespace midflight::cli
