#pragma once

#include <string>

#include "backends/data/catalogue.h"

namespace midflight::backends {

/// How the batches of a backfill divide a table among them.
///
/// SQLite: ranges of rowid in filling order.  PostgreSQL: ranges of a primary
/// key of one integer column, else of ctid by pages.  The last batch also takes
/// what was inserted since the filling.
class Batches {
 public:
  Batches(const std::string& table, const Catalogue& catalogue, const Dialect& dialect);

  /// Limits an UPDATE to its first two parameters, the bounds.
  const std::string& condition() const { return condition_; }
  /// Asked once, when the backfill begins: how far the table goes.
  const std::string& extent_sql() const { return extent_sql_; }
  /// Of `rows` rows after the first `first_row`; `extent` is the answer.
  Row bounds(std::int64_t first_row, std::int64_t rows, std::int64_t extent) const;

 private:
  enum class Kind : std::uint8_t { Rowid, Key, Page };
  Kind kind_ = Kind::Rowid;
  ColumnFill key_;
  std::int64_t filled_ = 0;   ///< rows
  std::string condition_, extent_sql_;
};

}  // namespace midflight::backends
