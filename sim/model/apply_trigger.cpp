#include <fmt/format.h>

#include <algorithm>

#include "sim/model/apply_parts.h"

// Triggers, and the functions behind them.

namespace midflight::apply_parts {
namespace {

Trigger* find(Schema& schema, const std::string& table, const std::string& name) {
  for (Trigger& trigger : schema.triggers) {
    if (trigger.table == table && trigger.name == name) return &trigger;
  }
  return nullptr;
}

}  // namespace

std::string apply_one(const CreateTrigger& operation, Schema& schema) {
  const Trigger& trigger = operation.trigger;
  if (!relation_exists(schema, trigger.table)) return no_relation(trigger.table);
  if (Trigger* known = find(schema, trigger.table, trigger.name)) {
    if (!operation.replace) return fmt::format("trigger \"{}\" for relation \"{}\" already exists", trigger.name, trigger.table);
    *known = trigger;
    return "";
  }
  schema.triggers.push_back(trigger);
  return "";
}

std::string apply_one(const DropTrigger& operation, Schema& schema) {
  const std::size_t gone = std::erase_if(schema.triggers, [&](const Trigger& t) {
    return t.name == operation.trigger && t.table == operation.table;
  });
  if (gone > 0 || operation.if_exists) return "";
  return fmt::format("trigger \"{}\" for table \"{}\" does not exist", operation.trigger, operation.table);
}

std::string apply_one(const RenameTrigger& operation, Schema& schema) {
  if (!relation_exists(schema, operation.table)) return no_relation(operation.table);
  Trigger* trigger = find(schema, operation.table, operation.from);
  if (trigger == nullptr) return fmt::format("trigger \"{}\" for table \"{}\" does not exist", operation.from, operation.table);
  trigger->name = operation.to;
  return "";
}

/// Scope: only triggers are known to depend on a function.
std::string apply_one(const DropFunction& operation, Schema& schema) {
  const auto calls = [&](const Trigger& trigger) { return trigger.function == operation.function; };
  const bool used = std::any_of(schema.triggers.begin(), schema.triggers.end(), calls);
  if (used && !operation.cascade)
    return fmt::format("cannot drop function {}() because other objects depend on it", operation.function);
  std::erase_if(schema.triggers, calls);
  return "";
}

}  // namespace midflight::apply_parts
