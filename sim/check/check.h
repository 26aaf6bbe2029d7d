#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/check/finding.h"
#include "sim/check/session.h"
#include "sim/model/engine.h"
#include "sim/model/migration.h"
#include "sim/model/scenario.h"
#include "sim/model/schema.h"
#include "sim/run/comparison.h"

namespace midflight::check {

/// What is known before the first script.
struct Options {
  Dialect dialect;
  Schema schema;                        ///< empty: scripts may name relations nobody has created
  bool schema_is_complete = false;      ///< a relation that is not in it does not exist
  const Scenario* scenario = nullptr;   ///< the application and its sizes; must outlive the checker
  Timeouts timeouts;                    ///< that the tool sets for its sessions
  bool list_all = true;                 ///< off: statements like the one before it, without findings, are only counted
  RunOptions run;                       ///< how often the scenario is run, with which seed
};

/// Walks migrations in their order and says what is dangerous about each.
///
/// The schema is carried along from script to script; everything else of a
/// script is forgotten with it.  Memory is the text of one script, once, and what
/// is kept of its statements: nothing, with `list_all` off, of rows that follow each
/// other into one table.  A statement that is not understood, or cannot
/// be parsed, spoils nothing else.
class Checker {
 public:
  explicit Checker(Options options);
  ~Checker();
  Checker(Checker&&) noexcept;

  /// Requires: scripts come in the order in which they would run.
  ScriptReport check(Migration migration);

  /// The schema behind the scripts so far.
  const Schema& schema() const;

 private:
  class Walk;
  std::unique_ptr<Walk> walk_;
};

}  // namespace midflight::check
