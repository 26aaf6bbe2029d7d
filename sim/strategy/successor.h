#pragma once

#include <string>
#include <vector>

#include "sim/model/scenario.h"
#include "sim/sql/rewrite.h"
#include "sim/strategy/change.h"

namespace midflight::strategy {

/// A column and the one that takes its place: under a new name, or with
/// another type (then under a new name as well, for two columns cannot share one).
struct Successor {
  std::string table, from, to;
  std::string from_type, to_type;
  std::string forward, backward;  ///< SQL patterns with {}; empty: the value itself
  bool renames = true;            ///< the new name is the point, not only a means

  /// The new value as SQL over the old column.
  std::string forward_of_column() const;
};

/// Requires: a RenameColumn or AlterColumnType whose column exists.
Successor successor_of(const Change& change, const Schema& schema);

/// Refuses what the application's double writes cannot follow: keys, values
/// from sequences or generated ones, views on the column.
/// Errors: Error(NotSupported) with the reason.
void require_successor_possible(const Successor& successor, const Schema& schema);

/// The three releases on the way, in order.
enum class Stage : unsigned char { WriteBothReadOld, WriteBothReadNew, NewOnly };

/// "v1.1", "v1.2", "v2".
std::string_view stage_name(Stage stage);

/// The version of that stage: the one the scenario lists, or the first version
/// with each of its statements rewritten.
/// Errors: Error(NotSupported) naming the statement that cannot be followed.
Version version_of(Stage stage, const Successor& successor, const Scenario& scenario);

/// The version a scenario lists by that name, or null.
const Version* listed_version(const Scenario& scenario, std::string_view name);

/// The version that serves when the plan begins.
/// Errors: Error(BadInput) if the scenario lists none.
const Version& first_version(const Scenario& scenario);

/// The first version under the name v2, for a change that leaves its SQL as it
/// is; or the v2 that the scenario lists.
Version unchanged_v2(const Scenario& scenario);

}  // namespace midflight::strategy
