#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"
#include "sim/model/dependents.h"

// Sequences, materialized views, statistics, schemas, and what is looked after or
// locked without a change.

namespace midflight::apply_parts {
namespace {

template <class T>
T* find(std::vector<T>& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const T& t) { return t.name == name; });
  return found == list.end() ? nullptr : &*found;
}

/// Columns whose default takes numbers from the sequence.
bool feeds(const Sequence& sequence, const Table& table, const Column& column) {
  if (sequence.owner_table == table.name && sequence.owner_column == column.name && column.identity) return true;
  return column.default_sql && column.default_sql->find("nextval('" + sequence.name + "'") != std::string::npos;
}

bool is_used(const Schema& schema, const Sequence& sequence) {
  return std::any_of(schema.tables.begin(), schema.tables.end(), [&](const Table& table) {
    return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& c) { return feeds(sequence, table, c); });
  });
}

bool in_schema(const std::string& relation, const std::string& schema) { return schema_of(relation) == schema; }

template <class T>
std::vector<std::string> names_in(const std::vector<T>& objects, const std::string& schema) {
  std::vector<std::string> names;
  for (const T& object : objects) {
    if (in_schema(object.name, schema)) names.push_back(object.name);
  }
  return names;
}

std::vector<std::string> types_in(const Schema& schema, const std::string& name) {
  std::vector<std::string> all = names_in(schema.domains, name);
  for (const std::string& type : names_in(schema.enums, name)) all.push_back(type);
  for (const std::string& type : names_in(schema.composites, name)) all.push_back(type);
  return all;
}

bool is_unique_index(const Index& index) { return index.unique && index.valid; }

/// CLUSTER remembers the index; without one it goes by what it remembers.
std::string mark_clustered(const Maintenance& operation, Schema& schema) {
  Table* table = schema.table(operation.relations.front());
  if (table == nullptr) return no_relation(operation.relations.front());
  const auto by_name = [&](const Index& index) { return index.name == operation.index; };
  const auto marked = [](const Index& index) { return index.clustered; };
  if (operation.index.empty()) {
    const bool known = std::any_of(table->indexes.begin(), table->indexes.end(), marked);
    return known ? "" : fmt::format("there is no previously clustered index for table \"{}\"", table->name);
  }
  if (std::none_of(table->indexes.begin(), table->indexes.end(), by_name))
    return fmt::format("index \"{}\" for table \"{}\" does not exist", operation.index, table->name);
  for (Index& index : table->indexes) index.clustered = by_name(index);
  return "";
}

/// What has no rows of its own to look after.
std::string not_maintained(const Schema& schema, const std::string& relation) {
  if (schema.table(relation) != nullptr || schema.view(relation) != nullptr) return "";  // a view is skipped with a warning
  return no_relation(relation);
}

}  // namespace

std::string apply_one(const CreateSequence& operation, Schema& schema) {
  if (schema.sequence(operation.sequence.name) != nullptr || relation_exists(schema, operation.sequence.name))
    return operation.if_not_exists ? "" : fmt::format("relation \"{}\" already exists", operation.sequence.name);
  schema.sequences.push_back(operation.sequence);
  return "";
}

std::string apply_one(const ChangeSequence& operation, Schema& schema) {
  Sequence* sequence = find(schema.sequences, operation.sequence.name);
  if (sequence == nullptr) return operation.if_exists ? "" : no_relation(operation.sequence.name);
  if (!operation.owned) return "";
  const std::string& table = operation.sequence.owner_table;
  if (!table.empty() && schema.table(table) == nullptr) return no_relation(table);
  if (!table.empty() && schema.table(table)->column(operation.sequence.owner_column) == nullptr)
    return no_column(table, operation.sequence.owner_column);
  *sequence = operation.sequence;
  return "";
}

std::string apply_one(const DropSequence& operation, Schema& schema) {
  const Sequence* sequence = schema.sequence(operation.sequence);
  if (sequence == nullptr) return operation.if_exists ? "" : fmt::format("sequence \"{}\" does not exist", operation.sequence);
  if (is_used(schema, *sequence) && !operation.cascade)
    return fmt::format("cannot drop sequence {} because other objects depend on it", operation.sequence);
  for (Table& table : schema.tables) {
    for (Column& column : table.columns) {
      if (!feeds(*sequence, table, column)) continue;
      column.default_sql.reset();
      column.identity = false;
    }
  }
  std::erase_if(schema.sequences, [&](const Sequence& s) { return s.name == operation.sequence; });
  return "";
}

std::string apply_one(const RefreshView& operation, Schema& schema) {
  const Table* view = schema.table(operation.view);
  if (view == nullptr || view->kind != TableKind::MaterializedView) {
    return relation_exists(schema, operation.view) ? fmt::format("\"{}\" is not a materialized view", operation.view) : no_relation(operation.view);
  }
  if (operation.concurrently && std::none_of(view->indexes.begin(), view->indexes.end(), is_unique_index))
    return fmt::format("cannot refresh materialized view \"{}\" concurrently", operation.view);
  return "";
}

std::string apply_one(const DropMaterializedView& operation, Schema& schema) {
  const Table* view = schema.table(operation.view);
  if (view == nullptr && schema.view(operation.view) == nullptr)
    return operation.if_exists ? "" : fmt::format("materialized view \"{}\" does not exist", operation.view);
  if (view == nullptr || view->kind != TableKind::MaterializedView) return fmt::format("\"{}\" is not a materialized view", operation.view);
  const std::string misfit = apply_one(DropTable{operation.view, false, operation.cascade}, schema);
  return misfit.empty() ? "" : fmt::format("cannot drop materialized view {} because other objects depend on it", operation.view);
}

std::string apply_one(const CreateStatistics& operation, Schema& schema) {
  if (find(schema.statistics, operation.statistics.name) != nullptr)
    return operation.if_not_exists ? "" : fmt::format("statistics object \"{}\" already exists", operation.statistics.name);
  if (!relation_exists(schema, operation.statistics.table)) return no_relation(operation.statistics.table);
  schema.statistics.push_back(operation.statistics);
  return "";
}

std::string apply_one(const DropStatistics& operation, Schema& schema) {
  if (find(schema.statistics, operation.statistics) == nullptr)
    return operation.if_exists ? "" : fmt::format("statistics object \"{}\" does not exist", operation.statistics);
  std::erase_if(schema.statistics, [&](const Statistics& s) { return s.name == operation.statistics; });
  return "";
}

std::string apply_one(const CreateSchema& operation, Schema& schema) {
  if (schema.has_schema(operation.schema)) return operation.if_not_exists ? "" : fmt::format("schema \"{}\" already exists", operation.schema);
  schema.schemas.push_back(operation.schema);
  return "";
}

std::string apply_one(const DropSchema& operation, Schema& schema) {
  const auto inside = [&](const std::string& name) { return in_schema(name, operation.schema); };
  const std::vector<std::string> tables = names_in(schema.tables, operation.schema);
  const std::vector<std::string> types = types_in(schema, operation.schema);
  if (!operation.cascade && !(tables.empty() && types.empty()))
    return fmt::format("cannot drop schema {} because other objects depend on it", operation.schema);
  for (const std::string& table : tables) (void)apply_one(DropTable{table, true, true}, schema);
  for (const std::string& view : names_in(schema.views, operation.schema)) (void)apply_one(DropView{view, true, true}, schema);
  for (const std::string& type : types) (void)apply_one(DropType{type, true, true}, schema);
  std::erase_if(schema.sequences, [&](const Sequence& s) { return inside(s.name); });
  std::erase(schema.schemas, operation.schema);
  return "";
}

std::string apply_one(const RenameSchema& operation, Schema& schema) {
  if (schema.has_schema(operation.to)) return fmt::format("schema \"{}\" already exists", operation.to);
  const auto renamed = [&](const std::string& name) { return operation.to + name.substr(operation.from.size()); };
  std::replace(schema.schemas.begin(), schema.schemas.end(), operation.from, operation.to);
  if (operation.from == "public") return "";  // its names carry no schema
  for (const std::string& table : names_in(schema.tables, operation.from)) (void)apply_one(RenameTable{table, renamed(table)}, schema);
  for (const std::string& view : names_in(schema.views, operation.from)) (void)apply_one(RenameTable{view, renamed(view)}, schema);
  for (const std::string& type : types_in(schema, operation.from)) (void)apply_one(RenameType{type, renamed(type)}, schema);
  for (Sequence& sequence : schema.sequences) {
    if (in_schema(sequence.name, operation.from)) sequence.name = renamed(sequence.name);
  }
  return "";
}

std::string apply_one(const MoveAll& operation, Schema& schema) {
  for (Table& table : schema.tables) {
    if (lies_in(table, operation)) table.tablespace = operation.to == "pg_default" ? "" : operation.to;
  }
  return "";
}

std::string apply_one(const EnforceConstraint& operation, Schema& schema) {
  Table* table = schema.table(operation.table);
  if (table == nullptr) return no_relation(operation.table);
  Constraint* constraint = find(table->constraints, operation.constraint);
  if (constraint == nullptr) return fmt::format("constraint \"{}\" of relation \"{}\" does not exist", operation.constraint, operation.table);
  if (constraint->kind != ConstraintKind::ForeignKey) return fmt::format("cannot alter enforceability of constraint \"{}\" of relation \"{}\"", operation.constraint, operation.table);
  constraint->valid = true;
  return "";
}

std::string apply_one(const Maintenance& operation, Schema& schema) {
  for (const std::string& relation : operation.relations) {
    if (std::string misfit = not_maintained(schema, relation); !misfit.empty()) return misfit;
  }
  if (operation.kind == MaintenanceKind::Cluster && !operation.relations.empty()) return mark_clustered(operation, schema);
  return "";
}

std::string apply_one(const LockTables& operation, Schema& schema) {
  for (const std::string& relation : operation.relations) {
    if (!relation_exists(schema, relation)) return no_relation(relation);
    const Table* table = schema.table(relation);
    if (table != nullptr && table->kind == TableKind::MaterializedView) return fmt::format("cannot lock relation \"{}\"", relation);
  }
  return "";
}

}  // namespace midflight::apply_parts

namespace midflight {

bool lies_in(const Table& table, const MoveAll& move) {
  const bool kind = (table.kind == TableKind::MaterializedView) == move.materialized_views && table.kind != TableKind::Foreign;
  return kind && table.tablespace == (move.from == "pg_default" ? "" : move.from);
}

}  // namespace midflight
