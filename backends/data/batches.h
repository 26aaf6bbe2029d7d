#pragma once

#include <string>

#include "backends/data/catalogue.h"

namespace midflight::backends {

/// How the batches of a backfill divide a table among them.
///
/// SQLite: ranges of rowid in filling order.  PostgreSQL: ranges of a primary
/// key of one integer column, else of ctid by pages.  The last batch also takes
/// what was inserted since the filling.  Where keys have gaps, for they are those
/// of partitions or of rows that were there, batches are as large as what is
/// known of the keys lets them be.
class Batches {
 public:
  /// Errors: Error(NotSupported) for a partitioned table without such a key: a ctid there names a row of every partition.
  Batches(const std::string& table, const Catalogue& catalogue, const Dialect& dialect);

  /// Limits an UPDATE to its first two parameters, the bounds.
  const std::string& condition() const { return condition_; }
  /// Asked once, when the backfill begins: how far the table goes.
  const std::string& extent_sql() const { return extent_sql_; }
  /// Of `rows` rows after the first `first_row`; `extent` is the answer.
  Row bounds(std::int64_t first_row, std::int64_t rows, std::int64_t extent) const;

 private:
  enum class Kind : std::uint8_t { Rowid, Key, Page };

  void choose_key(const Table& table, const Catalogue& catalogue);
  /// What the key of row number `row` is not above; of row 0: what every key is above.
  std::int64_t key_of(std::int64_t row) const;

  Kind kind_ = Kind::Rowid;
  std::int64_t filled_ = 0;         ///< rows
  std::int64_t shift_ = 0;          ///< the key of row n is n + shift_ ...
  std::vector<std::int64_t> keys_;  ///< ... unless some of the table's keys are here, in order
  std::string condition_, extent_sql_;
};

}  // namespace midflight::backends
