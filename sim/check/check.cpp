#include "sim/check/check.h"

#include <algorithm>
#include <set>
#include <variant>

#include "sim/check/assume.h"
#include "sim/check/ignores.h"
#include "sim/check/rule.h"
#include "sim/rules/rules.h"

namespace midflight::check {
namespace {

Finding finding_of(const Rule& rule, Remark remark, const Span& where) {
  return {std::string(rule.id), remark.severity.value_or(rule.severity), where, std::move(remark.message), std::move(remark.instead), std::nullopt};
}

bool comes_before(const Finding& a, const Finding& b) {
  const auto place = [](const Finding& f) { return std::pair(f.where.begin.line, f.where.begin.column); };
  if (place(a) != place(b)) return place(a) < place(b);
  return a.severity > b.severity;
}

}  // namespace

class Checker::Walk {
 public:
  explicit Walk(Options options) : options_(std::move(options)), schema_(options_.schema) {}

  ScriptReport check(Script script);
  const Schema& schema() const { return schema_; }

 private:
  void statement(Piece& piece, Session& session, ScriptReport& report);
  void problem(const Piece& piece, ScriptReport& report) const;
  void remember_dropped_indexes(const Statement& statement, Session& session) const;
  void apply_rules(Look look, const Span& where, ScriptReport& report) const;
  void apply_end_rules(const Session& session, const std::vector<Span>& places, ScriptReport& report) const;
  void carry_along(const Statement& statement, const Span& where, ScriptReport& report);

  Options options_;
  Schema schema_;
  std::set<std::string, std::less<>> assumed_;
};

ScriptReport Checker::Walk::check(Script script) {
  ScriptReport report;
  report.path = std::move(script.path);
  report.text = std::move(script.text);
  Session session(script.wrapping, options_.timeouts);
  std::vector<Span> places;
  std::vector<std::pair<Span, std::vector<Ignore>>> ignores;
  for (Piece& piece : script.pieces) {
    ignores.emplace_back(piece.where, ignores_in(piece.comments));
    if (!piece.statement) {
      problem(piece, report);
      continue;
    }
    places.push_back(piece.where);
    statement(piece, session, report);
  }
  session.finish();
  apply_end_rules(session, places, report);
  for (auto& [where, of_statement] : ignores) {
    std::vector<Finding> here;
    if (of_statement.empty()) continue;
    const auto is_here = [&, line = where.begin.line, column = where.begin.column](const Finding& f) {
      return f.where.begin.line == line && f.where.begin.column == column;
    };
    std::copy_if(report.findings.begin(), report.findings.end(), std::back_inserter(here), is_here);
    std::erase_if(report.findings, is_here);
    report.ignored += silence(here, std::move(of_statement), where);
    report.findings.insert(report.findings.end(), here.begin(), here.end());
  }
  std::stable_sort(report.findings.begin(), report.findings.end(), comes_before);
  return report;
}

void Checker::Walk::statement(Piece& piece, Session& session, ScriptReport& report) {
  if (!options_.schema_is_complete) assume_what_it_needs(*piece.statement, schema_, assumed_);
  LocksAndWork work = rules::locks_and_work(*piece.statement, schema_, options_.dialect);
  const Words words(piece.statement->sql);
  remember_dropped_indexes(*piece.statement, session);
  apply_rules({*piece.statement, words, work, schema_, assumed_, session, options_.dialect, options_.scenario}, piece.where, report);
  carry_along(*piece.statement, piece.where, report);
  report.statements.push_back({piece.where, piece.statement->sql, work, std::nullopt});
  session.run(std::move(*piece.statement), std::move(work));
}

void Checker::Walk::problem(const Piece& piece, ScriptReport& report) const {
  report.findings.push_back({"syntax-error", Severity::Danger, piece.where, piece.problem, "", std::nullopt});
}

void Checker::Walk::remember_dropped_indexes(const Statement& statement, Session& session) const {
  for (const Operation& operation : statement.operations) {
    const auto* drop = std::get_if<DropIndex>(&operation);
    const Index* index = drop == nullptr ? nullptr : schema_.index(drop->index);
    if (index != nullptr) session.remember_dropped(*index);
  }
}

void Checker::Walk::apply_rules(Look look, const Span& where, ScriptReport& report) const {
  Remarks remarks;
  for (const Rule& rule : rules()) {
    if (rule.look == nullptr || look.dialect.version < rule.since) continue;
    rule.look(look, remarks);
    for (Remark& remark : remarks) {
      report.findings.push_back(finding_of(rule, std::move(remark), where));
      look.dangers += report.findings.back().severity == Severity::Danger ? 1 : 0;
    }
    remarks.clear();
  }
}

void Checker::Walk::apply_end_rules(const Session& session, const std::vector<Span>& places, ScriptReport& report) const {
  Remarks remarks;
  for (const Rule& rule : rules()) {
    if (rule.at_end == nullptr || options_.dialect.version < rule.since) continue;
    rule.at_end({session, schema_, assumed_, options_.dialect}, remarks);
    for (Remark& remark : remarks) {
      if (remark.statement >= places.size()) continue;
      const Span where = places[remark.statement];
      report.findings.push_back(finding_of(rule, std::move(remark), where));
    }
    remarks.clear();
  }
}

void Checker::Walk::carry_along(const Statement& statement, const Span& where, ScriptReport& report) {
  for (const Operation& operation : statement.operations) {
    const std::string misfit = apply(operation, schema_);
    if (misfit.empty() || !options_.schema_is_complete) continue;
    report.findings.push_back({"does-not-fit", Severity::Danger, where,
                               "The migration fails here: " + misfit + ".", "", std::nullopt});
  }
}

Checker::Checker(Options options) : walk_(std::make_unique<Walk>(std::move(options))) {}
Checker::~Checker() = default;
Checker::Checker(Checker&&) noexcept = default;

ScriptReport Checker::check(Script script) { return walk_->check(std::move(script)); }
const Schema& Checker::schema() const { return walk_->schema(); }

}  // namespace midflight::check
