#pragma once

#include <string>
#include <vector>

#include "sim/model/schema.h"

namespace midflight {

/// Tables with columns of a type: of the domain, enum or row type itself, and
/// of domains made of it.
/// Scope: arrays, ranges and row types that contain the type are left out here;
///        see nested_in_other_types().
std::vector<std::string> tables_with_type(const Schema& schema, const std::string& type);

/// Tables made OF a row type, and those that inherit from them.
std::vector<std::string> typed_tables(const Schema& schema, const std::string& type);

/// True if a column of some table holds the type inside an array or a row type.
bool nested_in_other_types(const Schema& schema, const std::string& type);

/// True if two names mean one type: a column's "mood" and "public.mood".
bool same_type(const std::string& column_type, const std::string& type);

}  // namespace midflight
