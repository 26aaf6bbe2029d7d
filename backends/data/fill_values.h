#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "backends/backend.h"
#include "backends/data/column_type.h"
#include "backends/data/partition_rows.h"
#include "backends/data/value_checks.h"
#include "sim/model/schema.h"

namespace midflight::backends {

/// Clients' serials stay below this.
constexpr std::int64_t kSerials = 100'000'000;

/// The value of one column in generated row number 1, 2, ...: a pure function,
/// so that the load generator knows every key without asking the database.
///
/// Distinct rows get distinct values wherever the type has room, and start again
/// where it has not; a foreign key names an existing parent; enums, domains, the
/// bounds of partitions and CHECKs that are understood are kept.
/// Scope: other CHECKs are not understood; arrays are empty; a type of which
///        nothing is known holds NULL, or text where it must not.
class ColumnFill {
 public:
  using Kind = ValueKind;

  ColumnFill() = default;
  ColumnFill(const Column& column, const Table& table, const Schema& schema = {});

  const std::string& name() const { return name_; }
  Kind kind() const { return type_.kind; }
  Value value(std::int64_t row) const;
  /// A value that no generated row has, where the type has room for that: `serial` counts up from 0.
  Value fresh(std::int64_t serial) const;

  /// True for whole numbers that go up by one from row to row.
  bool counts_rows() const { return in_order() && bands_.empty() && first_ + rows_ <= type_.most; }
  /// True where the values are some that were found in the table.
  bool known() const { return known_ != nullptr; }
  /// True where the values are within the bounds of partitions.
  bool goes_by_partitions() const { return !bands_.empty(); }
  /// True where values that were written can be told from each other.
  bool tells_rows_apart() const;
  /// True for text of any length.
  bool can_be_padded() const { return kind() == Kind::Text && type_.labels.empty() && checks_.literals.empty() && !checks_.shaped; }
  /// How many rows may have different values.
  std::int64_t room() const;

  /// The column names row (row - 1) / divisor % parent_rows + 1 of its parent.
  void refers_to(const ColumnFill& parent, std::int64_t parent_rows);
  /// The value changes every `divisor` rows, at first with every row.
  void change_every(std::int64_t divisor) { divisor_ = divisor; }
  void pad_to(std::int64_t text_bytes);
  /// Rows of a partitioned table: each slice keeps to its partition's bounds.
  void keep_within(const std::vector<PartitionSlice>& slices);
  /// Of a partition: its row 1 is row number first + 1 of the whole table.
  void begin_behind(std::int64_t first) { shift_ = first; }
  /// Row n holds the n-th of these, and so on from the first; where they name rows, so do fresh ones.  Requires: there is one.
  void use_known(std::shared_ptr<const std::vector<Value>> values, bool names_rows) { known_ = std::move(values), names_known_ = names_rows; }
  /// Rows hold the same values, in no order: what is built or looked up by them is as disorderly as with real rows.
  /// Columns of one table are shuffled alike.  Requires: be_among() was called.
  void shuffle();
  /// Generated rows of its table.
  void be_among(std::int64_t rows) { rows_ = rows; }

 private:
  struct Band {
    std::int64_t first = 0, rows = 0;
    ValueBounds bounds = {};
  };

  void read_checks(const Table& table);
  std::int64_t shuffled(std::int64_t number) const;
  bool in_order() const { return kind() == Kind::Integer && known_ == nullptr && !bounded_ && parent_.empty() && stride_ == 0; }
  Value plain(std::int64_t number) const;
  Value whole(std::int64_t number) const;
  Value banded(std::int64_t row) const;
  Value fresh_banded(std::int64_t serial) const;
  Value words(std::int64_t number) const;
  std::string text(std::int64_t number) const;

  std::string name_;
  ColumnType type_ = {.kind = Kind::Text};
  ValueChecks checks_ = {};
  bool not_null_ = false, bounded_ = false;
  std::int64_t text_bytes_ = 12;
  std::int64_t first_ = 0, last_ = 0;      ///< of whole numbers
  std::int64_t rows_ = 0;                  ///< of its table
  std::int64_t stride_ = 0;                ///< 0: in order
  std::vector<ColumnFill> parent_ = {};    ///< at most one
  std::int64_t parent_rows_ = 0, divisor_ = 1, shift_ = 0;
  std::vector<Band> bands_ = {};           ///< by their first rows
  std::shared_ptr<const std::vector<Value>> known_ = {};
  bool names_known_ = false;               ///< fresh values are some of them
};

/// A value as text, as a database casts it; NULL is "".
std::string value_text(const Value& value);

}  // namespace midflight::backends
