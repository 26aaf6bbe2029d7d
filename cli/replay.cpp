#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "backends/calibrate/machine.h"
#include "backends/open.h"
#include "backends/replay.h"
#include "cli/complaints.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "cli/verbs.h"
#include "sim/io/html.h"
#include "sim/io/json.h"
#include "sim/io/markdown.h"
#include "sim/io/profile.h"
#include "sim/io/text.h"
#include "sim/io/text_number.h"
#include "sim/io/trace_events.h"
#include "sim/kernel/error.h"
#include "verbs/replay_result.h"

namespace midflight::cli {

namespace {

struct ReplayVerbOptions : CommonOptions {
  std::string strategy, uri;
  double scale = 1;
  int repeat = 1;
  bool in_place = false, keep = false, yes = false;
  bool left_behind = false;   ///< something that should have been removed; said when it happened
};

/// Whether each can be trusted, and carried out what it was predicted to; says which could not.
bool all_went_well(const std::vector<backends::ReplayResult>& replays) {
  const auto invalid = std::find_if(replays.begin(), replays.end(), [](const auto& replay) { return !replay.valid; });
  const auto ended = std::find_if(replays.begin(), replays.end(), backends::ended_unforeseen);
  if (invalid != replays.end()) complain(fmt::format("the replay is not valid: {}", invalid->invalid_reason));
  if (ended != replays.end()) {
    complain(fmt::format("the plan was not carried out, and every run of the prediction does it: {}", ended->measured.why_incomplete));
  }
  return invalid == replays.end() && ended == replays.end();
}

std::string report(const io::ReplayResult& result, const ReplayVerbOptions& options) {
  if (options.format == "json") return io::to_json(result);
  if (options.format == "markdown") return io::replay_markdown(result);
  if (options.format == "html") return io::to_html(result);
  return io::replay_text(result, {options.output.empty() && colour_wanted()});
}

backends::ReplayOptions replay_options(const ReplayVerbOptions& options, const Scenario& scenario) {
  backends::ReplayOptions replay;
  replay.scale = options.scale;
  replay.seed = options.seed.value_or(scenario.seed);
  replay.runs = options.runs;
  replay.jobs = options.jobs;
  replay.in_place = options.in_place;
  replay.keep = options.keep;
  replay.stop = &stop_asked();
  if (!scenario.database.profile.empty()) replay.profile = io::profile_of(scenario);
  return replay;
}

/// A profile of another server says little of this one.
void warn_of_stranger(const backends::ReplayOptions& replay, const std::string& uri) {
  if (!replay.profile || !uri.starts_with("postgres")) return;
  try {
    backends::PostgresConnection server(uri);
    const std::string why = backends::stranger(*replay.profile, server);
    // Of a local one the scenario's reader has said so.
    const bool said = replay.profile->machine.starts_with("local") && replay.profile->machine != backends::local_fingerprint() && why == "another machine";
    if (!why.empty() && !said) complain(fmt::format("the profile `{}` was measured on {}; midflight calibrate measures this server", replay.profile->name, why));
  } catch (const Error&) {  // the replay itself says what is wrong with the server
  }
}

/// The least round factor that brings the waits below half a minute.
double helpful_scale(double waits_s) {
  for (const double scale : {10.0, 60.0, 600.0, 3600.0}) {
    if (waits_s / scale <= 30) return scale;
  }
  return 36'000;
}

/// A replay takes the plan's own time, which may be hours of soak.
std::string warning_of(Duration total, Duration waits) {
  constexpr double kLong = 120;
  if (total.seconds() < kLong) return {};
  std::string text = fmt::format("the replay takes about {} of real time", io::human_seconds(total.seconds()));
  if (waits.seconds() < total.seconds() / 4) return text + ", and none of it is waits that could be shortened";
  const double scale = helpful_scale(waits.seconds());
  const double left = total.seconds() - waits.seconds() * (1 - 1 / scale);
  return text + fmt::format(", {} of it waits and soaks; with --scale {:.0f} about {}", io::human_seconds(waits.seconds()),
                            scale, io::human_seconds(left));
}

/// What was measured, as a result of one run: conditions judge facts here.  Whether
/// a downtime would have ended nobody waited to see, and the prediction knows.
io::Result measured_result(const backends::ReplayResult& replay, std::uint64_t seed) {
  Prediction measured;
  measured.proposal = replay.prediction.proposal;
  measured.verdict = replay.prediction.verdict;
  measured.why = replay.prediction.why;
  measured.runs = {replay.measured};
  measured.runs.front().endless = replay.paired.endless && replay.measured.downtime > Duration{};
  return io::summarize(replay.scenario, {measured}, seed, 1);
}

void check_repetitions(const ReplayVerbOptions& options) {
  if (!options.in_place || options.repeat == 1) return;
  throw Error(ErrorCode::BadInput, "--in-place with --repeat: the second replay would meet what the first one has changed");
}

/// Errors: Error(BadInput) where nobody is there to be asked, or says no.
void confirm_in_place(const ReplayVerbOptions& options) {
  if (!options.in_place || options.yes) return;
  const std::string what = "the plan will change " + backends::without_password(options.uri) + ", and requests will write to its tables";
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) {
    throw Error(ErrorCode::BadInput, "--in-place: " + what + "; --yes says that this is meant");
  }
  fmt::print(stderr, "midflight: {}. Type yes to go on: ", what);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "yes") throw Error(ErrorCode::BadInput, "nothing was done");
}

std::string what_stays(const ReplayVerbOptions& options) {
  if (options.in_place) return "; what plan and requests have changed in " + backends::without_password(options.uri) + " stays";
  if (options.keep) return "; its database stays, as --keep says";
  return options.left_behind ? "" : ", and what it made is removed";
}

/// Interrupted, there is no measurement, and that is a replay that failed.
int replay_or_stop(ReplayVerbOptions& options, int (*replay)(ReplayVerbOptions&)) {
  try {
    return replay(options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Interrupted) throw;
    complain("the replay was stopped before its end; nothing was measured" + what_stays(options));
    return kFailed;
  }
}

/// What is said on stderr while it lasts.  Requires: `progress` and `options` outlive the replays.
void report_on(Progress& progress, ReplayVerbOptions& options, backends::ReplayOptions& how) {
  how.progress = [&](const std::string& what, double share) {
    const bool several = options.repeat > 1;
    const double all = (static_cast<double>(how.run) + std::max(0.0, share)) / options.repeat;
    progress.show(several ? fmt::format("replay {} of {}: {}", how.run + 1, options.repeat, what) : what, all, true);
  };
  how.note = [](const std::string& line) { complain(line); };
  how.left_behind = [&](const std::string& line) {
    options.left_behind = true;
    complain(line);
  };
  how.foresee = [&](Duration total, Duration waits) {
    const std::string warning = warning_of(total, waits);
    if (!options.quiet && !warning.empty()) progress.note(warning);
  };
}

std::vector<backends::ReplayResult> repeated(ReplayVerbOptions& options, const Scenario& scenario, backends::ReplayOptions& how) {
  std::vector<backends::ReplayResult> replays;
  Progress progress(options.quiet);
  report_on(progress, options, how);
  for (int i = 0; i < options.repeat; ++i) {
    how.run = static_cast<std::uint64_t>(i);
    replays.push_back(backends::replay(scenario, options.strategy, options.uri, how));
    how.foresee = nullptr;  // said once
  }
  return replays;
}

int replay_plan(ReplayVerbOptions& options) {
  check_repetitions(options);
  confirm_in_place(options);
  const auto conditions = conditions_of(options);
  const Scenario scenario = scenario_of(options);
  backends::ReplayOptions how = replay_options(options, scenario);
  if (!options.quiet) warn_of_stranger(how, options.uri);
  const std::vector<backends::ReplayResult> replays = repeated(options, scenario, how);
  const backends::ReplayResult& replay = replays.front();
  const io::ReplayResult result = verbs::replay_result(replays, how);
  write_output(options.output, report(result, options));
  if (!options.trace.empty()) write_output(options.trace, io::to_trace(result));
  const int status = judge(conditions, measured_result(replay, how.seed));
  return all_went_well(replays) ? status : kFailed;
}

}  // namespace

void add_replay(CLI::App& app, int& status) {
  auto options = std::make_shared<ReplayVerbOptions>();
  options->runs = 50;
  CLI::App* verb = app.add_subcommand("replay", "the plan on a real database under load: predicted, measured, error");
  add_common(*verb, *options);
  verb->add_option("--strategy", options->strategy, "whose plan; none for a scenario with a plan of its own")
      ->option_text("NAME");
  verb->add_option("--on", options->uri, "postgresql://user@host:port/database, sqlite: (a temporary file) or sqlite:PATH")->required()->option_text("URI");
  verb->add_option("--scale", options->scale, "divide every wait and soak by this")
      ->check(CLI::Range(1.0, 1e9))->option_text("FACTOR");
  verb->add_option("--repeat", options->repeat, "replay as often, each with draws of its own, for a spread; not with --in-place")
      ->check(CLI::Range(1, 1000))->option_text("N");
  verb->add_flag("--in-place", options->in_place, "use a database that exists, with its own rows; asks first");
  verb->add_flag("--yes", options->yes, "do not ask: --in-place is meant");
  verb->add_flag("--keep", options->keep, "leave the scratch database behind");
  verb->footer(footer("midflight replay scenario.yaml --strategy naive --on sqlite: --scale 60"));
  verb->callback([options, &status] { status = replay_or_stop(*options, replay_plan); });
}

}  // namespace midflight::cli
