#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>
#include <optional>

#include "cli/complaints.h"
#include "cli/output.h"
#include "cli/stop.h"
#include "cli/verbs.h"
#include "sim/check/rule.h"
#include "sim/io/check_report.h"
#include "sim/io/histories/history.h"
#include "sim/io/scenario.h"
#include "sim/kernel/error.h"
#include "verbs/check_files.h"

namespace midflight::cli {

namespace {

struct CheckOptions : verbs::CheckRequest {
  std::string scenario_path, format = "text", output, fail_on = "danger";
  bool findings_only = false, rules = false, quiet = false;
};

bool fails(const CheckOptions& options, const io::CheckCoverage& coverage) {
  if (options.fail_on == "never") return false;
  return coverage.has_at_least(options.fail_on == "danger" ? check::Severity::Danger : check::Severity::Caution);
}

std::string located(const Problem& problem) {
  const std::string place = problem.where.text();
  return place.empty() ? problem.message : place + ": " + problem.message;
}

/// What was found on the way to the files, on stderr.
/// Returns: kBadInput if a file is missing or cannot be read.
int tell(const io::History& history, bool quiet) {
  for (const Problem& problem : history.problems) complain(located(problem));
  if (quiet) return history.problems.empty() ? kDone : kBadInput;
  for (const std::string& line : history.recognised) complain_hint(line);
  for (const Problem& skipped : history.skipped) complain_hint("not run: " + located(skipped));
  return history.problems.empty() ? kDone : kBadInput;
}

std::string rule_list() {
  std::string out;
  for (const check::Rule& rule : check::rules()) {
    out += fmt::format("{:<34} {:<8} {}\n", rule.id, check::severity_name(rule.severity), rule.title);
  }
  return out;
}

int run_check(const CheckOptions& options) {
  if (options.rules) {
    write_output(options.output, rule_list());
    return kDone;
  }
  if (options.paths.empty()) throw Error(ErrorCode::BadInput, "no migrations: name files, folders, patterns, or - for standard input");
  verbs::CheckRequest request = options;
  if (!options.scenario_path.empty()) request.scenario = io::read_application(options.scenario_path);
  request.stop = &stop_asked();
  request.list_all = options.format == "json" || (options.format == "text" && !options.findings_only);
  const auto writer = io::check_writer(options.format, {options.output.empty() && colour_wanted(), options.findings_only});
  int status = kDone;
  io::CheckCoverage coverage;
  std::string out;
  verbs::check_files(request, {
      [&](const io::History& history) {
        status = tell(history, options.quiet || options.format != "text");
        out = writer->head();
      },
      [&](const check::ScriptReport& report) {
        coverage.add(report);
        out += writer->script(report);
      },
      [&](const Error& error) {
        complain(error);
        status = kBadInput;
      }});
  write_output(options.output, out + writer->tail(coverage));
  return status != kDone ? status : fails(options, coverage) ? kConditionHolds : kDone;
}

void add_options(CLI::App& verb, CheckOptions& o) {
  verb.add_option("PATH", o.paths, "files, folders, patterns; - is standard input")->option_text(" ");
  verb.add_option("--schema", o.schema, "what exists before: output of pg_dump --schema-only")->option_text("FILE");
  verb.add_option("--scenario", o.scenario_path, "predict for its traffic and sizes; brings schema and server")->option_text("FILE")
      ->excludes("--schema");
  verb.add_option("--runs", o.runs, "runs of the scenario per transaction; 100 if not said")->check(CLI::Range(1, 1'000'000))->option_text("N");
  verb.add_option("--seed", o.seed, "seed of all draws")->option_text("N");
  verb.add_option("--jobs", o.jobs, "threads; 0: one per processor")->check(CLI::Range(0, 1024))->option_text("N");
  verb.add_option("--database", o.database, "the server: postgresql:12 to postgresql:18; 15 if not said")->option_text("URI");
  std::string names;
  for (const std::string_view name : io::framework_names()) names.append(names.empty() ? "" : ", ").append(name);
  verb.add_option("--framework", o.framework, "the tool that runs them, if it is not recognised: " + names)->option_text("NAME");
  verb.add_option("--transaction", o.transaction, "instead of what the tool does: file, statement or implicit")
      ->check(CLI::IsMember({"file", "statement", "implicit"}))->option_text("AROUND");
  verb.add_option("--lock-timeout", o.lock_timeout, "that the tool sets for its sessions")->option_text("TIME");
  verb.add_option("--statement-timeout", o.statement_timeout, "that the tool sets for its sessions")->option_text("TIME");
  verb.add_option("--format", o.format, "text, json, sarif, github or markdown")
      ->check(CLI::IsMember({"text", "json", "sarif", "github", "markdown"}))->option_text("FORMAT");
  verb.add_flag("--findings-only", o.findings_only, "text: leave out statements without findings");
  verb.add_option("--output", o.output, "write the result to this file")->option_text("FILE");
  verb.add_option("--fail-on", o.fail_on, "end with status 1 on such a finding: danger, caution or never")
      ->check(CLI::IsMember({"danger", "caution", "never"}))->option_text("SEVERITY");
  verb.add_flag("--rules", o.rules, "list the rules and end");
  verb.add_flag("--quiet", o.quiet, "do not say how the files were recognised");
}

}  // namespace

void add_check(CLI::App& app, int& status) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* verb = app.add_subcommand("check", "locks, work and dangers of migration files, statement by statement");
  add_options(*verb, *options);
  verb->footer("Example:\n  midflight check migrations/");
  verb->callback([options, &status] { status = run_check(*options); });
}

}  // namespace midflight::cli
