#include <algorithm>
#include <array>
#include <utility>

#include "sim/io/scenario_reader.h"
#include "sim/io/yaml_text.h"
#include "sim/model/sql_text.h"

namespace midflight::io {
namespace {

using Names = std::vector<std::string_view>;

bool names_word(const std::string& sql, const std::string& name) {
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  return std::any_of(tokens.begin(), tokens.end(), [&](const SqlToken& t) { return token_name(t) == name; });
}

/// Of the tables that the statement names.
template <class List>
Names names_in(const Statement& statement, const Schema& schema, List Table::*list) {
  Names names;
  for (const Table& table : schema.tables) {
    if (!names_word(statement.sql, table.name)) continue;
    for (const auto& one : table.*list) names.push_back(one.name);
  }
  return names;
}

Names relations(const Schema& schema) {
  Names names;
  for (const Table& table : schema.tables) names.push_back(table.name);
  for (const View& view : schema.views) names.push_back(view.name);
  return names;
}

Names indexes(const Schema& schema) {
  Names names;
  for (const Table& table : schema.tables) {
    for (const Index& index : table.indexes) names.push_back(index.name);
  }
  return names;
}

/// What `kind` of thing could have been meant.
Names candidates(std::string_view kind, const Statement& statement, const Schema& schema) {
  if (kind == "column") return names_in(statement, schema, &Table::columns);
  if (kind == "constraint") return names_in(statement, schema, &Table::constraints);
  return kind == "index" ? indexes(schema) : relations(schema);
}

}  // namespace

// The server's words begin with what is missing: column "nam" of relation "users" does not exist.
std::string suggestion(const std::string& refusal, const Statement& statement, const Schema& schema) {
  if (refusal.find("does not exist") == std::string::npos) return {};
  static constexpr std::array<std::string_view, 6> kKinds = {"column", "constraint", "index", "relation", "table", "view"};
  for (const std::string_view kind : kKinds) {
    if (!refusal.starts_with(kind) || refusal.substr(kind.size(), 2) != " \"") continue;
    const std::size_t from = kind.size() + 2;
    return did_you_mean(refusal.substr(from, refusal.find('"', from) - from), candidates(kind, statement, schema));
  }
  return {};
}

}  // namespace midflight::io
