#include "sim/sql/render.h"

#include <optional>

#include "sim/model/sql_text.h"
#include "sim/sql/postgres_schema.h"
#include "sim/sql/sqlite_operation.h"
#include "sim/sql/sqlite_text.h"

namespace midflight::sql {
namespace {

bool is_data(const Statement& statement) {
  return statement.operations.size() == 1 && std::holds_alternative<DataStatement>(statement.operations.front());
}

/// Sub-commands one after the other, each under the schema the one before left.
std::vector<std::string> sqlite_operations(const Statement& statement, const Schema& before) {
  std::vector<std::string> out;
  Schema now = before;
  for (const Operation& operation : statement.operations) {
    Schema after = now;
    const std::string misfit = apply(operation, after);
    if (!misfit.empty()) throw Error(ErrorCode::BadInput, misfit);
    for (std::string& sql : sqlite_operation(operation, now, after)) out.push_back(std::move(sql));
    now = std::move(after);
  }
  return out;
}

/// A rebuild repeats what the table has: is that what SQLite does not have?  Then nothing is wrong
/// with the statement.
std::optional<Error> mistake_of_schema(const Schema& before, const std::string& message) {
  try {
    sqlite_schema(before);
  } catch (const Error& error) {
    if (error.problems().front().message.ends_with(message)) return error;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> render(const Statement& statement, const Schema& before, const Dialect& dialect) {
  if (dialect.engine == Engine::Postgresql) return {statement.sql};
  try {
    if (is_data(statement)) return {sqlite_statement(statement.sql)};
    return sqlite_operations(statement, before);
  } catch (const Error& error) {
    const std::string& message = error.problems().front().message;
    if (const auto of_schema = mistake_of_schema(before, message)) throw *of_schema;
    throw Error(error.code(), message, statement.where);
  }
}

std::vector<std::string> render_schema(const Schema& schema, const Dialect& dialect) {
  return dialect.engine == Engine::Postgresql ? postgres_schema(schema) : sqlite_schema(schema);
}

std::string identifier(std::string_view name) { return sql_identifier(name); }

std::string relation(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == name.npos) return identifier(name);
  return identifier(name.substr(0, dot)) + "." + identifier(name.substr(dot + 1));
}

}  // namespace midflight::sql
