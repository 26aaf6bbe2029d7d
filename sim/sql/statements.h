#pragma once

#include <string_view>
#include <vector>

#include "sim/model/schema.h"
#include "sim/model/statement.h"
#include "sim/sql/search_path.h"

namespace midflight::sql {

/// What statements are read under.
struct Surroundings {
  const Schema* schema = nullptr;  ///< by which columns of joins and the search path are resolved
  SearchPath path = {};
};

/// As parse(), under a schema and a search path.
std::vector<Statement> parse_under(std::string_view text, const Position& where, const Surroundings& around);

}  // namespace midflight::sql
