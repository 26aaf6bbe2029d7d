#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"
#include "sim/model/dependents.h"
#include "sim/model/free_name.h"
#include "sim/model/generated_name.h"
#include "sim/model/sql_text.h"

namespace midflight::apply_parts {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
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
    // The text of a view over a view names that one's columns, which stay.
    const bool directly = view.reads.empty() || std::any_of(view.reads.begin(), view.reads.end(), [&](const Reading& r) { return r.relation == rename.table; });
    if (directly) view.sql = rename_column_in_sql(view.sql, rename.table, rename.from, rename.to);
  }
}

void rename_in_readings(std::vector<Reading>& reads, const RenameColumn& rename) {
  for (Reading& reading : reads) {
    if (reading.relation == rename.table) rename_in(reading.columns, rename.from, rename.to);
  }
}

void rename_in_all_readings(Schema& schema, const RenameColumn& rename) {
  for (View& view : schema.views) rename_in_readings(view.reads, rename);
  for (Table& table : schema.tables) rename_in_readings(table.reads, rename);
  for (Sequence& sequence : schema.sequences) {
    if (sequence.owner_table == rename.table && sequence.owner_column == rename.from) sequence.owner_column = rename.to;
  }
}

std::string rename_view_column(const RenameColumn& rename, Schema& schema) {
  for (View& view : schema.views) {
    if (view.name != rename.table) continue;
    if (view.outputs.empty()) return "";  // of which the columns are not followed
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

/// REFERENCES t without columns means its primary key.
std::vector<std::string> referenced_columns(const Schema& schema, const Constraint& foreign_key) {
  if (!foreign_key.referenced_columns.empty()) return foreign_key.referenced_columns;
  const Table* table = schema.table(foreign_key.referenced_table);
  return table != nullptr ? table->primary_key() : std::vector<std::string>{};
}

void drop_dependents(Schema& schema, const DropColumn& drop) {
  Table& table = *schema.table(drop.table);
  const std::vector<std::string> key = table.primary_key();
  const auto keys_of = [&](const Constraint& c) { return c.referenced_columns.empty() ? key : c.referenced_columns; };
  std::erase_if(table.constraints, [&](const Constraint& c) { return uses(c, drop.column); });
  std::erase_if(table.indexes, [&](const Index& i) { return contains(i.columns, drop.column); });
  for (Table& other : schema.tables) {
    std::erase_if(other.constraints, [&](const Constraint& c) {
      return c.kind == ConstraintKind::ForeignKey && c.referenced_table == drop.table && contains(keys_of(c), drop.column);
    });
  }
  const std::vector<std::string> views = views_on_column(schema, drop.table, drop.column);
  std::erase_if(schema.tables, [&](const Table& t) { return contains(views, t.name); });
  std::erase_if(schema.views, [&](const View& v) { return contains(views, v.name); });
  drop_sequences(schema, drop.table, drop.column);
}

bool feeds_generated_column(const Table& table, const std::string& column) {
  return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& c) {
    return c.generated && c.default_sql && sql_reads_column(*c.default_sql, table.name, column);
  });
}

bool referenced(const Schema& schema, const DropColumn& drop) {
  return std::any_of(schema.tables.begin(), schema.tables.end(), [&](const Table& table) {
    return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) {
      return c.referenced_table == drop.table && contains(referenced_columns(schema, c), drop.column) &&
             !(table.name == drop.table && uses(c, drop.column));
    });
  });
}

}  // namespace

std::string no_column(const std::string& table, const std::string& column) {
  return fmt::format("column \"{}\" of relation \"{}\" does not exist", column, table);
}

/// Heirs take their numbers from the sequence of the table above them.
bool comes_from_above(const Table& table, const Column& column, const Schema& schema) {
  return std::any_of(table.parents.begin(), table.parents.end(), [&](const std::string& name) {
    const Table* parent = schema.table(name);
    const Column* same = parent == nullptr ? nullptr : parent->column(column.name);
    return same != nullptr && same->identity;
  });
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
  if (operation.column.identity && !comes_from_above(*table, operation.column, schema)) add_sequence(schema, *table, operation.column);
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
  table = schema.table(operation.table);  // materialized views are tables too
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
  rename_in_all_readings(schema, operation);
  std::replace(table->partition_columns.begin(), table->partition_columns.end(), operation.from, operation.to);
  return "";
}

std::string apply_one(const AlterColumnType& operation, Schema& schema) {
  if (const Table* table = schema.table(operation.table); table != nullptr && table->column(operation.column) != nullptr) {
    if (!views_on_column(schema, operation.table, operation.column).empty())
      return "cannot alter type of a column used by a view or rule";
    if (contains(table->partition_columns, operation.column))
      return fmt::format("cannot alter column \"{}\" because it is part of the partition key of relation \"{}\"", operation.column, operation.table);
    if (feeds_generated_column(*table, operation.column)) return "cannot alter type of a column used by a generated column";
  }
  return with_column(schema, operation.table, operation.column, [&](Column& c) {
    c.type = operation.type;
    c.collation = operation.collation;
  });
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

std::string apply_one(const ChangeIdentity& operation, Schema& schema) {
  const Table* table = schema.table(operation.table);
  const Column* column = table != nullptr ? table->column(operation.column) : nullptr;
  if (column != nullptr && !column->identity && operation.kind != IdentityChange::Add) {
    return operation.if_exists ? "" : fmt::format("column \"{}\" of relation \"{}\" is not an identity column", operation.column, operation.table);
  }
  if (column != nullptr && !column->not_null && operation.kind == IdentityChange::Add) {
    return fmt::format("column \"{}\" of relation \"{}\" must be declared NOT NULL before identity can be added", operation.column, operation.table);
  }
  const std::string first = generated_name(operation.table, operation.column, "seq");
  const std::string sequence = table != nullptr && operation.kind == IdentityChange::Add ? free_sequence_name(schema, *table, first) : first;
  std::string misfit = with_column(schema, operation.table, operation.column, [&](Column& c) {
    c.identity = c.identity_clause = operation.kind != IdentityChange::Drop;
    if (operation.kind == IdentityChange::Drop) c.default_sql.reset();
    if (operation.kind == IdentityChange::Add) c.default_sql = "nextval('" + sequence + "'::regclass)";
  });
  if (!misfit.empty()) return misfit;
  if (operation.kind == IdentityChange::Drop) drop_sequences(schema, operation.table, operation.column);
  if (operation.kind == IdentityChange::Add) schema.sequences.push_back({sequence, operation.table, operation.column});
  return "";
}

std::string apply_one(const DropExpression& operation, Schema& schema) {
  return with_column(schema, operation.table, operation.column, [&](Column& c) {
    if (c.generated) c.default_sql.reset();
    c.generated = c.computed_on_read = false;
  });
}

std::string apply_one(const SetExpression& operation, Schema& schema) {
  bool generated = false;
  std::string misfit = with_column(schema, operation.table, operation.column, [&](Column& c) { generated = c.generated; });
  if (!misfit.empty() || generated) return misfit;
  return fmt::format("column \"{}\" of relation \"{}\" is not a generated column", operation.column, operation.table);
}

std::string apply_one(const SetDefault& operation, Schema& schema) {
  return with_column(schema, operation.table, operation.column, [&](Column& c) {
    c.identity = operation.default_sql.starts_with("nextval(");
    c.default_sql.reset();
    if (!operation.default_sql.empty()) c.default_sql = operation.default_sql;
  });
}

}  // namespace midflight::apply_parts
