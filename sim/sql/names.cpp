#include <algorithm>

#include "sim/sql/tree.h"

namespace midflight::sql {

bool is_relation(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE: return true;
    default: return false;
  }
}

std::string relation_name(const PgQuery__RangeVar& relation) {
  const std::string schema = relation.schemaname != nullptr ? relation.schemaname : "";
  if (schema.empty() || schema == "public") return relation.relname;
  return schema + "." + relation.relname;
}

std::string dotted_name(Node* const* names, std::size_t count) {
  std::string name = count > 0 ? string_of(names[count - 1]) : "";
  if (count < 2) return name;
  const std::string schema = string_of(names[count - 2]);
  return schema == "public" ? name : schema + "." + name;
}

std::string string_of(const Node* node) {
  const bool is_string = node != nullptr && node->node_case == PG_QUERY__NODE__NODE_STRING;
  return is_string ? node->string->sval : "";
}

std::vector<std::string> strings_of(Node* const* nodes, std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(string_of(nodes[i]));
  return out;
}

ColumnName column_name(const PgQuery__ColumnRef& reference) {
  ColumnName out;
  if (reference.n_fields == 0) return out;
  const Node* last = reference.fields[reference.n_fields - 1];
  out.star = last->node_case == PG_QUERY__NODE__NODE_A_STAR;
  out.name = string_of(last);
  if (reference.n_fields >= 2) out.qualifier = dotted_name(reference.fields, reference.n_fields - 1);
  return out;
}

std::vector<std::string> columns_in(const Node* expression) {
  std::vector<std::string> columns;
  if (expression == nullptr) return columns;
  for_each_message(const_cast<ProtobufCMessage&>(expression->base), [&](ProtobufCMessage& message) {
    const auto* reference = as<PgQuery__ColumnRef>(message, pg_query__column_ref__descriptor);
    if (reference == nullptr) return;
    const ColumnName name = column_name(*reference);
    if (!name.star) add_once(columns, name.name);
  });
  return columns;
}

void add_once(std::vector<std::string>& list, const std::string& element) {
  if (std::find(list.begin(), list.end(), element) == list.end()) list.push_back(element);
}

}  // namespace midflight::sql
