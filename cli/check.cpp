#include <CLI/CLI.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

#include "cli/output.h"
#include "cli/verbs.h"
#include "sim/check/check.h"
#include "sim/io/check_report.h"
#include "sim/kernel/error.h"
#include "sim/sql/parse.h"

namespace midflight::cli {

namespace {

struct CheckOptions {
  std::vector<std::string> paths;
  std::string schema, format = "text", output, fail_on = "danger";
};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorCode::BadInput, "cannot read " + path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

check::Options checker_options(const CheckOptions& options) {
  check::Options out;
  if (!options.schema.empty()) {
    out.schema = sql::schema_from_sql(read_file(options.schema), {options.schema, 1, 1});
    out.schema_is_complete = true;
  }
  return out;
}

bool fails(const CheckOptions& options, const io::CheckCoverage& coverage) {
  if (options.fail_on == "never") return false;
  return coverage.has_at_least(options.fail_on == "danger" ? check::Severity::Danger : check::Severity::Caution);
}

int run_check(const CheckOptions& options) {
  check::Checker checker(checker_options(options));
  const auto writer = io::check_writer(options.format, {options.output.empty() && colour_wanted()});
  io::CheckCoverage coverage;
  std::string out = writer->head();
  for (const std::string& path : options.paths) {
    const check::ScriptReport report = checker.check(check::script_of(read_file(path), path));
    coverage.add(report);
    out += writer->script(report);
  }
  write_output(options.output, out + writer->tail(coverage));
  return fails(options, coverage) ? kConditionHolds : kDone;
}

}  // namespace

void add_check(CLI::App& app, int& status) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* verb = app.add_subcommand("check", "locks, work and dangers of migration files, statement by statement");
  verb->add_option("PATH", options->paths, "SQL files")->required()->option_text(" ");
  verb->add_option("--schema", options->schema, "what exists before: output of pg_dump --schema-only")->option_text("FILE");
  verb->add_option("--format", options->format, "text, json, sarif, github or markdown")
      ->check(CLI::IsMember({"text", "json", "sarif", "github", "markdown"}))->option_text("FORMAT");
  verb->add_option("--output", options->output, "write the result to this file")->option_text("FILE");
  verb->add_option("--fail-on", options->fail_on, "end with status 1 on such a finding: danger, caution or never")
      ->check(CLI::IsMember({"danger", "caution", "never"}))->option_text("SEVERITY");
  verb->footer("Example:\n  midflight check migrations/");
  verb->callback([options, &status] { status = run_check(*options); });
}

}  // namespace midflight::cli
