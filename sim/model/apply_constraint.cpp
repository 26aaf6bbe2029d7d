#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"

namespace midflight::apply_parts {
namespace {

Constraint* find(Table& table, const std::string& name) {
  for (Constraint& constraint : table.constraints) {
    if (constraint.name == name) return &constraint;
  }
  return nullptr;
}

bool wants_index(const Constraint& constraint) {
  return constraint.kind == ConstraintKind::PrimaryKey || constraint.kind == ConstraintKind::Unique ||
         constraint.kind == ConstraintKind::Exclude;
}

std::string no_constraint(const std::string& table, const std::string& name) {
  return fmt::format("constraint \"{}\" of relation \"{}\" does not exist", name, table);
}

/// PostgreSQL's words for a missing column depend on who names it.
std::string missing_column(const Constraint& constraint, const std::string& column) {
  switch (constraint.kind) {
    case ConstraintKind::ForeignKey:
      return fmt::format("column \"{}\" referenced in foreign key constraint does not exist", column);
    case ConstraintKind::PrimaryKey:
    case ConstraintKind::Unique: return fmt::format("column \"{}\" named in key does not exist", column);
    default: return fmt::format("column \"{}\" does not exist", column);
  }
}

/// Whatever is unique over these columns, in any order, can be referred to.
bool is_unique(const Table& table, const std::vector<std::string>& columns) {
  const auto same = [&](const std::vector<std::string>& key) {
    return std::is_permutation(key.begin(), key.end(), columns.begin(), columns.end());
  };
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& i) { return i.unique && !i.computed && same(i.columns); }) ||
         std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) {
           return (c.kind == ConstraintKind::PrimaryKey || c.kind == ConstraintKind::Unique) && same(c.columns);
         });
}

/// Nobody has said what a column without type is: its table is assumed.
bool is_assumed(const Table& table, const std::string& column) { return table.column(column)->type.empty(); }

std::string bad_reference(const Constraint& constraint, const Table& table, const Schema& schema) {
  const Table* target = constraint.referenced_table == table.name ? &table : schema.table(constraint.referenced_table);
  if (target == nullptr) return no_relation(constraint.referenced_table);
  const std::vector<std::string>& columns = constraint.referenced_columns;
  for (const std::string& column : columns) {
    if (target->column(column) == nullptr) return missing_column(constraint, column);
  }
  if (columns.empty() || is_assumed(*target, columns.front()) || is_unique(*target, columns)) return "";
  return fmt::format("there is no unique constraint matching given keys for referenced table \"{}\"", target->name);
}

void set_not_null(Table& table, const Constraint& key) {
  for (const std::string& column : key.columns) {
    if (Column* found = table.column(column)) found->not_null = true;
  }
}

Index index_behind(const Table& table, const Constraint& constraint) {
  Index index;
  index.name = constraint.name;
  index.table = table.name;
  index.columns = constraint.columns;
  index.unique = constraint.kind != ConstraintKind::Exclude;
  index.constraint = true;
  index.parts = constraint.parts;
  return index;
}

void adopt_index(Table& table, const std::string& index_name, Constraint& constraint) {
  for (Index& index : table.indexes) {
    if (index.name != index_name) continue;
    index.constraint = true;
    index.name = constraint.name;
    index.sql.clear();
    constraint.columns = index.columns;
  }
}

/// Another unique key over the same columns, on which foreign keys may rest as well.
const Constraint* other_key(const Table& table, const Constraint& key) {
  for (const Constraint& c : table.constraints) {
    const bool unique = c.kind == ConstraintKind::PrimaryKey || c.kind == ConstraintKind::Unique;
    if (unique && c.name != key.name &&
        std::is_permutation(c.columns.begin(), c.columns.end(), key.columns.begin(), key.columns.end()))
      return &c;
  }
  return nullptr;
}

struct Referrer {
  std::string table, constraint;
};

/// Foreign keys that rest on a key: they name its columns, or none if it is the primary key.
std::vector<Referrer> referrers(const Schema& schema, const Table& table, const Constraint& key) {
  std::vector<Referrer> found;
  for (const Table& other : schema.tables) {
    for (const Constraint& c : other.constraints) {
      if (c.kind != ConstraintKind::ForeignKey || c.referenced_table != table.name) continue;
      const bool rests = c.referenced_columns.empty() ? key.kind == ConstraintKind::PrimaryKey
                                                      : std::is_permutation(c.referenced_columns.begin(), c.referenced_columns.end(),
                                                                            key.columns.begin(), key.columns.end());
      if (rests && other_key(table, key) == nullptr) found.push_back({other.name, c.name});
    }
  }
  return found;
}

void drop_referrers(Schema& schema, const std::vector<Referrer>& gone) {
  for (const Referrer& referrer : gone) {
    std::erase_if(schema.table(referrer.table)->constraints, [&](const Constraint& c) { return c.name == referrer.constraint; });
  }
}

bool other_primary_key(const Table& table, const Constraint& constraint) {
  return constraint.kind == ConstraintKind::PrimaryKey && !table.primary_key().empty();
}

std::string bad_index(const AddConstraint& operation, const Table& table, const Schema& schema) {
  const Index* index = schema.index(operation.using_index);
  if (index == nullptr || index->table != table.name) return fmt::format("index \"{}\" does not exist", operation.using_index);
  if (index->constraint) return fmt::format("index \"{}\" is already associated with a constraint", index->name);
  if (!index->valid) return fmt::format("index \"{}\" is not valid", index->name);
  if (!index->unique) return fmt::format("\"{}\" is not a unique index", index->name);
  return "";
}

}  // namespace

std::string no_relation(const std::string& name) { return fmt::format("relation \"{}\" does not exist", name); }

std::string bad_constraint(const Constraint& constraint, const Table& table, const Schema& schema) {
  for (const std::string& column : constraint.columns) {
    if (table.column(column) == nullptr) return missing_column(constraint, column);
  }
  return constraint.kind == ConstraintKind::ForeignKey ? bad_reference(constraint, table, schema) : "";
}

void add_constraint(Table& table, const Constraint& constraint, const std::string& using_index) {
  Constraint added = constraint;
  if (!using_index.empty()) adopt_index(table, using_index, added);
  else if (wants_index(added)) table.indexes.push_back(index_behind(table, added));
  if (added.kind == ConstraintKind::PrimaryKey) set_not_null(table, added);
  table.constraints.push_back(std::move(added));
}

void rename_index(Table& table, const std::string& from, const std::string& to) {
  for (Index& index : table.indexes) {
    if (index.name == from) index.name = to;
  }
  for (Constraint& constraint : table.constraints) {
    if (constraint.name == from && wants_index(constraint)) constraint.name = to;
  }
}

std::string apply_one(const AddConstraint& operation, Schema& schema) {
  Table* table = schema.table(operation.table);
  if (table == nullptr) return no_relation(operation.table);
  const Constraint& constraint = operation.constraint;
  if (find(*table, constraint.name) != nullptr)
    return fmt::format("constraint \"{}\" for relation \"{}\" already exists", constraint.name, table->name);
  if (other_primary_key(*table, constraint))
    return fmt::format("multiple primary keys for table \"{}\" are not allowed", table->name);
  if (!operation.using_index.empty()) {
    if (std::string misfit = bad_index(operation, *table, schema); !misfit.empty()) return misfit;
  } else if (wants_index(constraint) && schema.index(constraint.name) != nullptr) {
    return fmt::format("relation \"{}\" already exists", constraint.name);
  }
  if (std::string misfit = bad_constraint(constraint, *table, schema); !misfit.empty()) return misfit;
  add_constraint(*table, constraint, operation.using_index);
  return "";
}

std::string apply_one(const ValidateConstraint& operation, Schema& schema) {
  Table* table = schema.table(operation.table);
  if (table == nullptr) return no_relation(operation.table);
  Constraint* constraint = find(*table, operation.constraint);
  if (constraint == nullptr) return no_constraint(operation.table, operation.constraint);
  if (wants_index(*constraint)) {
    return fmt::format("constraint \"{}\" of relation \"{}\" is not a foreign key or check constraint",
                       operation.constraint, operation.table);
  }
  constraint->valid = true;
  return "";
}

std::string apply_one(const DropConstraint& operation, Schema& schema) {
  Table* table = schema.table(operation.table);
  if (table == nullptr) return no_relation(operation.table);
  const Constraint* constraint = find(*table, operation.constraint);
  if (constraint == nullptr) return operation.if_exists ? "" : no_constraint(operation.table, operation.constraint);
  if (wants_index(*constraint)) {
    const std::vector<Referrer> resting = referrers(schema, *table, *constraint);
    if (!resting.empty() && !operation.cascade)
      return fmt::format("cannot drop constraint {} on table {} because other objects depend on it", operation.constraint, operation.table);
    drop_referrers(schema, resting);
    std::erase_if(table->indexes, [&](const Index& i) { return i.constraint && i.name == operation.constraint; });
  }
  std::erase_if(table->constraints, [&](const Constraint& c) { return c.name == operation.constraint; });
  return "";
}

std::string apply_one(const RenameConstraint& operation, Schema& schema) {
  Table* table = schema.table(operation.table);
  if (table == nullptr) return no_relation(operation.table);
  Constraint* constraint = find(*table, operation.from);
  if (constraint == nullptr)
    return fmt::format("constraint \"{}\" for table \"{}\" does not exist", operation.from, operation.table);
  if (find(*table, operation.to) != nullptr)
    return fmt::format("constraint \"{}\" for relation \"{}\" already exists", operation.to, operation.table);
  if (wants_index(*constraint)) rename_index(*table, operation.from, operation.to);
  else constraint->name = operation.to;
  return "";
}

}  // namespace midflight::apply_parts
