#pragma once

#include <map>
#include <string>
#include <vector>

#include "backends/data/fill_values.h"
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
  std::int64_t rows(const std::string& table) const;
  /// Of a column that appears later: the values of the column it comes from.
  ColumnFill fill(const std::string& table, const std::string& column) const;
  const std::vector<MovedColumn>& moved() const { return moved_; }

 private:
  void follow(const Plan& plan);
  void note_moved(MovedColumn moved);

  Schema initial_;
  std::map<std::string, TableFill> fills_;
  std::map<std::pair<std::string, std::string>, ColumnFill> later_;  ///< columns that steps add
  std::vector<MovedColumn> moved_;
};

}  // namespace midflight::backends
