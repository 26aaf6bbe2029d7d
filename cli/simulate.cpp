#include <CLI/CLI.hpp>

#include <memory>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "sim/io/html.h"
#include "sim/io/json.h"
#include "sim/io/markdown.h"
#include "sim/io/story.h"
#include "sim/io/text.h"
#include "sim/io/trace_events.h"
#include "sim/kernel/error.h"
#include "verbs/proposal.h"

namespace midflight::cli {

namespace {

struct SimulateOptions : CommonOptions {
  std::string strategy;
  bool explain = false;
};

std::string report(const io::Result& result, const SimulateOptions& options) {
  if (options.explain) return io::story_text(result);
  if (options.format == "json") return io::to_json(result);
  if (options.format == "markdown") return io::simulate_markdown(result);
  if (options.format == "html") return io::to_html(result);
  return io::simulate_text(result, {options.output.empty() && colour_wanted()});
}

int simulate(const SimulateOptions& options) {
  if (options.explain && options.format != "text") {
    throw Error(ErrorCode::BadInput, "--explain tells a story in text; leave out --format");
  }
  const auto conditions = conditions_of(options);
  const Scenario scenario = scenario_of(options);
  const strategy::Proposal proposal = verbs::proposal_of(scenario, options.strategy);
  RunOptions run = run_options(options, scenario);
  std::vector<Prediction> predictions;
  {
    Progress progress(options.quiet);
    run.progress = [&](std::int64_t done, std::int64_t all) { progress.show(done, all); };
    predictions.push_back(predict(scenario, proposal, run));
  }
  const io::Result result = io::summarize(scenario, predictions, run.seed, run.runs);
  write_output(options.output, report(result, options));
  if (!options.trace.empty()) write_output(options.trace, io::to_trace(result));
  return judge(conditions, result);
}

}  // namespace

void add_simulate(CLI::App& app, int& status) {
  auto options = std::make_shared<SimulateOptions>();
  CLI::App* verb = app.add_subcommand("simulate", "one strategy in detail, with the timeline of one run");
  add_common(*verb, *options);
  verb->add_option("--strategy", options->strategy, "whose plan; none for a scenario with a plan of its own")
      ->option_text("NAME");
  verb->add_flag("--explain", options->explain, "tell one run step by step");
  verb->footer(footer("midflight simulate scenario.yaml --strategy naive --explain"));
  verb->callback([options, &status] { status = simulate(*options); });
}

}  // namespace midflight::cli
