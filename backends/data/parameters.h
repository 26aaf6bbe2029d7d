#pragma once

#include <string>
#include <vector>

#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::backends {

/// What one occurrence of $n in a statement stands for.
struct ParameterUse {
  enum class Role : std::uint8_t {
    Key,     ///< compared with a column: an existing row's value
    Written, ///< assigned to a column: a new value
    Number,  ///< LIMIT and whatever else is not understood
  };
  Role role = Role::Number;
  int parameter = 1;      ///< n
  std::string table;      ///< base table; empty for Number
  std::string column;     ///< of the base table
  bool operator==(const ParameterUse&) const = default;
};

/// Finds what the parameters of an application's statement stand for, from
/// `column = $n`, SET lists and VALUES lists.
/// Scope: a parameter inside an expression counts for the column the expression
///        is compared with or assigned to; anything else is a Number.
std::vector<ParameterUse> parameter_uses(const Statement& statement, const Schema& schema);

}  // namespace midflight::backends
