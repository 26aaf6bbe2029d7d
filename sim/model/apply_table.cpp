#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"
#include "sim/model/default_sequence.h"
#include "sim/model/dependents.h"
#include "sim/model/free_name.h"
#include "sim/model/generated_name.h"
#include "sim/model/partition_overlap.h"

namespace midflight::apply_parts {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// serial and GENERATED ... AS IDENTITY bring a sequence with them.
void add_sequences(Schema& schema, const Table& table) {
  for (const Column& column : table.columns) {
    if (!column.identity) continue;
    add_sequence(schema, table, column);
  }
}

bool is_temporary(const Schema& schema, const std::string& name) {
  const Table* table = schema.table(name);
  return table != nullptr && table->temporary;
}

void remove_foreign_keys(Schema& schema, const std::vector<Dependents::ForeignKey>& gone) {
  for (const Dependents::ForeignKey& key : gone) {
    std::erase_if(schema.table(key.table)->constraints, [&](const Constraint& c) { return c.name == key.constraint; });
  }
}

void remove_relations(Schema& schema, const std::vector<std::string>& gone) {
  std::erase_if(schema.views, [&](const View& v) { return contains(gone, v.name); });
  std::erase_if(schema.triggers, [&](const Trigger& t) { return contains(gone, t.table); });
  std::erase_if(schema.tables, [&](const Table& t) { return contains(gone, t.name); });
  std::erase_if(schema.sequences, [&](const Sequence& s) { return contains(gone, s.owner_table); });
}

/// Of a partition that has partitions itself: a key of its parent leaves out a column by which they are told apart.
bool lacks_key_column(const Table& table) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& index) {
    return index.unique && !index.parent.empty() && std::any_of(table.partition_columns.begin(), table.partition_columns.end(), [&](const std::string& column) {
      return !contains(index.columns, column);
    });
  });
}

std::string missing_table(const Schema& schema, const DropTable& operation) {
  if (schema.view(operation.table) != nullptr) return fmt::format("\"{}\" is not a table", operation.table);
  return operation.if_exists ? "" : fmt::format("table \"{}\" does not exist", operation.table);
}

/// A foreign key from outside forbids to empty a table without CASCADE.
std::string referring_table(const std::vector<std::string>& emptied, const Schema& schema) {
  for (const Table& table : schema.tables) {
    for (const Constraint& c : table.constraints) {
      if (c.kind == ConstraintKind::ForeignKey && contains(emptied, c.referenced_table) && !contains(emptied, table.name)) return table.name;
    }
  }
  return "";
}

}  // namespace

std::string apply_one(const CreateTable& operation, Schema& schema) {
  if (relation_exists(schema, operation.table.name)) {
    if (operation.table.temporary && !is_temporary(schema, operation.table.name)) return "";  // hides the other one from its own session alone
    return operation.if_not_exists ? "" : fmt::format("relation \"{}\" already exists", operation.table.name);
  }
  Table table = operation.table;
  if (!table.bound.empty()) {
    if (std::string misfit = bad_bound(schema, table.parents.front(), table.name, table.bound); !misfit.empty()) return misfit;
  }
  if (std::string misfit = complete(table, operation, schema); !misfit.empty()) return misfit;
  if (lacks_key_column(table)) return "unique constraint on partitioned table must include all partitioning columns";
  for (const Constraint& constraint : table.constraints) {
    if (std::string misfit = bad_constraint(constraint, table, schema); !misfit.empty()) return misfit;
  }
  add_sequences(schema, table);
  schema.tables.push_back(std::move(table));
  return "";
}

std::string apply_one(const DropTable& operation, Schema& schema) {
  if (schema.table(operation.table) == nullptr) return missing_table(schema, operation);
  Dependents dependents = dependents_of(schema, operation.table);
  const auto goes_too = [&](const auto& key) { return contains(operation.together, key.table); };
  std::erase_if(dependents.foreign_keys, goes_too);
  if (dependents.need_cascade() && !operation.cascade)
    return fmt::format("cannot drop table {} because other objects depend on it", operation.table);
  remove_foreign_keys(schema, dependents_of(schema, operation.table).foreign_keys);
  std::vector<std::string> gone = {operation.table};
  for (const auto* list : {&dependents.partitions, &dependents.heirs, &dependents.views}) gone.insert(gone.end(), list->begin(), list->end());
  remove_relations(schema, gone);
  return "";
}

std::string apply_one(const Truncate& operation, Schema& schema) {
  for (const std::string& table : operation.tables) {
    if (schema.table(table) == nullptr) return no_relation(table);
  }
  const std::vector<std::string> emptied = tables_emptied(operation, schema);
  if (!operation.cascade && !referring_table(emptied, schema).empty())
    return "cannot truncate a table referenced in a foreign key constraint";
  for (const std::string& table : emptied) schema.table(table)->rows = 0;
  return "";
}

std::string apply_one(const ChangeStorage& operation, Schema& schema) {
  Table* table = schema.table(operation.relation);
  if (table == nullptr) return relation_exists(schema, operation.relation) || schema.index(operation.relation) != nullptr ? "" : no_relation(operation.relation);
  if (operation.kind == StorageChange::Tablespace) table->tablespace = operation.target == "pg_default" ? "" : operation.target;
  if (operation.kind == StorageChange::Logged) table->unlogged = false;
  if (operation.kind == StorageChange::Unlogged) table->unlogged = true;
  return "";
}

std::string apply_one(const SetSchema& operation, Schema& schema) {
  const std::string last = operation.relation.substr(operation.relation.rfind('.') + 1);
  const auto moved = [&](const std::string& name) {
    const std::string bare = name.substr(name.rfind('.') + 1);
    return operation.schema == "public" ? bare : operation.schema + "." + bare;
  };
  const std::vector<std::string> sequences = schema.owned_sequences(operation.relation);
  if (std::string misfit = apply_one(RenameTable{operation.relation, moved(last)}, schema); !misfit.empty()) return misfit;
  for (Sequence& sequence : schema.sequences) {
    if (contains(sequences, sequence.name)) sequence.name = moved(sequence.name);
  }
  return "";
}

std::string apply_one(const RelationSetting& operation, Schema& schema) {
  if (operation.kind == SettingKind::Owner) return "";  // of any kind of relation, also those that no schema keeps
  const bool known = relation_exists(schema, operation.relation) || schema.index(operation.relation) != nullptr ||
                     schema.sequence(operation.relation) != nullptr ||
                     std::any_of(schema.composites.begin(), schema.composites.end(),
                                 [&](const Composite& type) { return type.name == operation.relation; });
  if (!known) return no_relation(operation.relation);
  const bool marks = operation.kind == SettingKind::ClusterOn || operation.kind == SettingKind::ClusterOff;
  if (Table* table = schema.table(operation.relation); table != nullptr && marks) {
    for (Index& index : table->indexes) index.clustered = operation.kind == SettingKind::ClusterOn && index.name == operation.name;
  }
  return "";
}

void add_sequence(Schema& schema, const Table& table, const Column& column) {
  const std::string first = generated_name(table.name, column.name, "seq");
  const std::string named = column.default_sql ? default_sequence(*column.default_sql) : "";
  if (column.default_sql && (schema.sequence(first) != nullptr || schema.sequence(named) != nullptr)) return;  // of one that is there
  schema.sequences.push_back({free_sequence_name(schema, table, first), table.name, column.name});
}

void drop_sequences(Schema& schema, const std::string& table, const std::string& column) {
  std::erase_if(schema.sequences, [&](const Sequence& s) {
    return s.owner_table == table && (column.empty() || s.owner_column == column);
  });
}

}  // namespace midflight::apply_parts
