#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"
#include "sim/model/free_name.h"
#include "sim/model/generated_name.h"

// What a new table gets from others: LIKE, INHERITS, PARTITION OF, OF, AS.

namespace midflight::apply_parts {
namespace {

bool has_constraint(const Table& table, const std::string& name) {
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) { return c.name == name; });
}

bool is_indexed(const Constraint& c) {
  return c.kind == ConstraintKind::PrimaryKey || c.kind == ConstraintKind::Unique || c.kind == ConstraintKind::Exclude;
}

/// A column that the table declares itself and a parent has too is one column.
void add_column(Table& table, const Column& inherited) {
  Column* own = table.column(inherited.name);
  if (own == nullptr) return table.columns.push_back(inherited);
  own->not_null = own->not_null || inherited.not_null;
  if (own->type.empty()) own->type = inherited.type;
}

/// The table's own key does for its parent's.
bool has_same_key(const Table& table, const Index& key) {
  return key.constraint && std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& i) {
    return i.constraint && i.columns == key.columns && i.unique == key.unique;
  });
}

void copy_index(Table& table, const Index& original, const Table& owner, const std::string& parent, const Schema& schema) {
  if (has_same_key(table, original)) return;
  Index copy = original;
  const std::string first = copied_index_name(table.name, original, owner);
  copy.name = original.constraint ? free_key_name(schema, table, first) : free_relation_name(schema, table, first);
  copy.table = table.name;
  copy.sql.clear();
  copy.parent = parent;
  copy.valid = true;  // it is built at once, whatever the original lacks
  for (const Constraint& c : owner.constraints) {
    if (!original.constraint || c.name != original.name) continue;
    Constraint key = c;
    key.name = copy.name;
    table.constraints.push_back(std::move(key));
  }
  table.indexes.push_back(std::move(copy));
}

bool is_serial(const Column& column) { return column.identity && !column.identity_clause; }

/// serial is a default, and a copied default takes numbers of the same sequence.
void share_sequence(Column& column, const Table& source, const Schema& schema) {
  const std::vector<std::string> owned = schema.owned_sequences(source.name, column.name);
  if (!column.default_sql && !owned.empty()) column.default_sql = "nextval('" + owned.front() + "'::regclass)";
}

/// What an heir gets of its parent's column: GENERATED ... AS IDENTITY stays behind.
Column inherited_column(Column column, const Table& parent, const Schema& schema) {
  if (is_serial(column)) share_sequence(column, parent, schema);
  else column.identity = column.identity_clause = false;
  return column;
}

void copy_like(Table& table, const LikeSource& like, const Table& source, const Schema& schema) {
  for (Column column : source.columns) {
    if (is_serial(column) && like.defaults) share_sequence(column, source, schema);
    if (is_serial(column) ? !like.defaults : !like.identity) column.identity = column.identity_clause = false;
    if (!like.generated && column.generated) column.generated = false, column.default_sql.reset();
    if (!like.defaults && !column.generated) column.default_sql.reset();
    add_column(table, column);
  }
  for (const Constraint& c : source.constraints) {
    if (like.constraints && c.kind == ConstraintKind::Check && !has_constraint(table, c.name)) table.constraints.push_back(c);
  }
  for (const Index& index : source.indexes) {
    if (like.indexes) copy_index(table, index, source, "", schema);
  }
}

void copy_view(Table& table, const View& view) {
  for (const View::Output& output : view.outputs) {
    Column column;
    column.name = output.name;
    add_column(table, column);
  }
}

std::string copy_likes(Table& table, const CreateTable& operation, const Schema& schema) {
  for (const LikeSource& like : operation.likes) {
    if (const Table* source = schema.table(like.table)) copy_like(table, like, *source, schema);
    else if (const View* view = schema.view(like.table)) copy_view(table, *view);
    else return no_relation(like.table);
  }
  return "";
}

std::string inherit(Table& table, const Schema& schema) {
  std::vector<Column> own = std::move(table.columns);
  table.columns.clear();
  for (const std::string& name : table.parents) {
    const Table* parent = schema.table(name);
    if (parent == nullptr) return no_relation(name);
    for (const Column& column : parent->columns) add_column(table, inherited_column(column, *parent, schema));
  }
  // Inherited columns come first; what the table says of them itself counts.
  for (Column& column : own) {
    if (Column* inherited = table.column(column.name)) {
      if (column.type.empty()) column.type = inherited->type;
      column.not_null = column.not_null || inherited->not_null;
      *inherited = column;
    } else {
      table.columns.push_back(std::move(column));
    }
  }
  for (const std::string& name : table.parents) inherit_parts(table, *schema.table(name), schema);
  return "";
}

std::string fill_from_type(Table& table, const std::string& type, const Schema& schema) {
  for (const Composite& known : schema.composites) {
    if (known.name != type) continue;
    for (const Column& column : known.columns) add_column(table, column);
    return "";
  }
  return "";  // its columns are not known
}

void add_selected(Table& table, const SelectedColumn& selected, const Schema& schema) {
  const Table* source = schema.table(selected.relation);
  if (selected.column == "*") {
    for (const Column& c : source != nullptr ? source->columns : std::vector<Column>{}) add_selected(table, {c.name, selected.relation, c.name}, schema);
    return;
  }
  Column column;
  column.name = selected.name;
  if (const Column* original = source != nullptr ? source->column(selected.column) : nullptr) column.type = original->type;
  add_column(table, column);
}

}  // namespace

void inherit_parts(Table& heir, const Table& parent, const Schema& schema) {
  const bool partition = parent.kind == TableKind::Partitioned;
  for (const Constraint& c : parent.constraints) {
    const bool shared = c.kind == ConstraintKind::Check || c.kind == ConstraintKind::NotNull ? !c.no_inherit : partition && !is_indexed(c);
    if (shared && !has_constraint(heir, c.name)) heir.constraints.push_back(c);
  }
  for (const Index& index : parent.indexes) {
    if (partition) copy_index(heir, index, parent, index.name, schema);
  }
}

std::string complete(Table& table, const CreateTable& operation, const Schema& schema) {
  if (std::string misfit = copy_likes(table, operation, schema); !misfit.empty()) return misfit;
  table.of_type = operation.of_type;
  if (!operation.of_type.empty()) {
    if (std::string misfit = fill_from_type(table, operation.of_type, schema); !misfit.empty()) return misfit;
  }
  for (const SelectedColumn& column : operation.selected) add_selected(table, column, schema);
  return table.parents.empty() ? "" : inherit(table, schema);
}

}  // namespace midflight::apply_parts
