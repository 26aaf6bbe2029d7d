#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "sim/model/schema.h"

namespace midflight::backends {

/// The value of one column in generated row number 1, 2, ...: a pure function,
/// so that the load generator knows every key without asking the database.
///
/// Distinct rows get distinct values wherever the type has room; a foreign key
/// names an existing parent; the literals of a CHECK (c IN (...)) and the
/// bounds of a CHECK (c < n) are kept.
/// Scope: other CHECKs are not understood; arrays are empty, types not named here hold text.
class ColumnFill {
 public:
  enum class Kind : std::uint8_t { Integer, Real, Text, Boolean, Timestamp, Date, Time, Uuid, Json, Array, Interval, Address };

  ColumnFill() = default;
  ColumnFill(const Column& column, const Table& table);

  const std::string& name() const { return name_; }
  Kind kind() const { return kind_; }
  Value value(std::int64_t row) const;
  /// A value that no generated row has: `serial` counts up from 0.
  Value fresh(std::int64_t serial) const;

  /// True for whole numbers that go up by one from row to row.
  bool counts_rows() const { return kind_ == Kind::Integer && span_ == 0 && parent_.empty(); }

  /// The column names row (row - 1) / divisor % parent_rows + 1 of its parent.
  void refers_to(const ColumnFill& parent, std::int64_t parent_rows, std::int64_t divisor);
  void pad_to(std::int64_t text_bytes);

 private:
  void read_checks(const Table& table);
  Value plain(std::int64_t number) const;
  std::string text(std::int64_t number) const;

  std::string name_;
  Kind kind_ = Kind::Text;
  std::int64_t text_bytes_ = 12, text_limit_ = 1000;
  std::int64_t low_ = 0, span_ = 0;        ///< span 0: no bounds
  std::vector<std::string> literals_;
  std::vector<ColumnFill> parent_;         ///< at most one
  std::int64_t parent_rows_ = 0, divisor_ = 1;
};

/// The columns of a table that generated rows set.
class TableFill {
 public:
  TableFill(const Table& table, const Schema& schema);
  const std::vector<ColumnFill>& columns() const { return columns_; }
  const ColumnFill* column(std::string_view name) const;

 private:
  void follow_foreign_keys(const Table& table, const Schema& schema);
  void share_out_bytes(const Table& table);
  std::vector<ColumnFill> columns_;
};

/// A value as text, as a database casts it; NULL is "".
std::string value_text(const Value& value);

}  // namespace midflight::backends
