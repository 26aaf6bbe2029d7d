#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"
#include "sim/model/dependents.h"
#include "sim/model/sql_text.h"

namespace midflight::apply_parts {
namespace {

/// "SELECT *" fixes its columns when the view is made.
void expand_star(View& view, const Table& table) {
  const auto star = std::find_if(view.outputs.begin(), view.outputs.end(), [](const View::Output& o) { return o.name == "*"; });
  if (star == view.outputs.end()) return;
  std::vector<View::Output> columns;
  std::string list;
  for (const Column& column : table.columns) {
    columns.push_back({column.name, column.name});
    const std::string name = sql_identifier(column.name);
    list.append(list.empty() ? "" : ", ").append(name).append(" AS ").append(name);
  }
  const auto at = view.outputs.erase(star);
  view.outputs.insert(at, columns.begin(), columns.end());
  const std::size_t position = view.sql.find('*');
  if (position == std::string::npos) return;
  const std::size_t begin = position > 0 && view.sql[position - 1] == '.' ? view.sql.rfind(' ', position) + 1 : position;
  view.sql.replace(begin, position + 1 - begin, list);
}

std::string bad_outputs(const View& view, const Table& table) {
  for (const View::Output& output : view.outputs) {
    if (!output.column.empty() && table.column(output.column) == nullptr)
      return fmt::format("column \"{}\" does not exist", output.column);
  }
  return "";
}

/// CREATE OR REPLACE VIEW may only add columns behind those it has.
/// Scope: a view whose columns are not followed fits.
std::string bad_replacement(const View& old, const View& view) {
  if (view.outputs.empty()) return "";
  for (std::size_t i = 0; i < old.outputs.size(); ++i) {
    if (i >= view.outputs.size()) return "cannot drop columns from view";
    if (view.outputs[i].name != old.outputs[i].name) {
      return fmt::format("cannot change name of view column \"{}\" to \"{}\"", old.outputs[i].name, view.outputs[i].name);
    }
  }
  return "";
}

/// SELECT * reads the columns there are when the view is made.
void expand_readings(std::vector<Reading>& reads, const Schema& schema) {
  for (Reading& reading : reads) {
    const Table* table = schema.table(reading.relation);
    if (!reading.all || table == nullptr) continue;
    reading.all = false;
    reading.columns.clear();
    for (const Column& column : table->columns) reading.columns.push_back(column.name);
  }
}

void rename_reading(std::vector<Reading>& reads, const RenameTable& rename) {
  for (Reading& reading : reads) {
    if (reading.relation == rename.from) reading.relation = rename.to;
  }
}

void follow_rename(Schema& schema, const RenameTable& rename) {
  for (Table& table : schema.tables) {
    if (table.name == rename.to) {
      for (Index& index : table.indexes) {
        index.table = rename.to;
        index.sql = rename_relation_in_sql(index.sql, rename.from, rename.to);
      }
    }
    std::replace(table.parents.begin(), table.parents.end(), rename.from, rename.to);
    rename_reading(table.reads, rename);
    for (Constraint& constraint : table.constraints) {
      if (constraint.referenced_table == rename.from) constraint.referenced_table = rename.to;
    }
  }
  for (Trigger& trigger : schema.triggers) {
    if (trigger.table == rename.from) trigger.table = rename.to;
  }
  for (Sequence& sequence : schema.sequences) {
    if (sequence.owner_table == rename.from) sequence.owner_table = rename.to;
  }
  for (View& view : schema.views) {
    if (view.table == rename.from) view.table = rename.to;
    rename_reading(view.reads, rename);
    view.sql = rename_relation_in_sql(view.sql, rename.from, rename.to);
  }
}

/// A view over a view shows columns of the table below both.
void put_over(View& view, const View& under) {
  view.table = under.table;
  std::vector<View::Output> outputs;
  for (const View::Output& output : under.table.empty() ? std::vector<View::Output>{} : view.outputs) {
    for (const View::Output& below : under.outputs) {
      if (output.column == "*") outputs.push_back(below);
      else if (output.column == below.name) outputs.push_back({output.name, below.column});
    }
    if (output.column.empty()) outputs.push_back(output);
  }
  view.outputs = std::move(outputs);
}

}  // namespace

std::string apply_one(const CreateView& operation, Schema& schema) {
  View view = operation.view;
  expand_readings(view.reads, schema);
  View* old = nullptr;
  for (View& known : schema.views) {
    if (known.name == view.name) old = &known;
  }
  if (schema.table(view.name) != nullptr && operation.replace) return fmt::format("\"{}\" is not a view", view.name);
  if (relation_exists(schema, view.name) && !operation.replace)
    return fmt::format("relation \"{}\" already exists", view.name);
  if (const Table* table = schema.table(view.table)) {
    expand_star(view, *table);
    if (std::string misfit = bad_outputs(view, *table); !misfit.empty()) return misfit;
  } else if (!view.table.empty()) {
    const View* under = schema.view(view.table);
    if (under == nullptr) return fmt::format("relation \"{}\" does not exist", view.table);
    put_over(view, *under);
  }
  if (old == nullptr) {
    schema.views.push_back(std::move(view));
    return "";
  }
  if (std::string misfit = bad_replacement(*old, view); !misfit.empty()) return misfit;
  *old = std::move(view);
  return "";
}

std::string apply_one(const DropView& operation, Schema& schema) {
  if (schema.view(operation.view) == nullptr) {
    if (schema.table(operation.view) != nullptr) return fmt::format("\"{}\" is not a view", operation.view);
    return operation.if_exists ? "" : fmt::format("view \"{}\" does not exist", operation.view);
  }
  const std::vector<std::string> above = views_on(schema, {operation.view});
  if (!above.empty() && !operation.cascade) return fmt::format("cannot drop view {} because other objects depend on it", operation.view);
  const auto goes = [&](const std::string& name) {
    return name == operation.view || std::find(above.begin(), above.end(), name) != above.end();
  };
  std::erase_if(schema.views, [&](const View& v) { return goes(v.name); });
  std::erase_if(schema.tables, [&](const Table& t) { return goes(t.name); });
  std::erase_if(schema.triggers, [&](const Trigger& t) { return goes(t.table); });
  return "";
}

std::string apply_one(const RenameTable& operation, Schema& schema) {
  if (schema.index(operation.from) != nullptr) {
    return apply_one(RenameIndex{operation.from, operation.to.substr(operation.to.rfind('.') + 1)}, schema);
  }
  for (Sequence& sequence : schema.sequences) {
    if (sequence.name != operation.from) continue;
    sequence.name = operation.to;
    return "";
  }
  if (!relation_exists(schema, operation.from)) return fmt::format("relation \"{}\" does not exist", operation.from);
  if (relation_exists(schema, operation.to)) return fmt::format("relation \"{}\" already exists", operation.to);
  if (Table* table = schema.table(operation.from)) table->name = operation.to;
  for (View& view : schema.views) {
    if (view.name == operation.from) view.name = operation.to;
  }
  follow_rename(schema, operation);
  return "";
}

}  // namespace midflight::apply_parts
