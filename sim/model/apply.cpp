#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"
#include "sim/model/inheritance.h"
#include "sim/model/operation.h"

namespace midflight::apply_parts {
namespace {

/// A relation that an operation on tables must not meet.
std::string not_a_table(const Schema& schema, const std::string& name) {
  if (schema.view(name) != nullptr) return fmt::format("\"{}\" is not a table", name);
  return fmt::format("relation \"{}\" does not exist", name);
}

template <class T>
void erase_named(std::vector<T>& list, const std::string& name) {
  std::erase_if(list, [&](const T& element) { return element.name == name; });
}

std::string apply_one(const CreateIndex& operation, Schema& schema) {
  Table* table = schema.table(operation.index.table);
  if (table == nullptr) return not_a_table(schema, operation.index.table);
  if (schema.index(operation.index.name) != nullptr || relation_exists(schema, operation.index.name)) {
    return operation.if_not_exists ? "" : fmt::format("relation \"{}\" already exists", operation.index.name);
  }
  for (const std::string& column : operation.index.columns) {
    if (table->column(column) == nullptr) return fmt::format("column \"{}\" does not exist", column);
  }
  table->indexes.push_back(operation.index);
  return "";
}

std::string apply_one(const DropIndex& operation, Schema& schema) {
  const Index* index = schema.index(operation.index);
  if (index == nullptr) return operation.if_exists ? "" : fmt::format("index \"{}\" does not exist", operation.index);
  if (index->constraint) {
    return fmt::format("cannot drop index {0} because constraint {0} on table {1} requires it", operation.index,
                       index->table);
  }
  erase_named(schema.table(index->table)->indexes, operation.index);
  return "";
}

std::string apply_one(const RenameIndex& operation, Schema& schema) {
  const Index* index = schema.index(operation.from);
  if (index == nullptr) return fmt::format("relation \"{}\" does not exist", operation.from);
  if (schema.index(operation.to) != nullptr || relation_exists(schema, operation.to))
    return fmt::format("relation \"{}\" already exists", operation.to);
  rename_index(*schema.table(index->table), operation.from, operation.to);
  return "";
}

std::string apply_one(const CreateTrigger& operation, Schema& schema) {
  const Trigger& trigger = operation.trigger;
  if (!relation_exists(schema, trigger.table)) return fmt::format("relation \"{}\" does not exist", trigger.table);
  for (const Trigger& known : schema.triggers) {
    if (known.name == trigger.name && known.table == trigger.table)
      return fmt::format("trigger \"{}\" for relation \"{}\" already exists", trigger.name, trigger.table);
  }
  schema.triggers.push_back(trigger);
  return "";
}

std::string apply_one(const DropTrigger& operation, Schema& schema) {
  const std::size_t gone = std::erase_if(schema.triggers, [&](const Trigger& t) {
    return t.name == operation.trigger && t.table == operation.table;
  });
  if (gone > 0) return "";
  return fmt::format("trigger \"{}\" for table \"{}\" does not exist", operation.trigger, operation.table);
}

std::string apply_one(const DataStatement&, Schema&) { return ""; }
std::string apply_one(const Harmless&, Schema&) { return ""; }
std::string apply_one(const Opaque&, Schema&) { return ""; }

}  // namespace

bool relation_exists(const Schema& schema, const std::string& name) {
  return schema.table(name) != nullptr || schema.view(name) != nullptr;
}

}  // namespace midflight::apply_parts

namespace midflight {

namespace {

std::string apply_with_heirs(const Operation& operation, Schema& schema) {
  std::string misfit = std::visit(
      [&](const auto& one) {
        using namespace apply_parts;
        return apply_one(one, schema);
      },
      operation);
  if (!misfit.empty()) return misfit;
  // What fits the parent fits its heirs, or they have it already.
  for (const Operation& below : operations_on_heirs(operation, schema)) (void)apply_with_heirs(below, schema);
  return "";
}

}  // namespace

std::string apply(const Operation& operation, Schema& schema) {
  if (concerns_nothing(operation, schema)) return "";
  std::string refused = refused_by_family(operation, schema);
  return refused.empty() ? apply_with_heirs(operation, schema) : refused;
}

}  // namespace midflight
