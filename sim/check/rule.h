#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/finding.h"
#include "sim/check/session.h"
#include "sim/check/statement_words.h"
#include "sim/model/engine.h"
#include "sim/model/scenario.h"
#include "sim/model/schema.h"
#include "sim/model/statement.h"
#include "sim/model/work.h"

namespace midflight::check {

using Names = std::set<std::string, std::less<>>;

/// What a rule may look at: one statement, what it locks and does, and the
/// session and the schema before it runs.
struct Look {
  const Statement& statement;
  const Words& words;                  ///< of the statement
  const LocksAndWork& work;
  const Schema& schema;
  const Names& assumed;                ///< tables of the schema that nobody has shown
  const Session& session;
  const Dialect& dialect;
  const Scenario* scenario = nullptr;  ///< none: the application is unknown
  int remarks = 0, dangers = 0;        ///< that rules before this one made on the statement
};

/// The same behind the last statement of a script.
struct End {
  const Session& session;
  const Schema& schema;
  const Names& assumed;
  const Dialect& dialect;
};

/// What a rule says, before it is a finding.
struct Remark {
  std::string message;                    ///< what holds whoever runs
  std::string instead = {};
  /// Of remarks made at the end: which statement of the session.
  std::size_t statement = 0;
  std::optional<Severity> severity = {};  ///< none: the rule's
  /// Of Concern::Compatibility: what becomes of versions that nobody has shown.
  std::string versions = {};
};
using Remarks = std::vector<Remark>;

/// What a scenario says about a rule's findings.
enum class Concern : std::uint8_t {
  Other,          ///< nothing: the migration fails, or it is a matter of care
  Time,           ///< how long requests wait: severity follows the prediction
  Refusal,        ///< the server refuses the statement: nothing else about it matters
  Compatibility,  ///< whether a version still fits: severity follows the versions
};

/// One piece of knowledge about migrations, with its proof.
///
/// `bad` fires the rule under the schema of examples.h, `good` does the same
/// job and does not; tests hold every record to both, and its page shows them.
struct Rule {
  std::string_view id;            ///< kebab-case; names the page and the ignore comment
  Severity severity = Severity::Note;
  std::string_view title;         ///< what the statement does wrong, one line
  std::string_view what;          ///< what happens and whom it blocks
  std::string_view instead;       ///< what to do, in words
  Concern concern = Concern::Other;
  int since = 12;                 ///< first server version it concerns
  /// Called for every statement that could be parsed.
  void (*look)(const Look& look, Remarks& remarks) = nullptr;
  /// Called once behind the last statement of a script.
  void (*at_end)(const End& end, Remarks& remarks) = nullptr;
  std::string_view bad = {};      ///< empty: SQL alone does not show it
  std::string_view good;
  /// How the examples are run: inside one transaction, and on which version.
  Wrapping wrapping = Wrapping::EachStatement;
  std::string_view framework = {};  ///< the tool whose files it is about; empty: any
  int version = 15;
  bool timeouts_set = true;       ///< by the session of the examples, as it should
  /// Other rules that the bad example fires, and should.
  std::vector<std::string_view> also = {};
};

/// Every rule, in the order of reports; one family a file in rules/.
const std::vector<Rule>& rules();

/// Returns: null when no rule has that id.
const Rule* rule_called(std::string_view id);

/// What midflight itself says, under the rule of that name.
Finding built_in(std::string_view rule, const Span& where, std::string message);

}  // namespace midflight::check
