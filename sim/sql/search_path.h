#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::sql {

/// Where a session looks for names without a schema, in this order, and makes
/// what it creates first of all; empty: in public, as after a login.
using SearchPath = std::vector<std::string>;

/// A SET, RESET or set_config() of the search path, SET SCHEMA too.
struct PathChange {
  SearchPath path;
  bool local = false;  ///< until the end of the transaction
};

/// Returns: nothing for any other statement.
/// Scope: $user and what functions and roles set are left out.
std::optional<PathChange> path_change(const Statement& statement);

}  // namespace midflight::sql
