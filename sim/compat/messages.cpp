#include "sim/compat/messages.h"

#include <fmt/format.h>

namespace midflight::compat {
namespace {

// SQLite has result codes and no SQLSTATE.
ErrorKind schema(std::string message) { return {ErrorClass::Schema, "", std::move(message)}; }
ErrorKind schema(const char* sqlstate, std::string message) { return {ErrorClass::Schema, sqlstate, std::move(message)}; }
ErrorKind constraint(const char* sqlstate, std::string message) {
  return {ErrorClass::Constraint, sqlstate, std::move(message)};
}

}  // namespace

ErrorKind Messages::no_relation(const std::string& relation) const {
  if (engine == Engine::Sqlite) return schema(fmt::format("no such table: {}", relation));
  return schema("42P01", fmt::format("relation \"{}\" does not exist", relation));
}

ErrorKind Messages::no_column(const std::string& column, const std::string& qualifier) const {
  const std::string name = qualifier.empty() ? column : qualifier + "." + column;
  if (engine == Engine::Sqlite) return schema("no such column: " + name);
  // The server quotes the bare name alone.
  return schema("42703", fmt::format("column {} does not exist", qualifier.empty() ? '"' + name + '"' : name));
}

ErrorKind Messages::no_target_column(const std::string& relation, const std::string& column, bool insert) const {
  if (engine == Engine::Sqlite && insert) return schema(fmt::format("table {} has no column named {}", relation, column));
  if (engine == Engine::Sqlite) return no_column(column);
  return schema("42703", fmt::format("column \"{}\" of relation \"{}\" does not exist", column, relation));
}

ErrorKind Messages::null_value(const std::string& table, const std::string& column) const {
  if (engine == Engine::Sqlite) return constraint("", fmt::format("NOT NULL constraint failed: {}.{}", table, column));
  return constraint("23502", fmt::format("null value in column \"{}\" of relation \"{}\" violates not-null constraint",
                                         column, table));
}

ErrorKind Messages::check_fails(const std::string& table, const std::string& name) const {
  if (engine == Engine::Sqlite) return constraint("", fmt::format("CHECK constraint failed: {}", name));
  return constraint("23514", fmt::format("new row for relation \"{}\" violates check constraint \"{}\"", table, name));
}

ErrorKind Messages::view_not_writable(const std::string& view, const std::string& verb) const {
  if (engine == Engine::Sqlite) return schema(fmt::format("cannot modify {} because it is a view", view));
  return schema("55000", fmt::format("cannot {} view \"{}\"", verb, view));
}

ErrorKind Messages::view_column_not_writable(const std::string& view, const std::string& column,
                                             const std::string& verb) const {
  const std::string target = verb == "insert into" ? "insert into" : "update";
  return schema("0A000", fmt::format("cannot {} column \"{}\" of view \"{}\"", target, column, view));
}

ErrorKind Messages::assigned_twice(const std::string& column) const {
  return schema("42601", fmt::format("multiple assignments to same column \"{}\"", column));
}

ErrorKind Messages::upsert_on_view() const { return schema("cannot UPSERT a view"); }

}  // namespace midflight::compat
