#include "sim/check/scenario_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "sim/check/rule.h"
#include "sim/check/words.h"

namespace midflight::check {
namespace {

std::string version_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const Version& version : scenario.app.versions) names.push_back(version.name);
  return listed(names);
}

std::string known_of_versions(const VersionChange& change, const Scenario& scenario) {
  const std::vector<std::string> broken = by_version(change.broken), mended = by_version(change.mended);
  if (broken.empty()) return fmt::format("No statement of {} that worked until here fails from here on.", version_names(scenario));
  std::string out = fmt::format("{} {} from here on", listed(broken), broken.size() == 1 ? "fails" : "fail");
  if (!mended.empty()) out += fmt::format(", {} failed until here: no order of deployment avoids both", listed(mended));
  return out + ".";
}

const VersionChange* change_at(const std::vector<ChangeAt>& changes, const Span& where) {
  const auto found = std::find_if(changes.begin(), changes.end(), [&](const ChangeAt& one) { return same_place(one.where, where); });
  return found == changes.end() ? nullptr : &found->change;
}

bool is_within(const Finding& finding, const Span& where) {
  const auto at = std::pair(finding.where.begin.line, finding.where.begin.column);
  return at >= std::pair(where.begin.line, where.begin.column) && at < std::pair(where.end_line, where.end_column);
}

/// An outage that no rule about time has spoken of.
void add_unforeseen(const Predicted& predicted, const std::string& inputs, const Span& where, std::vector<Finding>& findings) {
  constexpr double kLong = 600;
  if (severity_of(predicted) == Severity::Danger) {
    findings.push_back(built_in("predicted-outage", where, fmt::format("Requests fail or are down, with {}.", inputs)));
    findings.back().predicted = predicted;
  }
  if (predicted.held_s.p50 < kLong) return;
  findings.push_back(built_in("long-statement", where, fmt::format("It takes {:.0f} minutes, with {}.", predicted.held_s.p50 / 60, inputs)));
  findings.back().predicted = predicted;
}

/// Some runs end without the migration: it has run out of tries.
Finding giving_up(const Predicted& predicted, const std::string& inputs, const StatementReport& statement) {
  const bool leaves_index = statement.work.transaction_forbidden && !statement.work.phases.empty() &&
                            !relations_with(statement.work, WorkKind::IndexBuild).empty();
  Finding out = built_in("gives-up", statement.where,
                         fmt::format("In {} of {} runs it fails: a timeout ends each of its tries{}. Predicted for {}.", predicted.gave_up,
                                     predicted.runs, leaves_index ? ", and an invalid index stays" : "", inputs));
  out.predicted = predicted;
  return out;
}

/// Only the first of them says what the numbers are for.
/// Returns: whether any finding speaks of what the transaction does to requests.
bool judge_by_time(const Predicted& predicted, const std::string& predicted_for, const Span& where, std::vector<Finding>& findings) {
  bool spoken = false, said = false;
  for (Finding& finding : findings) {
    if (!is_within(finding, where)) continue;
    spoken = spoken || finding.rule == "breaks-application";
    const Rule* rule = rule_called(finding.rule);
    if (rule == nullptr || rule->concern != Concern::Time) continue;
    finding.predicted = predicted;
    finding.severity = severity_of(predicted);
    if (!said) finding.message += fmt::format(" Predicted for {}.", predicted_for);
    spoken = said = true;
  }
  return spoken;
}

}  // namespace

void judge_by_versions(const std::vector<ChangeAt>& changes, const Scenario* scenario, std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    const Rule* rule = rule_called(finding.rule);
    if (rule == nullptr || rule->concern != Concern::Compatibility) continue;
    const VersionChange* known = change_at(changes, finding.where);
    const std::string general = std::exchange(finding.of_versions, "");
    const std::string versions = known != nullptr ? known_of_versions(*known, *scenario) : general;
    finding.message = versions + (versions.empty() || finding.message.empty() ? "" : " ") + finding.message;
    if (known == nullptr || !known->broken.empty()) continue;
    finding.severity = Severity::Note;
    if (!general.empty()) finding.instead.clear();  // it was for versions that this breaks
  }
}

void attach(const Predicted& predicted, const TransactionToPredict& transaction, const std::string& inputs, std::size_t first,
            ScriptReport& report) {
  const std::span<StatementReport> statements(report.statements.begin() + static_cast<std::ptrdiff_t>(first), transaction.statements.size());
  std::vector<StatementReport*> working;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (is_work(*transaction.statements[i])) working.push_back(&statements[i]);
  }
  const bool alone = working.size() == 1;
  Span where = statements.front().where;
  where.end_line = statements.back().where.end_line;
  where.end_column = statements.back().where.end_column;
  if (alone) working.front()->predicted = predicted;
  else report.transactions.push_back({where, static_cast<int>(working.size()), predicted});
  const std::string predicted_for = alone ? inputs : inputs + ", with all of its transaction";
  const bool spoken = judge_by_time(predicted, predicted_for, where, report.findings);
  if (predicted.gave_up > 0) report.findings.push_back(giving_up(predicted, inputs, *working.back()));
  if (!spoken) add_unforeseen(predicted, inputs, working.back()->where, report.findings);
}

}  // namespace midflight::check
