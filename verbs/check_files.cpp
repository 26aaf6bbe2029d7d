#include "verbs/check_files.h"

#include <fmt/core.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "sim/check/check.h"
#include "sim/io/profile.h"
#include "sim/io/yaml_quantity.h"
#include "sim/sql/parse.h"

namespace midflight::verbs {

namespace {

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

/// In SQL a bare number is milliseconds; here nobody would know.
std::optional<Duration> timeout_of(const std::string& name, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const io::Parsed<Duration> parsed = io::parse_duration(text);
  if (!parsed.value) throw Error(ErrorCode::BadInput, fmt::format("--{} {}: {}", name, text, parsed.problem));
  return parsed.value;
}

/// The scenario brings its schema with rows, its server and its traffic.
void take_scenario(const CheckRequest& request, const Scenario& scenario, check::Options& out) {
  if (scenario.database.dialect.engine != Engine::Postgresql) {
    throw Error(ErrorCode::NotSupported, scenario.path + ": check knows PostgreSQL alone");
  }
  out.scenario = &scenario;
  out.schema = scenario.schema;
  out.schema_is_complete = true;
  out.dialect = scenario.database.dialect;
  out.run.runs = request.runs;
  out.run.jobs = request.jobs;
  out.run.seed = request.seed.value_or(scenario.seed);
  out.run.profile = io::profile_of(scenario);
  out.run.stop = request.stop;
}

check::Options checker_options(const CheckRequest& request) {
  check::Options out;
  out.dialect = dialect_of(request.database);
  out.list_all = request.list_all;
  if (request.scenario) take_scenario(request, *request.scenario, out);
  out.timeouts.lock = timeout_of("lock-timeout", request.lock_timeout);
  out.timeouts.statement = timeout_of("statement-timeout", request.statement_timeout);
  if (!request.schema.empty()) {
    out.schema = sql::schema_from_sql(read_file(request.schema), {request.schema, 1, 1});
    out.schema_is_complete = true;
  }
  return out;
}

io::HistoryOptions history_options(const CheckRequest& request) {
  io::HistoryOptions out;
  out.framework = request.framework;
  if (request.transaction == "file") out.wrapping = Wrapping::OneTransaction;
  if (request.transaction == "statement") out.wrapping = Wrapping::EachStatement;
  if (request.transaction == "implicit") out.wrapping = Wrapping::Implicit;
  return out;
}

}  // namespace

void check_files(const CheckRequest& request, const CheckListener& listener) {
  check::Checker checker(checker_options(request));
  const io::History history = io::find_migrations(request.paths, history_options(request));
  listener.history(history);
  for (const io::MigrationFile& file : history.files) {
    std::optional<check::ScriptReport> report;
    try {
      report = checker.check(io::read_migration(file, history));
    } catch (const Error& error) {  // one file that cannot be read spoils no other
      if (error.code() == ErrorCode::Interrupted) throw;
      listener.unreadable(error);
      continue;
    }
    listener.script(*report);
  }
}

}  // namespace midflight::verbs
