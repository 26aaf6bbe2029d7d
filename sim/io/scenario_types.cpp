#include <fmt/core.h>

#include "sim/io/scenario_reader.h"
#include "sim/io/yaml_text.h"
#include "sim/sql/parse.h"

namespace midflight::io {
namespace {

std::string sentence(const std::string& type, const sql::TypeNames& types) {
  return fmt::format("type \"{}\" does not exist{}", type, did_you_mean(type, types.all()));
}

void check_statement(const Statement& statement, const std::string& what, Reading& reading) {
  for (const sql::UnknownType& type : reading.types.unknown_in(statement.sql)) {
    reading.document.add(statement.where, fmt::format("{}: {}", what, sentence(type.name, reading.types)));
  }
  reading.types.add(statement.sql);
}

}  // namespace

void check_schema_types(const std::string& schema, const std::function<Position(const Position&)>& place, Reading& reading) {
  if (reading.scenario.database.dialect.engine == Engine::Sqlite) return;
  const std::string ddl = sql::without_psql(schema);
  reading.types.add(ddl);
  for (const sql::UnknownType& type : reading.types.unknown_in(ddl, {"", 1, 1})) {
    reading.document.add(place(type.where), fmt::format("`schema`: {}", sentence(type.name, reading.types)));
  }
}

void check_change_types(Reading& reading) {
  const Scenario& scenario = reading.scenario;
  if (scenario.database.dialect.engine == Engine::Sqlite || !reading.schema_known) return;
  if (scenario.change) check_statement(*scenario.change, "`change`", reading);
  if (!scenario.plan) return;
  for (const Step& step : scenario.plan->steps) {
    const auto* sql = std::get_if<SqlStep>(&step.action);
    if (sql == nullptr) continue;
    for (const Statement& statement : sql->statements) check_statement(statement, fmt::format("step `{}`", step.id), reading);
  }
}

}  // namespace midflight::io
