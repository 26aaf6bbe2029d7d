#pragma once

#include <string>

#include "sim/model/schema.h"
#include "sim/model/statement.h"

namespace midflight::sql {

/// How the statements of a version follow a column to its successor.
struct ColumnMapping {
  std::string table, from, to;
  bool write_from = true, write_to = true;   ///< which of the two are written
  bool read_to = false;                      ///< reads use `to` instead of `from`
  /// SQL of the new value with {} for the old one ("CAST({} AS bigint)"); empty: the value itself.
  std::string forward;
  /// The same backwards, for writing `from` in a version whose parameters have the new type.
  std::string backward;
  std::string from_type, to_type;            ///< to cast a parameter used twice
  /// After a rename v2 shows the new name; for a type change the old name stays in the output.
  bool keep_output_name = true;
};

/// The statement as the version behind the mapping writes it.
///
/// Rewrites the parse tree and prints it again.  A parameter used twice is
/// cast in both places; SELECT lists and RETURNING keep the old output name
/// (AS from); SELECT * on the table is left alone.
/// Errors: Error(NotSupported) naming the statement when a volatile expression
///         would be evaluated twice, or for a shape that cannot be followed.
Statement rewrite(const Statement& statement, const ColumnMapping& mapping, const Schema& schema);

}  // namespace midflight::sql
