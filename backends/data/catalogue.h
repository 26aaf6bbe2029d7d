#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "backends/data/table_fill.h"
#include "sim/model/plan.h"
#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::backends {

/// A column whose values move to another one during the plan.
struct MovedColumn {
  std::string table, from, to;
  bool operator==(const MovedColumn&) const = default;
};

/// Every column that exists at some moment of a plan, with the values its rows
/// begin with.
class Catalogue {
 public:
  Catalogue(const Schema& initial, const Plan& plan, const std::optional<Statement>& change);

  const Schema& initial() const { return initial_; }
  /// Rows that requests choose from: all of them, or those that are known.
  std::int64_t rows(const std::string& table) const;
  /// Rows there are; of a partitioned table those of its partitions.
  std::int64_t table_rows(const std::string& table) const;
  /// Of a column that appears later: the values of the column it comes from.
  ColumnFill fill(const std::string& table, const std::string& column) const;
  const std::vector<MovedColumn>& moved() const { return moved_; }

  /// What rows of a table that is used as it is hold in a column: requests choose from these rows from now on.
  /// Requires: of all columns of a table the same number.
  void use_known(const std::string& table, const std::string& column, std::vector<Value> values);
  /// Values of the column, new ones too, name rows of a table by what is known of that.
  void refer_to_known(const std::string& table, const std::string& column, const std::string& parent, const std::string& parent_column);

 private:
  ColumnFill generated(const std::string& table, const std::string& column) const;
  void follow(const Plan& plan);
  void note_moved(MovedColumn moved);

  Schema initial_;
  SchemaFill fills_;
  std::map<std::pair<std::string, std::string>, ColumnFill> later_;  ///< columns that steps add
  std::vector<MovedColumn> moved_;
  using Known = std::map<std::pair<std::string, std::string>, std::shared_ptr<const std::vector<Value>>>;
  Known known_;                               ///< by table and column
  std::set<std::pair<std::string, std::string>> references_;  ///< known columns that name rows
  std::map<std::string, std::int64_t> known_rows_;
};

}  // namespace midflight::backends
