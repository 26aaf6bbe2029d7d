#pragma once

#include <string>
#include <string_view>

namespace midflight {

/// Is this the name?  Names that stand side by side differ at their ends more
/// often than at their beginnings: users_id, users_name; events_1, events_2.
inline bool is_called(const std::string& name, std::string_view wanted) {
  return name.size() == wanted.size() && (wanted.empty() || name.back() == wanted.back()) && name == wanted;
}

}  // namespace midflight
