#include <fmt/core.h>

#include <charconv>

#include "sim/io/profile.h"
#include "sim/io/scenario_keys.h"
#include "sim/io/scenario_reader.h"

namespace midflight::io {
namespace {

constexpr int kPostgresqlOldest = 10, kPostgresqlNewest = 18, kPostgresqlDefault = 15;
constexpr int kSqliteDefault = 340;
constexpr std::int64_t kConnectionsLeast = 4;  // three of them are reserved for superusers
constexpr std::int64_t kConnectionsMost = 100'000, kCoresMost = 4096;
constexpr int kConnectionsDefault = 200;

/// "3.40" is 340.  Read as text, for as a number it would be 3.4.
std::optional<int> sqlite_version(const Value& value) {
  const std::optional<std::string> text = read_text(value);
  if (!text) return std::nullopt;
  int minor = -1;
  if (text->starts_with("3.")) {
    const char* end = text->data() + text->size();
    const auto [rest, failed] = std::from_chars(text->data() + 2, end, minor);
    if (failed != std::errc{} || (rest != end && *rest != '.') || minor > 99) minor = -1;
  }
  if (minor >= 0) return 300 + minor;
  value.problem(fmt::format("must be a version of SQLite such as 3.40, not `{}`", *text));
  return std::nullopt;
}

void read_version(const Section& section, Reading& reading) {
  Dialect& dialect = reading.scenario.database.dialect;
  const bool sqlite = dialect.engine == Engine::Sqlite;
  dialect.version = sqlite ? kSqliteDefault : kPostgresqlDefault;
  const Value* given = section.find("version");
  if (given == nullptr) return;
  if (sqlite) {
    assign(dialect.version, sqlite_version(*given));
  } else {
    assign(dialect.version, read_count(*given, kPostgresqlOldest, kPostgresqlNewest));
  }
}

void read_cores(const Section& section, Reading& reading) {
  Database& database = reading.scenario.database;
  const Value* cores = section.find("cores");
  if (cores == nullptr) return;
  if (cores->text() == "unlimited") {
    database.cores_unlimited = true;
  } else {
    assign(database.cores, read_count(*cores, 1, kCoresMost));
  }
}

/// Mistakes inside the profile have places of their own.  A file that cannot be
/// read is a mistake of whoever names it: a line of the scenario, or an override.
void note_unusable_profile(const Value& path, const Error& error, Reading& reading) {
  for (const Problem& problem : error.problems()) {
    const bool of_the_line = problem.where.line == 0 && path.where().line > 0;
    of_the_line ? path.problem(fmt::format("names `{}`: {}", problem.where.file, problem.message))
                : reading.document.add(problem.where, problem.message);
  }
}

void read_profile_path(const Section& section, Reading& reading) {
  Scenario& scenario = reading.scenario;
  const Value* path = section.find("profile");
  if (path == nullptr) return;
  assign(scenario.database.profile, read_text(*path));
  if (scenario.database.profile.empty()) return;
  try {
    profile_of(scenario);
  } catch (const Error& error) {
    note_unusable_profile(*path, error, reading);
  }
}

}  // namespace

void read_database(const Section& root, Reading& reading) {
  const Value* given = root.require("database");
  if (given == nullptr) return;
  const Section section(*given, keys_of("database"));
  Database& database = reading.scenario.database;
  if (section.require("engine") != nullptr) {
    assign(database.dialect.engine, section.choice("engine", {"postgresql", "sqlite"}));
  }
  read_version(section, reading);
  database.connections = kConnectionsDefault;
  assign(database.connections, section.count("connections", kConnectionsLeast, kConnectionsMost));
  read_cores(section, reading);
  assign(database.deadlock_timeout, section.positive_duration("deadlock_timeout"));
  assign(database.journal, section.choice("journal", {"wal", "delete"}));
  assign(database.busy_timeout, section.duration("busy_timeout"));
  read_profile_path(section, reading);
}

}  // namespace midflight::io
