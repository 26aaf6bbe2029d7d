#include <fmt/format.h>

#include <algorithm>

#include "sim/model/sql_text.h"
#include "sim/sql/sqlite_operation.h"
#include "sim/sql/sqlite_text.h"

namespace midflight::sql {
namespace {

bool stands_on(const View& view, const std::string& relation) {
  if (view.table == relation) return true;
  const std::vector<SqlToken> tokens = sql_tokens(view.sql);
  const std::string last = relation.substr(relation.rfind('.') + 1);
  return view.table.empty() &&
         std::any_of(tokens.begin(), tokens.end(), [&](const SqlToken& t) { return token_name(t) == last; });
}

/// Columns both tables have and a statement may write.
std::vector<std::string> copied_columns(const Table& before, const Table& after) {
  std::vector<std::string> out;
  for (const Column& column : after.columns) {
    if (!column.generated && before.column(column.name) != nullptr) out.push_back(column.name);
  }
  return out;
}

void append(std::vector<std::string>& list, std::vector<std::string> more) {
  list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string copy(const std::string& from, const std::string& to, const std::vector<std::string>& columns,
                 const std::string& column, const std::string& value) {
  std::string values;
  for (const std::string& name : columns) values.append(values.empty() ? "" : ", ").append(name == column ? value : sqlite_name(name));
  return fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", to, sqlite_names(columns), values, from);
}

}  // namespace

std::vector<std::string> sqlite_drop_views(const std::string& relation, const Schema& schema) {
  std::vector<std::string> out;
  for (auto view = schema.views.rbegin(); view != schema.views.rend(); ++view) {
    if (stands_on(*view, relation)) out.push_back("DROP VIEW " + sqlite_name(view->name));
  }
  return out;
}

std::vector<std::string> sqlite_create_views(const std::string& relation, const Schema& schema) {
  std::vector<std::string> out;
  for (const View& view : schema.views) {
    if (stands_on(view, relation)) append(out, sqlite_view(view, schema));
  }
  return out;
}

std::vector<std::string> sqlite_rebuild(const std::string& table, const Schema& before, const Schema& after,
                                        const std::string& column, const std::string& value) {
  const Table& old = *before.table(table);
  const Table& now = *after.table(table);
  const std::string fresh = "midflight_rebuild_" + table;
  std::vector<std::string> out = sqlite_drop_views(table, before);
  out.push_back(sqlite_table(now, fresh, false));
  out.push_back(copy(sqlite_name(table), sqlite_name(fresh), copied_columns(old, now), column, value));
  out.push_back("DROP TABLE " + sqlite_name(table));
  out.push_back(fmt::format("ALTER TABLE {} RENAME TO {}", sqlite_name(fresh), sqlite_name(table)));
  for (const Index& index : now.indexes) {
    if (!index.constraint) out.push_back(sqlite_index(index, false));
  }
  append(out, sqlite_create_views(table, after));
  return out;
}

}  // namespace midflight::sql
