#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/error.h"
#include "sim/metrics/summary.h"
#include "sim/model/work.h"

namespace midflight::check {

/// How bad a finding is, mildest first.
enum class Severity : std::uint8_t {
  Note,     ///< good to know, nothing to change
  Caution,  ///< safe under conditions that the message names
  Danger,   ///< stops requests, breaks the application or fails
};

/// "note", "caution", "danger".
std::string_view severity_name(Severity severity);

/// A piece of a script, from its first character to behind its last one.
struct Span {
  Position begin;
  int end_line = 0, end_column = 0;
};

/// Both begin at the same character.
bool same_place(const Span& a, const Span& b);

/// What a run of the scenario says of one transaction, as distributions over runs.
struct Predicted {
  metrics::Summary lock_wait_s, held_s, blocked_requests, failed_requests, downtime_s;
  int runs = 0;
  int gave_up = 0;       ///< of the runs: those that ended without it
};

/// One thing a rule has to say about one statement.
struct Finding {
  std::string rule;      ///< id; its page is docs/rules/ID.md
  Severity severity = Severity::Note;
  Span where;
  std::string message;   ///< what happens and whom it blocks, with the user's names
  std::string instead;   ///< SQL to run instead, or empty
  std::optional<Predicted> predicted;  ///< of its transaction
  std::string of_versions = {};        ///< what the message begins with unless the scenario's versions are known; empty in a report
};

/// What is known of one statement of a script.
struct StatementReport {
  Span where;
  std::string sql;
  LocksAndWork work;     ///< `understood` and `why_not` are in it
  std::optional<Predicted> predicted;  ///< where it is all that its transaction does
};

/// Statements that take their locks and lose them together, and what is predicted for them.
struct TransactionReport {
  Span where;            ///< from its first statement to behind its last one
  int statements = 0;    ///< that do something: without BEGIN, SET and COMMIT
  Predicted predicted;
};

/// Everything said of one script.
struct ScriptReport {
  std::string path;
  std::string text;                        ///< as read, for excerpts
  std::vector<StatementReport> statements; ///< in order; with Options::list_all off, all that have findings and a few more
  std::int64_t unlisted = 0;               ///< statements that are not; all of them were understood
  std::vector<TransactionReport> transactions;  ///< predicted ones of several statements, in order
  std::vector<Finding> findings;           ///< in order of place
  std::vector<std::string> unreadable;     ///< why, of each statement that could not be parsed
  int ignored = 0;                         ///< findings that a comment silences
};

}  // namespace midflight::check
