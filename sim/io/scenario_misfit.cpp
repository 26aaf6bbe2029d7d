#include <fmt/core.h>

#include <algorithm>

#include "sim/compat/compat.h"
#include "sim/io/scenario_reader.h"
#include "sim/io/yaml_text.h"

namespace midflight::io {
namespace {

constexpr std::string_view kLacks = "which the schema does not have";

std::vector<std::string_view> relation_names(const Schema& schema) {
  std::vector<std::string_view> names;
  for (const Table& table : schema.tables) names.push_back(table.name);
  for (const View& view : schema.views) names.push_back(view.name);
  return names;
}

std::vector<std::string_view> column_names(const Table& table) {
  std::vector<std::string_view> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}

std::string missing_column(const Table& table, const std::vector<std::string>& named, std::string_view verb) {
  for (const std::string& name : named) {
    if (table.column(name) != nullptr) continue;
    return fmt::format("{} {}.{}, {}{}", verb, table.name, name, kLacks, did_you_mean(name, column_names(table)));
  }
  return {};
}

std::string missing(const Access& access, const Schema& schema) {
  const Table* table = schema.table(access.relation);
  if (table == nullptr) {
    if (schema.view(access.relation) != nullptr) return {};
    return fmt::format("uses the table {}, {}{}", access.relation, kLacks,
                       did_you_mean(access.relation, relation_names(schema)));
  }
  std::string read = missing_column(*table, access.reads, "reads");
  return read.empty() ? missing_column(*table, access.writes, "writes") : read;
}

}  // namespace

std::string misfit(const Statement& statement, const Schema& schema, const Dialect& dialect) {
  const std::optional<ErrorKind> failure = compat::failure(statement, schema, dialect);
  if (!failure) return {};
  for (const Access& access : statement.accesses) {
    std::string found = missing(access, schema);
    if (!found.empty()) return found;
  }
  return fmt::format("fails: {}{}", failure->message,
                     failure->sqlstate.empty() ? "" : fmt::format(" ({})", failure->sqlstate));
}

std::string misfit(const CheckStep& check, const Schema& schema) {
  if (check.kind == CheckStep::Kind::Sql) return {};
  if (check.kind == CheckStep::Kind::Valid) {
    if (check.constraint.empty()) return {};
    for (const Table& table : schema.tables) {
      for (const Constraint& constraint : table.constraints) {
        if (constraint.name == check.constraint) return {};
      }
    }
    if (schema.index(check.constraint) != nullptr) return {};
    return fmt::format("names the constraint {}, {}", check.constraint, kLacks);
  }
  if (check.column.empty()) return {};  // its condition was wrong, and reported
  Access access;
  access.relation = check.table;
  access.reads.push_back(check.column);
  if (check.kind == CheckStep::Kind::Equal) access.reads.push_back(check.other_column);
  return missing(access, schema);
}

}  // namespace midflight::io
