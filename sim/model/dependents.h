#pragma once

#include <string>
#include <vector>

#include "sim/model/operation.h"

namespace midflight {

/// What stands on a relation and goes with it under DROP ... CASCADE.
struct Dependents {
  struct ForeignKey {
    std::string table, constraint;
    bool operator==(const ForeignKey&) const = default;
  };
  std::vector<std::string> partitions;  ///< go without CASCADE
  std::vector<std::string> heirs;       ///< inheriting tables
  std::vector<std::string> views;       ///< views and materialized views, also those on views
  std::vector<ForeignKey> foreign_keys; ///< of other tables, onto this one

  /// True if the server asks for CASCADE.
  bool need_cascade() const { return !heirs.empty() || !views.empty() || !foreign_keys.empty(); }
};

/// Scope: functions, rules and policies that name the relation are not followed.
Dependents dependents_of(const Schema& schema, const std::string& relation);

/// The tables that TRUNCATE empties: those named, what is below them, and with
/// CASCADE all that refer to them.
std::vector<std::string> tables_emptied(const Truncate& truncate, const Schema& schema);

/// True if the view or materialized view reads the relation.
bool reads_relation(const View& view, const std::string& relation);
bool reads_relation(const Table& materialized_view, const std::string& relation);

/// Views and materialized views that read any of the relations, then those on them.
std::vector<std::string> views_on(const Schema& schema, std::vector<std::string> relations);

/// Views and materialized views that read a column of a table, with their own readers.
std::vector<std::string> views_on_column(const Schema& schema, const std::string& table, const std::string& column);

}  // namespace midflight
