#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"
#include "sim/model/partition_overlap.h"

namespace midflight::apply_parts {
namespace {

bool is_parent(const Table& heir, const std::string& parent) {
  return std::find(heir.parents.begin(), heir.parents.end(), parent) != heir.parents.end();
}

std::string missing_column(const Table& parent, const Table& heir) {
  for (const Column& column : parent.columns) {
    if (heir.column(column.name) == nullptr) return fmt::format("child table is missing column \"{}\"", column.name);
  }
  return "";
}

/// A table cannot come to lie below itself.
std::string circle(const Schema& schema, const std::string& parent, const std::string& heir) {
  const std::vector<std::string> below = schema.heirs(heir);
  const bool closed = parent == heir || std::find(below.begin(), below.end(), parent) != below.end();
  return closed ? "circular inheritance not allowed" : "";
}

/// An index of the partition that can serve as its share of the parent's.
Index* fitting_index(Table& partition, const Index& wanted) {
  for (Index& index : partition.indexes) {
    if (index.parent.empty() && index.columns == wanted.columns && index.unique == wanted.unique && index.valid) return &index;
  }
  return nullptr;
}

/// What the partition gets from its new parent, its own partitions get as well.
void attach_parts(Schema& schema, Table& partition, const Table& parent) {
  for (const Index& wanted : parent.indexes) {
    if (Index* own = fitting_index(partition, wanted)) own->parent = wanted.name;
  }
  Table missing = parent;
  std::erase_if(missing.indexes, [&](const Index& wanted) {
    return std::any_of(partition.indexes.begin(), partition.indexes.end(), [&](const Index& i) { return i.parent == wanted.name; });
  });
  inherit_parts(partition, missing, schema);
  for (const std::string& below : schema.children(partition.name)) attach_parts(schema, *schema.table(below), partition);
}

}  // namespace

std::string apply_one(const AttachPartition& operation, Schema& schema) {
  const Table* parent = schema.table(operation.table);
  Table* partition = schema.table(operation.partition);
  if (parent == nullptr) return no_relation(operation.table);
  if (partition == nullptr) return no_relation(operation.partition);
  if (parent->kind != TableKind::Partitioned) return fmt::format("table \"{}\" is not partitioned", operation.table);
  if (!partition->bound.empty()) return fmt::format("\"{}\" is already a partition", operation.partition);
  if (!partition->parents.empty()) return "cannot attach inheritance child as partition";
  if (std::string misfit = circle(schema, operation.table, operation.partition); !misfit.empty()) return misfit;
  if (std::string misfit = missing_column(*parent, *partition); !misfit.empty()) return misfit;
  if (std::string misfit = bad_bound(schema, operation.table, operation.partition, operation.bound); !misfit.empty()) return misfit;
  partition->parents = {operation.table};
  partition->bound = operation.bound;
  attach_parts(schema, *partition, *parent);
  for (Column& column : partition->columns) {
    if (const Column* above = parent->column(column.name)) column.not_null = column.not_null || above->not_null;
  }
  return "";
}

namespace {

/// One at a time may be under way, and only FINALIZE ends one that was broken off.
std::string refused_by_pending(const DetachPartition& operation, const Schema& schema) {
  if (operation.finalize) return "";
  for (const std::string& child : schema.children(operation.table)) {
    if (!schema.table(child)->detach_pending) continue;
    if (operation.concurrently)
      return fmt::format("partition \"{}\" already pending detach in partitioned table \"{}{}\"", child,
                         operation.table.find('.') == std::string::npos ? "public." : "", operation.table);
    if (child == operation.partition) return fmt::format("cannot detach partition \"{}\"", child);
  }
  return "";
}

}  // namespace

std::string apply_one(const DetachPartition& operation, Schema& schema) {
  if (schema.table(operation.table) == nullptr) return no_relation(operation.table);
  Table* partition = schema.table(operation.partition);
  if (partition == nullptr) return no_relation(operation.partition);
  if (partition->bound.empty() || !is_parent(*partition, operation.table))
    return fmt::format("relation \"{}\" is not a partition of relation \"{}\"", operation.partition, operation.table);
  if (std::string refused = refused_by_pending(operation, schema); !refused.empty()) return refused;
  partition->parents.clear();
  partition->bound.clear();
  partition->detach_pending = false;
  for (Index& index : partition->indexes) index.parent.clear();
  return "";
}

std::string apply_one(const ChangeInheritance& operation, Schema& schema) {
  Table* heir = schema.table(operation.table);
  const Table* parent = schema.table(operation.parent);
  if (heir == nullptr) return no_relation(operation.table);
  if (parent == nullptr) return no_relation(operation.parent);
  if (operation.inherits == is_parent(*heir, operation.parent)) {
    return operation.inherits
               ? fmt::format("relation \"{}\" would be inherited from more than once", operation.parent)
               : fmt::format("relation \"{}\" is not a parent of relation \"{}\"", operation.parent, operation.table);
  }
  if (!operation.inherits) {
    std::erase(heir->parents, operation.parent);
    return "";
  }
  if (std::string misfit = circle(schema, operation.parent, operation.table); !misfit.empty()) return misfit;
  if (std::string misfit = missing_column(*parent, *heir); !misfit.empty()) return misfit;
  heir->parents.push_back(operation.parent);
  return "";
}

}  // namespace midflight::apply_parts
