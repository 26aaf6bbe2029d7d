#include "sim/sql/expressions.h"

#include <array>
#include <unordered_map>
#include <unordered_set>

#include "sim/sql/server_functions.h"

namespace midflight::sql {
namespace {

const std::unordered_map<std::string, std::string>& printed_types() {
  static const std::unordered_map<std::string, std::string> kTypes = {
      {"int2", "smallint"}, {"int4", "integer"}, {"int8", "bigint"}, {"int", "integer"}, {"float4", "real"},
      {"float8", "double precision"}, {"bool", "boolean"}, {"varchar", "character varying"}, {"bpchar", "character"},
      {"varbit", "bit varying"}, {"decimal", "numeric"}, {"serial", "integer"}, {"serial4", "integer"},
      {"bigserial", "bigint"}, {"serial8", "bigint"}, {"smallserial", "smallint"}, {"serial2", "smallint"}};
  return kTypes;
}

std::string modifiers(const PgQuery__TypeName& type) {
  std::string out;
  for (std::size_t i = 0; i < type.n_typmods; ++i) out.append(i == 0 ? "(" : ",").append(expression_text(type.typmods[i]));
  return out.empty() ? out : out + ")";
}

std::string time_text(const std::string& name, const std::string& precision) {
  const bool zoned = name.ends_with("tz");
  const std::string base = name.starts_with("timestamp") ? "timestamp" : "time";
  return base + precision + (zoned ? " with time zone" : " without time zone");
}

bool is_time(const std::string& name) {
  return name == "timestamp" || name == "timestamptz" || name == "time" || name == "timetz";
}

std::string base_name(const PgQuery__TypeName& type) {
  const bool system = type.n_names == 2 && string_of(type.names[0]) == "pg_catalog";
  return system ? string_of(type.names[1]) : dotted_name(type.names, type.n_names);
}

/// The name of the first function called that is of the wanted kind, or "".
template <class Wanted>
std::string first_call(const Node* expression, const Wanted& wanted) {
  std::string found;
  if (expression == nullptr) return found;
  for_each_message(const_cast<ProtobufCMessage&>(expression->base), [&](ProtobufCMessage& message) {
    const auto* call = as<PgQuery__FuncCall>(message, pg_query__func_call__descriptor);
    if (call == nullptr || !found.empty() || call->n_funcname == 0) return;
    const std::string name = string_of(call->funcname[call->n_funcname - 1]);
    if (wanted(name)) found = name;
  });
  return found;
}

}  // namespace

bool is_serial(const PgQuery__TypeName& type) {
  static const std::unordered_set<std::string> kSerial = {"serial",  "serial2",     "serial4",
                                                          "serial8", "smallserial", "bigserial"};
  return kSerial.contains(base_name(type));
}

std::string serial_base(const PgQuery__TypeName& type) { return printed_types().at(base_name(type)); }

std::string type_text(const PgQuery__TypeName& type) {
  const std::string name = base_name(type);
  std::string text;
  if (name == "interval") {  // a bit mask of its fields, then the precision
    text = type.n_typmods == 2 ? "interval(" + expression_text(type.typmods[1]) + ")" : name;
  } else if (name == "bpchar" && type.n_typmods == 0) {
    text = "bpchar";
  } else if (is_time(name)) {
    text = time_text(name, modifiers(type));
  } else {
    const auto found = printed_types().find(name);
    text = (found == printed_types().end() ? name : found->second) + modifiers(type);
  }
  for (std::size_t i = 0; i < type.n_array_bounds; ++i) text += "[]";
  return text;
}

std::string volatile_call(const Node* expression) { return first_call(expression, is_volatile_function); }

bool draws_uuid(const Node* expression) {
  return !first_call(expression, [](std::string_view name) {
    return name == "gen_random_uuid" || name == "uuidv4" || name == "uuidv7" || name == "uuid_generate_v4";
  }).empty();
}

bool is_row_free(const Node* expression) {
  bool free = expression != nullptr;
  if (!free) return false;
  for_each_message(const_cast<ProtobufCMessage&>(expression->base), [&](ProtobufCMessage& message) {
    if (message.descriptor == &pg_query__column_ref__descriptor || message.descriptor == &pg_query__sub_link__descriptor)
      free = false;
  });
  return free;
}

}  // namespace midflight::sql
