#include <fmt/format.h>

#include "sim/sql/sqlite_text.h"
#include "sim/sql/tree.h"

namespace midflight::sql {
namespace {

/// A column of the table with the names under which the view shows it.
struct Shown {
  const Column* column = nullptr;
  std::vector<std::string> names;
};

std::vector<Shown> shown_columns(const View& view, const Table& table) {
  std::vector<Shown> out;
  for (const Column& column : table.columns) {
    Shown shown{&column, {}};
    for (const View::Output& output : view.outputs) {
      if (output.column == column.name) shown.names.push_back(output.name);
    }
    if (!shown.names.empty() && !column.generated) out.push_back(std::move(shown));
  }
  return out;
}

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string out;
  for (const std::string& part : parts) out.append(out.empty() ? "" : separator).append(part);
  return out;
}

/// Of several names of one column the one that was given; else the default.
std::string inserted_value(const Shown& shown) {
  std::vector<std::string> values;
  for (const std::string& name : shown.names) values.push_back("NEW." + sqlite_name(name));
  if (shown.column->default_sql && !shown.column->identity)
    values.push_back("(" + sqlite_expression(*shown.column->default_sql) + ")");
  return values.size() == 1 ? values[0] : fmt::format("COALESCE({})", joined(values, ", "));
}

/// Of several names of one column the one that was changed.
std::string updated_value(const Shown& shown) {
  std::string changed;
  for (std::size_t i = 0; i + 1 < shown.names.size(); ++i) {
    const std::string name = sqlite_name(shown.names[i]);
    changed += fmt::format("WHEN NEW.{0} IS NOT OLD.{0} THEN NEW.{0} ", name);
  }
  const std::string last = "NEW." + sqlite_name(shown.names.back());
  return changed.empty() ? last : fmt::format("CASE {}ELSE {} END", changed, last);
}

std::string condition(const Shown& shown) {
  return fmt::format("{} IS OLD.{}", sqlite_name(shown.column->name), sqlite_name(shown.names.front()));
}

/// The row behind a row of the view: by primary key if it is shown whole.
std::string same_row(const std::vector<Shown>& shown, const Table& table) {
  std::vector<std::string> by_key, by_all;
  const std::vector<std::string> key = table.primary_key();
  for (const Shown& one : shown) {
    by_all.push_back(condition(one));
    for (const std::string& column : key) {
      if (column == one.column->name) by_key.push_back(condition(one));
    }
  }
  return joined(!key.empty() && by_key.size() == key.size() ? by_key : by_all, " AND ");
}

std::string trigger(const View& view, const std::string& event, const std::string& body) {
  return fmt::format("CREATE TRIGGER {} INSTEAD OF {} ON {} BEGIN {}; END", sqlite_name(view.name + "_" + event), event,
                     sqlite_name(view.name), body);
}

std::string insert_body(const std::vector<Shown>& shown, const std::string& table) {
  std::vector<std::string> columns, values;
  for (const Shown& one : shown) {
    columns.push_back(sqlite_name(one.column->name));
    values.push_back(inserted_value(one));
  }
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, joined(columns, ", "), joined(values, ", "));
}

std::string update_body(const std::vector<Shown>& shown, const std::string& table, const std::string& row) {
  std::vector<std::string> assignments;
  for (const Shown& one : shown)
    assignments.push_back(fmt::format("{} = {}", sqlite_name(one.column->name), updated_value(one)));
  return fmt::format("UPDATE {} SET {} WHERE {}", table, joined(assignments, ", "), row);
}

}  // namespace

std::vector<std::string> sqlite_view(const View& view, const Schema& schema) {
  std::vector<std::string> out = {
      fmt::format("CREATE VIEW {} AS {}", sqlite_name(view.name), sqlite_statement(view.sql))};
  const Table* table = schema.table(view.table);
  const std::vector<Shown> shown = table != nullptr ? shown_columns(view, *table) : std::vector<Shown>{};
  if (shown.empty()) return out;
  const std::string name = sqlite_name(table->name);
  const std::string row = same_row(shown, *table);
  out.push_back(trigger(view, "INSERT", insert_body(shown, name)));
  out.push_back(trigger(view, "UPDATE", update_body(shown, name, row)));
  out.push_back(trigger(view, "DELETE", fmt::format("DELETE FROM {} WHERE {}", name, row)));
  return out;
}

}  // namespace midflight::sql
