#pragma once

#include <string_view>
#include <vector>

#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::sql {

/// As parse(), with columns of joins resolved by a schema where there is one.
std::vector<Statement> parse_under(std::string_view text, const Position& where, const Schema* schema);

}  // namespace midflight::sql
