#include "sim/model/place.h"

#include <fmt/format.h>

namespace midflight {
namespace {

std::string place(const std::string& name) { return std::string(schema_of(name)); }

struct SchemaNeeded {
  std::string operator()(const CreateTable& op) const { return op.table.temporary ? "" : place(op.table.name); }
  std::string operator()(const CreateView& op) const { return place(op.view.name); }
  std::string operator()(const CreateSequence& op) const { return place(op.sequence.name); }
  std::string operator()(const CreateStatistics& op) const { return place(op.statistics.name); }
  std::string operator()(const CreateDomain& op) const { return place(op.domain.name); }
  std::string operator()(const CreateEnum& op) const { return place(op.type.name); }
  std::string operator()(const CreateComposite& op) const { return place(op.type.name); }
  std::string operator()(const SetSchema& op) const { return op.schema; }
  std::string operator()(const RenameType& op) const { return schema_of(op.from) == schema_of(op.to) ? "" : place(op.to); }
  std::string operator()(const DropSchema& op) const { return op.if_exists ? "" : op.schema; }
  std::string operator()(const RenameSchema& op) const { return op.from; }
  template <class Other>
  std::string operator()(const Other&) const { return ""; }
};

}  // namespace

std::string schema_needed(const Operation& operation) { return std::visit(SchemaNeeded{}, operation); }

std::string refused_by_place(const Operation& operation, const Schema& schema) {
  const std::string name = schema_needed(operation);
  if (name.empty() || schema.has_schema(name)) return "";
  return fmt::format("schema \"{}\" does not exist", name);
}

}  // namespace midflight
