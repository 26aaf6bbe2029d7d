#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backends/backend.h"
#include "backends/data/column_type.h"

namespace midflight::backends {

/// The values of one column that a partition takes: some literals, or a range
/// of whole numbers, days or seconds.
struct ValueBounds {
  ColumnType type = {};
  std::vector<Value> literals = {};          ///< then nothing else counts
  std::optional<std::int64_t> low, high;     ///< from low to before high; none: open
  bool zoned = false;                        ///< the bounds name their time zone

  /// What is in both.
  ValueBounds within(const ValueBounds& outer) const;
  bool empty() const { return literals.empty() && low && high && *low >= *high; }
  /// Value number `n` (0, 1, ...) of about `rows`, spread over the range; whole numbers one by one.
  Value value(std::int64_t n, std::int64_t rows) const;
  /// Distinct values there are.
  std::int64_t room() const;

 private:
  std::int64_t first() const;
  std::int64_t end() const;
  bool counts() const { return type.kind == ValueKind::Integer || type.kind == ValueKind::Real; }
};

/// A literal of a partition's bound as number, days since 1970 or seconds since then.
/// Returns: nothing for a type or a text that is not read that way; `zoned` is set where it names a time zone.
std::optional<std::int64_t> bound_number(const std::string& literal, const ColumnType& type, bool& zoned);

/// One entry of "(1, '2024-01-01', MINVALUE)".
struct BoundDatum {
  enum class Kind : std::uint8_t { Literal, Number, Minimum, Maximum, Null };
  Kind kind = Kind::Literal;
  std::string text = {};
};

/// The entries of the bracket that stands behind a word ("in", "from", "to") of a bound; empty without it.
std::vector<BoundDatum> bound_data(const std::string& bound, std::string_view word);

}  // namespace midflight::backends
