#pragma once

#include <string>
#include <string_view>

namespace midflight::sql {

/// The name before the dot where a statement first names a column of a relation: "u" for
/// `u.name` of users AS u.  Empty when it stands there bare, or nowhere.
/// Errors: as parse().
std::string qualifier_of(std::string_view statement, const std::string& relation, const std::string& column);

}  // namespace midflight::sql
