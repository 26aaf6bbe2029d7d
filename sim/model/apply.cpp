#include "sim/model/apply_parts.h"
#include "sim/model/free_name.h"
#include "sim/model/inheritance.h"
#include "sim/model/operation.h"
#include "sim/model/place.h"

namespace midflight::apply_parts {
namespace {

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
  if (leaves_names_open(operation)) return apply_with_heirs(with_names(operation, schema), schema);
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
  std::string refused = refused_by_place(operation, schema);
  if (refused.empty()) refused = refused_by_family(operation, schema);
  return refused.empty() ? apply_with_heirs(operation, schema) : refused;
}

}  // namespace midflight
