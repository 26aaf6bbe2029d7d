#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"
#include "sim/model/dependents.h"
#include "sim/model/free_name.h"
#include "sim/model/generated_name.h"
#include "sim/model/partition_indexes.h"

namespace midflight::apply_parts {
namespace {

std::string no_index(const std::string& name) { return fmt::format("index \"{}\" does not exist", name); }

bool is_relation(const Schema& schema, const std::string& name) {
  return relation_exists(schema, name) || schema.sequence(name) != nullptr;
}

Index* find(Schema& schema, const std::string& name) {
  const Index* found = schema.index(name);
  if (found == nullptr) return nullptr;
  std::vector<Index>& all = schema.table(found->table)->indexes;
  return &all[static_cast<std::size_t>(found - all.data())];
}

std::string missing_column(const Index& index, const Table& table) {
  for (const std::string& column : index.columns) {
    if (table.column(column) == nullptr) return fmt::format("column \"{}\" does not exist", column);
  }
  return "";
}

/// An index of a partitioned table is one on each of its partitions: one that
/// is there already, or a new one.
void add_to_partitions(Schema& schema, const Index& index, const std::string& parent) {
  for (const std::string& child : schema.children(parent)) {
    Table& table = *schema.table(child);
    const Index* known = matching_index(table, index);
    std::string name = known != nullptr ? known->name : "";
    if (known != nullptr) {
      find(schema, name)->parent = index.name;
      continue;
    }
    Index share = index;
    share.name = name = free_relation_name(schema, table, copied_index_name(child, index, *schema.table(parent)));
    share.table = child;
    share.parent = index.name;
    table.indexes.push_back(share);
    add_to_partitions(schema, share, child);
  }
}

bool covers_all_partitions(const Schema& schema, const Index& index) {
  const std::vector<std::string> children = schema.children(index.table);
  return std::all_of(children.begin(), children.end(), [&](const std::string& child) {
    const std::vector<Index>& all = schema.table(child)->indexes;
    return std::any_of(all.begin(), all.end(), [&](const Index& i) { return i.parent == index.name && i.valid; });
  });
}

/// An index made ON ONLY a partitioned table is valid once every partition has its part.
void validate_upwards(Schema& schema, const std::string& name) {
  Index* index = find(schema, name);
  if (index == nullptr || index->valid || !covers_all_partitions(schema, *index)) return;
  index->valid = true;
  if (!index->parent.empty()) validate_upwards(schema, index->parent);
}

bool same_columns(const Index& a, const Index& b) { return a.columns == b.columns; }

}  // namespace

std::string apply_one(const CreateIndex& operation, Schema& schema) {
  Table* table = schema.table(operation.index.table);
  if (table == nullptr) return no_relation(operation.index.table);
  if (schema.index(operation.index.name) != nullptr || is_relation(schema, operation.index.name)) {
    return operation.if_not_exists ? "" : fmt::format("relation \"{}\" already exists", operation.index.name);
  }
  if (std::string misfit = missing_column(operation.index, *table); !misfit.empty()) return misfit;
  const bool partitioned = table->kind == TableKind::Partitioned;
  if (partitioned && operation.concurrently)
    return fmt::format("cannot create index on partitioned table \"{}\" concurrently", table->name);
  Index index = operation.index;
  if (partitioned && operation.only) index.valid = schema.children(table->name).empty();
  table->indexes.push_back(index);
  if (partitioned && !operation.only) add_to_partitions(schema, index, operation.index.table);
  return "";
}

std::string apply_one(const DropIndex& operation, Schema& schema) {
  const Index* index = schema.index(operation.index);
  if (index == nullptr) {
    if (is_relation(schema, operation.index)) return fmt::format("\"{}\" is not an index", operation.index);
    return operation.if_exists ? "" : no_index(operation.index);
  }
  if (index->constraint) {
    return fmt::format("cannot drop index {} because constraint {} on table {} requires it", index->name, index->name,
                       index->table);
  }
  if (!index->parent.empty()) return fmt::format("cannot drop index {} because index {} requires it", index->name, index->parent);
  if (operation.concurrently && schema.table(index->table)->kind == TableKind::Partitioned)
    return fmt::format("cannot drop partitioned index \"{}\" concurrently", index->name);
  std::vector<std::string> gone = {index->name};
  for (const std::string& below : indexes_below(schema, index->name)) gone.push_back(below);
  for (Table& table : schema.tables) {
    std::erase_if(table.indexes, [&](const Index& i) { return std::find(gone.begin(), gone.end(), i.name) != gone.end(); });
  }
  return "";
}

std::string apply_one(const RenameIndex& operation, Schema& schema) {
  const Index* index = schema.index(operation.from);
  if (index == nullptr && is_relation(schema, operation.from)) return apply_one(RenameTable{operation.from, operation.to}, schema);
  if (index == nullptr) return operation.if_exists ? "" : no_relation(operation.from);
  if (schema.index(operation.to) != nullptr || is_relation(schema, operation.to))
    return fmt::format("relation \"{}\" already exists", operation.to);
  const std::string from = index->name;
  rename_index(*schema.table(index->table), from, operation.to);
  for (Table& table : schema.tables) {
    for (Index& part : table.indexes) {
      if (part.parent == from) part.parent = operation.to;
    }
  }
  return "";
}

std::string apply_one(const AttachIndex& operation, Schema& schema) {
  Index* part = find(schema, operation.partition);
  Index* whole = find(schema, operation.index);
  if (whole == nullptr) return no_relation(operation.index);
  if (part == nullptr) return no_relation(operation.partition);
  const std::vector<std::string> children = schema.children(whole->table);
  const bool fits = std::find(children.begin(), children.end(), part->table) != children.end() && same_columns(*whole, *part) &&
                    (part->parent.empty() || part->parent == whole->name);
  if (!fits) return fmt::format("cannot attach index \"{}\" as a partition of index \"{}\"", part->name, whole->name);
  part->parent = whole->name;
  validate_upwards(schema, operation.index);
  return "";
}

/// A rebuilt index is valid again.
std::string apply_one(const Reindex& operation, Schema& schema) {
  if (operation.scope == ReindexScope::Index) {
    Index* index = find(schema, operation.name);
    if (index == nullptr) return is_relation(schema, operation.name) ? fmt::format("\"{}\" is not an index", operation.name) : no_relation(operation.name);
    if (schema.table(index->table)->kind != TableKind::Partitioned) index->valid = true;
    return "";
  }
  if (operation.scope != ReindexScope::Table) return "";
  Table* table = schema.table(operation.name);
  if (table == nullptr) return relation_exists(schema, operation.name) ? fmt::format("\"{}\" is not a table or materialized view", operation.name) : no_relation(operation.name);
  for (Index& index : table->indexes) index.valid |= !operation.concurrently && table->kind != TableKind::Partitioned;
  return "";
}

}  // namespace midflight::apply_parts
