#pragma once

#include <string>

#include "sim/model/scenario.h"

namespace midflight::strategy {

enum class ChangeKind : unsigned char { RenameColumn, AlterColumnType, SetNotNull, Update, CreateIndex, AddConstraint, AddKey, Other };

/// The intent behind a scenario's change, as far as strategies tell changes apart.
/// AddConstraint is a foreign key or a CHECK that reads all rows at once, AddKey
/// a constraint that builds its index.  An ALTER TABLE of several parts is Other,
/// and so is what is CONCURRENTLY, NOT VALID or USING INDEX already.
struct Change {
  ChangeKind kind = ChangeKind::Other;
  std::string table, column;
  std::string to;               ///< RenameColumn: the new name
  std::string type, using_sql;  ///< AlterColumnType
};

/// Requires: the scenario has a change.
Change classify(const Scenario& scenario);

/// "renaming a column", for messages.
std::string_view change_words(ChangeKind kind);

/// Errors: Error(BadInput) at the change when the database would refuse it
///         under the scenario's schema, in the words of the server.
void require_change_fits(const Scenario& scenario);

}  // namespace midflight::strategy
