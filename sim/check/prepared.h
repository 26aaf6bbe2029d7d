#pragma once

#include <map>
#include <optional>
#include <string>

#include "sim/model/statement.h"
#include "sim/sql/statements.h"

namespace midflight::check {

/// What a script has prepared: EXECUTE p runs the statement of PREPARE p AS ....
///
/// Scope: names mean what they meant at the PREPARE; what an EXECUTE of another script
///        runs is not known.
class Prepared {
 public:
  /// Takes in PREPARE, DEALLOCATE and DISCARD.
  void note(const Statement& statement, const sql::Surroundings& around);

  /// For EXECUTE, the statement that it runs, in that one's own words at this place; for
  /// EXPLAIN EXECUTE, the EXPLAIN with what that statement touches.  Nothing for any other.
  std::optional<Statement> run_by(const Statement& statement) const;

 private:
  std::map<std::string, Statement, std::less<>> statements_;
};

}  // namespace midflight::check
