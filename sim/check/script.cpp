#include "sim/check/script.h"

#include "sim/sql/parse.h"

namespace midflight::check {
namespace {

/// Moves a place behind a text.
void step_over(std::string_view text, int& line, int& column) {
  for (const char c : text) {
    column = c == '\n' ? 1 : column + 1;
    line += c == '\n' ? 1 : 0;
  }
}

Piece piece_of(Statement statement) {
  Piece piece;
  piece.where.begin = statement.where;
  piece.where.end_line = statement.where.line;
  piece.where.end_column = statement.where.column;
  step_over(statement.sql, piece.where.end_line, piece.where.end_column);
  piece.statement = std::move(statement);
  return piece;
}

}  // namespace

Script script_of(std::string text, const std::string& path, Wrapping wrapping) {
  Script script;
  script.path = path;
  script.wrapping = wrapping;
  try {
    for (Statement& statement : sql::parse(text, {path, 1, 1})) script.pieces.push_back(piece_of(std::move(statement)));
  } catch (const Error& error) {
    Piece piece;
    const Problem& problem = error.problems().front();
    piece.where = {problem.where, problem.where.line, problem.where.column + 1};
    piece.problem = problem.message;
    script.pieces.push_back(std::move(piece));
  }
  script.text = std::move(text);
  return script;
}

}  // namespace midflight::check
