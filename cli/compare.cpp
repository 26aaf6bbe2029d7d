#include <CLI/CLI.hpp>

#include <memory>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "sim/io/html.h"
#include "sim/io/json.h"
#include "sim/io/markdown.h"
#include "sim/io/text.h"
#include "sim/io/trace_events.h"

namespace midflight::cli {

namespace {

std::string report(const io::Result& result, const CommonOptions& options) {
  if (options.format == "json") return io::to_json(result);
  if (options.format == "markdown") return io::compare_markdown(result);
  if (options.format == "html") return io::to_html(result);
  return io::compare_text(result, {options.output.empty() && colour_wanted()});
}

int compare_strategies(const CommonOptions& options) {
  const auto conditions = conditions_of(options);
  const Scenario scenario = scenario_of(options);
  RunOptions run = run_options(options, scenario);
  std::vector<Prediction> predictions;
  {
    Progress progress(options.quiet);
    run.progress = [&](std::int64_t done, std::int64_t all) { progress.show(done, all); };
    predictions = compare(scenario, run);
  }
  const io::Result result = io::summarize(scenario, predictions, run.seed, run.runs);
  write_output(options.output, report(result, options));
  if (!options.trace.empty()) write_output(options.trace, io::to_trace(result));
  return judge(conditions, result);
}

}  // namespace

void add_compare(CLI::App& app, int& status) {
  auto options = std::make_shared<CommonOptions>();
  CLI::App* verb = app.add_subcommand("compare", "every applicable strategy on the same traffic, best first");
  add_common(*verb, *options);
  verb->footer(footer("midflight compare scenario.yaml --fail-if 'expand_contract.downtime_s > 0'"));
  verb->callback([options, &status] { status = compare_strategies(*options); });
}

}  // namespace midflight::cli
