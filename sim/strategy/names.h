#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/model/schema.h"

namespace midflight::strategy {

/// "a, b" as SQL.
std::string columns_sql(const std::vector<std::string>& columns);

/// The SQL with every identifier `from` replaced by `to`; text in quotes and
/// longer words stay.  Scope: knows tokens, not meaning; parse the result.
std::string replace_identifier(std::string_view sql, std::string_view from, std::string_view to);

/// The template with its {} filled in.
std::string fill(std::string_view pattern, std::string_view value);

/// A name for the copy of an index or constraint that follows a column to its
/// successor, not in use yet: users_name_idx becomes users_full_name_idx.
std::string successor_name(const Schema& schema, std::string_view name, std::string_view from, std::string_view to);

/// A name not taken by any relation, index or constraint: `wish`, or with a number.
std::string unused_name(const Schema& schema, const std::string& wish);

/// "bigint", "varchar", "timestamptz": one word for a type, for a column's name.
std::string type_suffix(std::string_view type);

}  // namespace midflight::strategy
