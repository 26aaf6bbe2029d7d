#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backends/data/column_type.h"

namespace midflight::backends {

/// What the CHECKs of a column, or of its domain, ask of its values.
struct ValueChecks {
  std::optional<std::int64_t> low, high;  ///< whole numbers, both inclusive
  std::vector<std::string> literals;      ///< of c IN ('a', 'b')
  std::string prefix, suffix;             ///< around a number, where text must match a pattern ...
  bool shaped = false;                    ///< ... which it then does
  int digits = 0;                         ///< of that number, without zeros in front; 0: as many as it has
};

/// Scope: comparisons with numbers, lists of literals, LIKE and regular
///        expressions that one of a few usual texts matches, with a number of any
///        length or of one length; anything else is
///        not understood, and then the server may refuse a row.
ValueChecks value_checks(const std::vector<Constraint>& checks, ValueKind kind);

}  // namespace midflight::backends
