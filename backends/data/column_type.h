#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "sim/model/schema.h"

namespace midflight::backends {

/// How values of a type look.
enum class ValueKind : std::uint8_t {
  Integer, Real, Text, Boolean, Timestamp, Date, Time, Uuid, Json, Array, Interval, Address,
  Fixed,    ///< one and the same value: geometry, ranges, row types, ...
  Unknown,  ///< a type of which nothing is known
};

/// A column's type, read by its whole name; a domain is read as what it is made of.
struct ColumnType {
  ValueKind kind = ValueKind::Unknown;
  bool zoned = false;                     ///< timestamp with time zone
  std::int64_t most = std::numeric_limits<std::int64_t>::max();  ///< the largest whole number it holds
  std::int64_t text_limit = 1000;
  std::vector<std::string> labels = {};   ///< of an enum
  std::string fixed = {};                 ///< the value of a Fixed type
  std::vector<Constraint> checks = {};    ///< of a domain
};

/// Scope: types of PostgreSQL 17, and those of common extensions whatever schema they are in.
ColumnType column_type(const std::string& type, const Schema& schema);

}  // namespace midflight::backends
