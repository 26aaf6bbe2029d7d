#include <fmt/core.h>

#include "sim/io/scenario_reader.h"
#include "sim/sql/parse.h"

namespace midflight::io {
namespace {

/// Places in SQL text are told from its first character: as if it began a file.
Position origin(const Value& value) { return {value.document().file(), 1, 1}; }

void report(const Value& value, const Error& error) {
  for (const Problem& problem : error.problems()) {
    value.document().add(value.place_in_text(problem.where.line, problem.where.column),
                         fmt::format("`{}`: {}", value.path(), problem.message));
  }
}

}  // namespace

std::vector<Statement> read_statements(const Value& value) {
  const std::optional<std::string> text = read_text(value);
  if (!text) return {};
  try {
    std::vector<Statement> statements = sql::parse(*text, origin(value));
    if (statements.empty()) value.problem("has no SQL statement");
    for (Statement& statement : statements) {
      statement.where = value.place_in_text(statement.where.line, statement.where.column);
    }
    return statements;
  } catch (const Error& error) {
    report(value, error);
    return {};
  }
}

std::optional<Statement> read_statement(const Value& value) {
  std::vector<Statement> statements = read_statements(value);
  if (statements.empty()) return std::nullopt;
  if (statements.size() > 1) {
    value.problem(fmt::format("must be one SQL statement, not {}", statements.size()));
    return std::nullopt;
  }
  return std::move(statements.front());
}

}  // namespace midflight::io
