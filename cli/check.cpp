#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

#include "cli/complaints.h"
#include "cli/output.h"
#include "cli/stop.h"
#include "cli/verbs.h"
#include "sim/check/check.h"
#include "sim/check/rule.h"
#include "sim/check/settings.h"
#include "sim/io/check_report.h"
#include "sim/io/histories/history.h"
#include "sim/io/profile.h"
#include "sim/io/scenario.h"
#include "sim/kernel/error.h"
#include "sim/sql/parse.h"

namespace midflight::cli {

namespace {

struct CheckOptions {
  std::vector<std::string> paths;
  std::string schema, scenario, database = "postgresql:15", framework, transaction, format = "text", output, fail_on = "danger";
  std::string lock_timeout, statement_timeout;
  int runs = 100, jobs = 0;
  std::optional<std::uint64_t> seed;
  bool findings_only = false, rules = false, quiet = false;
};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(ErrorCode::BadInput, "cannot read " + path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// "postgresql:15"
Dialect dialect_of(const std::string& database) {
  constexpr std::string_view kEngine = "postgresql:";
  constexpr int kOldest = 12, kNewest = 18;
  int version = 0;
  if (database.rfind(kEngine, 0) == 0) version = std::atoi(database.c_str() + kEngine.size());
  if (version < kOldest || version > kNewest) {
    throw Error(ErrorCode::BadInput, fmt::format("--database {}: expected postgresql:{} to postgresql:{}", database, kOldest, kNewest));
  }
  return {Engine::Postgresql, version};
}

std::optional<Duration> timeout_of(const std::string& name, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto value = check::setting_duration(text);
  if (!value) throw Error(ErrorCode::BadInput, fmt::format("--{} {}: expected a time such as 2s or 500ms", name, text));
  return value;
}

/// The scenario brings its schema with rows, its server and its traffic.
void take_scenario(const CheckOptions& options, const Scenario& scenario, check::Options& out) {
  if (scenario.database.dialect.engine != Engine::Postgresql) {
    throw Error(ErrorCode::NotSupported, options.scenario + ": check knows PostgreSQL alone");
  }
  out.scenario = &scenario;
  out.schema = scenario.schema;
  out.schema_is_complete = true;
  out.dialect = scenario.database.dialect;
  out.run.runs = options.runs;
  out.run.jobs = options.jobs;
  out.run.seed = options.seed.value_or(scenario.seed);
  out.run.profile = io::profile_of(scenario);
  out.run.stop = &stop_asked();
}

check::Options checker_options(const CheckOptions& options, const std::optional<Scenario>& scenario) {
  check::Options out;
  out.dialect = dialect_of(options.database);
  if (scenario) take_scenario(options, *scenario, out);
  out.timeouts.lock = timeout_of("lock-timeout", options.lock_timeout);
  out.timeouts.statement = timeout_of("statement-timeout", options.statement_timeout);
  if (!options.schema.empty()) {
    out.schema = sql::schema_from_sql(read_file(options.schema), {options.schema, 1, 1});
    out.schema_is_complete = true;
  }
  return out;
}

io::HistoryOptions history_options(const CheckOptions& options) {
  io::HistoryOptions out;
  out.framework = options.framework;
  if (options.transaction == "file") out.wrapping = Wrapping::OneTransaction;
  if (options.transaction == "statement") out.wrapping = Wrapping::EachStatement;
  if (options.transaction == "implicit") out.wrapping = Wrapping::Implicit;
  return out;
}

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
  std::optional<Scenario> scenario;
  if (!options.scenario.empty()) scenario = io::read_application(options.scenario);
  check::Checker checker(checker_options(options, scenario));
  const auto writer = io::check_writer(options.format, {options.output.empty() && colour_wanted(), options.findings_only});
  const io::History history = io::find_migrations(options.paths, history_options(options));
  int status = tell(history, options.quiet || options.format != "text");
  io::CheckCoverage coverage;
  std::string out = writer->head();
  for (const io::MigrationFile& file : history.files) {
    try {
      const check::ScriptReport report = checker.check(io::read_migration(file, history));
      coverage.add(report);
      out += writer->script(report);
    } catch (const Error& error) {  // one file that cannot be read spoils no other
      complain(error);
      status = kBadInput;
    }
  }
  write_output(options.output, out + writer->tail(coverage));
  return status != kDone ? status : fails(options, coverage) ? kConditionHolds : kDone;
}

void add_options(CLI::App& verb, CheckOptions& o) {
  verb.add_option("PATH", o.paths, "files, folders, patterns; - is standard input")->option_text(" ");
  verb.add_option("--schema", o.schema, "what exists before: output of pg_dump --schema-only")->option_text("FILE");
  verb.add_option("--scenario", o.scenario, "predict for its traffic and sizes; brings schema and server")->option_text("FILE")
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
