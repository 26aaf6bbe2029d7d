#include "sim/model/dependents.h"

#include <algorithm>

#include "sim/model/sql_text.h"

namespace midflight {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

void add_once(std::vector<std::string>& list, const std::string& name) {
  if (!contains(list, name)) list.push_back(name);
}

bool names_relation(const std::vector<Reading>& reads, const std::string& relation) {
  return std::any_of(reads.begin(), reads.end(), [&](const Reading& r) { return r.relation == relation; });
}

bool names_column(const std::vector<Reading>& reads, const std::string& table, const std::string& column) {
  return std::any_of(reads.begin(), reads.end(), [&](const Reading& r) {
    return r.relation == table && (r.all || contains(r.columns, column));
  });
}

/// The names a view's text knows a relation by: its own, or the alias behind it.
std::vector<std::string> names_in(const std::vector<SqlToken>& tokens, const std::string& relation) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool named = token_name(tokens[i]) == relation && i > 0 &&
                       (is_word(tokens[i - 1], "from") || is_word(tokens[i - 1], "join") || tokens[i - 1].text == ",");
    if (!named) continue;
    names.push_back(relation);
    const std::size_t alias = i + 1 + (i + 1 < tokens.size() && is_word(tokens[i + 1], "as") ? 1 : 0);
    if (alias < tokens.size() && !token_name(tokens[alias]).empty()) names.push_back(token_name(tokens[alias]));
  }
  return names;
}

/// For a view over several relations, whose columns are not followed: does its
/// text name the column, or all of them?
bool text_uses_column(const std::string& sql, const std::string& table, const std::string& column) {
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  const std::vector<std::string> names = names_in(tokens, table);
  for (std::size_t i = 1; i < tokens.size() && !names.empty(); ++i) {
    const bool star = tokens[i].text == "*" && (is_word(tokens[i - 1], "select") || tokens[i - 1].text == "," || tokens[i - 1].text == ".");
    if (!star && (token_name(tokens[i]) != column || is_word(tokens[i - 1], "as"))) continue;
    if (tokens[i - 1].text != "." || (i > 1 && contains(names, token_name(tokens[i - 2])))) return true;
  }
  return false;
}

bool shows_column(const View& view, const std::string& table, const std::string& column) {
  if (names_column(view.reads, table, column)) return true;
  if (view.table.empty() && view.reads.empty()) return text_uses_column(view.sql, table, column);
  if (view.table != table) return false;
  const bool shown = std::any_of(view.outputs.begin(), view.outputs.end(),
                                 [&](const View::Output& o) { return o.column == column; });
  return shown || sql_reads_column(view.sql, table, column);
}

void add_foreign_keys(const Schema& schema, const std::vector<std::string>& gone, Dependents& out) {
  for (const Table& table : schema.tables) {
    if (contains(gone, table.name)) continue;
    for (const Constraint& c : table.constraints) {
      if (c.kind == ConstraintKind::ForeignKey && contains(gone, c.referenced_table)) out.foreign_keys.push_back({table.name, c.name});
    }
  }
}

}  // namespace

bool reads_relation(const View& view, const std::string& relation) {
  return view.table == relation || names_relation(view.reads, relation);
}

bool reads_relation(const Table& materialized_view, const std::string& relation) {
  return names_relation(materialized_view.reads, relation);
}

std::vector<std::string> views_on(const Schema& schema, std::vector<std::string> relations) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < relations.size(); ++i) {
    const std::string relation = relations[i];
    for (const View& view : schema.views) {
      if (reads_relation(view, relation)) add_once(found, view.name);
    }
    for (const Table& table : schema.tables) {
      if (reads_relation(table, relation)) add_once(found, table.name);
    }
    for (const std::string& view : found) add_once(relations, view);
  }
  return found;
}

std::vector<std::string> views_on_column(const Schema& schema, const std::string& table, const std::string& column) {
  std::vector<std::string> found;
  for (const View& view : schema.views) {
    if (shows_column(view, table, column)) add_once(found, view.name);
  }
  for (const Table& view : schema.tables) {
    if (names_column(view.reads, table, column)) add_once(found, view.name);
  }
  for (const std::string& above : views_on(schema, found)) add_once(found, above);
  return found;
}

Dependents dependents_of(const Schema& schema, const std::string& relation) {
  Dependents out;
  std::vector<std::string> gone = {relation};
  for (const std::string& heir : schema.heirs(relation)) {
    const Table* table = schema.table(heir);
    (table->bound.empty() ? out.heirs : out.partitions).push_back(heir);
    gone.push_back(heir);
  }
  out.views = views_on(schema, gone);
  add_foreign_keys(schema, gone, out);
  return out;
}

std::vector<std::string> tables_emptied(const Truncate& operation, const Schema& schema) {
  std::vector<std::string> all;
  for (const std::string& table : operation.tables) {
    all.push_back(table);
    if (contains(operation.only, table)) continue;
    for (const std::string& heir : schema.heirs(table)) all.push_back(heir);
  }
  for (std::size_t i = 0; operation.cascade && i < all.size(); ++i) {
    for (const Dependents::ForeignKey& key : dependents_of(schema, all[i]).foreign_keys) {
      add_once(all, key.table);
    }
  }
  return all;
}

}  // namespace midflight
