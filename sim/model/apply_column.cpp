#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"
#include "sim/model/sql_text.h"

namespace midflight::apply_parts {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
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

/// Runs `change` on a column that must exist.
template <class Change>
std::string with_column(Schema& schema, const std::string& table, const std::string& column, const Change& change) {
  Table* found = schema.table(table);
  if (found == nullptr) return fmt::format("relation \"{}\" does not exist", table);
  Column* target = found->column(column);
  if (target == nullptr) return no_column(table, column);
  change(*target);
  return "";
}

void rename_in(std::vector<std::string>& list, const std::string& from, const std::string& to) {
  std::replace(list.begin(), list.end(), from, to);
}

void rename_in_constraint(Constraint& constraint, const RenameColumn& rename) {
  rename_in(constraint.columns, rename.from, rename.to);
  if (constraint.proves_not_null == rename.from) constraint.proves_not_null = rename.to;
  constraint.expression = rename_column_in_sql(constraint.expression, rename.table, rename.from, rename.to);
}

void rename_in_index(Index& index, const RenameColumn& rename) {
  rename_in(index.columns, rename.from, rename.to);
  index.sql = rename_column_in_sql(index.sql, rename.table, rename.from, rename.to);
}

void rename_in_references(Schema& schema, const RenameColumn& rename) {
  for (Table& table : schema.tables) {
    for (Constraint& constraint : table.constraints) {
      if (constraint.referenced_table == rename.table) rename_in(constraint.referenced_columns, rename.from, rename.to);
    }
  }
}

void rename_in_views(Schema& schema, const RenameColumn& rename) {
  for (View& view : schema.views) {
    if (view.table != rename.table) continue;
    for (View::Output& output : view.outputs) {
      if (output.column == rename.from) output.column = rename.to;
    }
    view.sql = rename_column_in_sql(view.sql, rename.table, rename.from, rename.to);
  }
}

std::string rename_view_column(const RenameColumn& rename, Schema& schema) {
  for (View& view : schema.views) {
    if (view.name != rename.table) continue;
    for (View::Output& output : view.outputs) {
      if (output.name != rename.from) continue;
      output.name = rename.to;
      return "";
    }
    return fmt::format("column \"{}\" does not exist", rename.from);
  }
  return fmt::format("relation \"{}\" does not exist", rename.table);
}

bool uses(const Constraint& constraint, const std::string& column) { return contains(constraint.columns, column); }

void drop_dependents(Schema& schema, const DropColumn& drop) {
  Table& table = *schema.table(drop.table);
  std::erase_if(table.constraints, [&](const Constraint& c) { return uses(c, drop.column); });
  std::erase_if(table.indexes, [&](const Index& i) { return contains(i.columns, drop.column); });
  for (Table& other : schema.tables) {
    std::erase_if(other.constraints, [&](const Constraint& c) {
      return c.referenced_table == drop.table && contains(c.referenced_columns, drop.column);
    });
  }
  const std::vector<std::string> views = views_on_column(schema, drop.table, drop.column);
  std::erase_if(schema.views, [&](const View& v) { return contains(views, v.name); });
}

bool referenced(const Schema& schema, const DropColumn& drop) {
  return std::any_of(schema.tables.begin(), schema.tables.end(), [&](const Table& table) {
    return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) {
      return c.referenced_table == drop.table && contains(c.referenced_columns, drop.column) &&
             !(table.name == drop.table && uses(c, drop.column));
    });
  });
}

}  // namespace

std::string no_column(const std::string& table, const std::string& column) {
  return fmt::format("column \"{}\" of relation \"{}\" does not exist", column, table);
}

std::vector<std::string> views_on_column(const Schema& schema, const std::string& table, const std::string& column) {
  std::vector<std::string> out;
  for (const View& view : schema.views) {
    if (view.table.empty() && text_uses_column(view.sql, table, column)) out.push_back(view.name);
    if (view.table != table) continue;
    const bool shown = std::any_of(view.outputs.begin(), view.outputs.end(),
                                   [&](const View::Output& o) { return o.column == column; });
    if (shown || sql_reads_column(view.sql, table, column)) out.push_back(view.name);
  }
  return out;
}

std::string apply_one(const AddColumn& operation, Schema& schema) {
  Table* table = schema.table(operation.table);
  if (table == nullptr) return fmt::format("relation \"{}\" does not exist", operation.table);
  if (table->column(operation.column.name) != nullptr) {
    return operation.if_not_exists ? ""
                                   : fmt::format("column \"{}\" of relation \"{}\" already exists",
                                                 operation.column.name, operation.table);
  }
  Table changed = *table;
  changed.columns.push_back(operation.column);
  for (const Constraint& constraint : operation.constraints) {
    if (std::string misfit = bad_constraint(constraint, changed, schema); !misfit.empty()) return misfit;
    add_constraint(changed, constraint, "");
  }
  *table = std::move(changed);
  return "";
}

std::string apply_one(const DropColumn& operation, Schema& schema) {
  Table* table = schema.table(operation.table);
  if (table == nullptr) return fmt::format("relation \"{}\" does not exist", operation.table);
  if (table->column(operation.column) == nullptr)
    return operation.if_exists ? "" : no_column(operation.table, operation.column);
  const bool needed = !views_on_column(schema, operation.table, operation.column).empty() || referenced(schema, operation);
  if (needed && !operation.cascade) {
    return fmt::format("cannot drop column {} of table {} because other objects depend on it", operation.column,
                       operation.table);
  }
  drop_dependents(schema, operation);
  std::erase_if(table->columns, [&](const Column& c) { return c.name == operation.column; });
  return "";
}

std::string apply_one(const RenameColumn& operation, Schema& schema) {
  Table* table = schema.table(operation.table);
  if (table == nullptr) return rename_view_column(operation, schema);
  Column* column = table->column(operation.from);
  // PostgreSQL names no relation in this one message.
  if (column == nullptr) return fmt::format("column \"{}\" does not exist", operation.from);
  if (table->column(operation.to) != nullptr)
    return fmt::format("column \"{}\" of relation \"{}\" already exists", operation.to, operation.table);
  column->name = operation.to;
  for (Column& other : table->columns) {
    if (other.generated && other.default_sql)
      other.default_sql = rename_column_in_sql(*other.default_sql, operation.table, operation.from, operation.to);
  }
  for (Constraint& constraint : table->constraints) rename_in_constraint(constraint, operation);
  for (Index& index : table->indexes) rename_in_index(index, operation);
  rename_in_references(schema, operation);
  rename_in_views(schema, operation);
  return "";
}

std::string apply_one(const AlterColumnType& operation, Schema& schema) {
  if (const Table* table = schema.table(operation.table); table != nullptr && table->column(operation.column) != nullptr) {
    if (!views_on_column(schema, operation.table, operation.column).empty())
      return "cannot alter type of a column used by a view or rule";
  }
  return with_column(schema, operation.table, operation.column, [&](Column& c) { c.type = operation.type; });
}

std::string apply_one(const SetNotNull& operation, Schema& schema) {
  return with_column(schema, operation.table, operation.column, [](Column& c) { c.not_null = true; });
}

std::string apply_one(const DropNotNull& operation, Schema& schema) {
  if (const Table* table = schema.table(operation.table);
      table != nullptr && contains(table->primary_key(), operation.column))
    return fmt::format("column \"{}\" is in a primary key", operation.column);
  return with_column(schema, operation.table, operation.column, [](Column& c) { c.not_null = false; });
}

std::string apply_one(const SetDefault& operation, Schema& schema) {
  return with_column(schema, operation.table, operation.column, [&](Column& c) {
    c.identity = operation.default_sql.starts_with("nextval(");
    c.default_sql.reset();
    if (!operation.default_sql.empty()) c.default_sql = operation.default_sql;
  });
}

}  // namespace midflight::apply_parts
