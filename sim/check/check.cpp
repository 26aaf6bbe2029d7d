#include "sim/check/check.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <variant>

#include "sim/check/assume.h"
#include "sim/check/ignores.h"
#include "sim/check/rule.h"
#include "sim/rules/rules.h"
#include "sim/sql/script.h"

namespace midflight::check {
namespace {

Finding finding_of(const Rule& rule, Remark remark, const Span& where) {
  return {std::string(rule.id), remark.severity.value_or(rule.severity), where, std::move(remark.message), std::move(remark.instead), std::nullopt};
}

/// What midflight itself says, under the rule of that name.
Finding built_in(std::string_view rule, const Span& where, std::string message) {
  return {std::string(rule), rule_called(rule)->severity, where, std::move(message), "", std::nullopt};
}

Span point(const Position& where) { return {where, where.line, where.column + 1}; }
Span span_of(const sql::ScriptPiece& piece) { return {piece.where, piece.end_line, piece.end_column}; }

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.') text += '.';
  if (!text.empty()) text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

std::string_view rule_for(sql::PieceKind kind) {
  switch (kind) {
    case sql::PieceKind::Statement:
    case sql::PieceKind::Unreadable: return "syntax-error";
    case sql::PieceKind::MetaCommand: return "psql-command";
    case sql::PieceKind::CopyData:
    case sql::PieceKind::Note: break;
  }
  return "file-problem";
}

/// Refusing statements are rare, and the words that make them are few.
bool may_refuse(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const char* word : {"concurrently", "vacuum", "database", "tablespace", "alter system", "reindex", "cluster", "subscription"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

/// What the tool's way of wrapping comes to for this script.
Wrapping settled(const Migration& migration) {
  if (migration.wrapping != Wrapping::UnlessRefused) return migration.wrapping;
  if (!may_refuse(migration.text)) return Wrapping::OneTransaction;
  sql::ScriptReader reader(migration.text, migration.path);
  while (const auto piece = reader.next()) {
    if (piece->statement && piece->statement->refuses_transaction) return Wrapping::EachStatement;
  }
  return Wrapping::OneTransaction;
}

/// The ignores at one statement.
struct Asked {
  Span where;
  std::vector<Ignore> ignores;
};

void silence_at(Asked& asked, ScriptReport& report) {
  std::vector<Finding> here;
  const Position& place = asked.where.begin;
  const auto is_here = [&](const Finding& f) {
    const Position& at = f.where.begin;
    return std::pair(at.line, at.column) >= std::pair(place.line, place.column) &&
           std::pair(at.line, at.column) < std::pair(asked.where.end_line, asked.where.end_column);
  };
  std::copy_if(report.findings.begin(), report.findings.end(), std::back_inserter(here), is_here);
  std::erase_if(report.findings, is_here);
  report.ignored += silence(here, std::move(asked.ignores), asked.where);
  report.findings.insert(report.findings.end(), here.begin(), here.end());
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

  ScriptReport check(const Migration& migration);
  const Schema& schema() const { return schema_; }

 private:
  void piece(sql::ScriptPiece& piece, Session& session, ScriptReport& report);
  void statement(Statement statement, const Span& where, Session& session, ScriptReport& report);
  void remember_dropped_indexes(const Statement& statement, Session& session) const;
  void apply_rules(Look look, const Span& where, ScriptReport& report) const;
  void apply_end_rules(const Session& session, const std::vector<Span>& places, ScriptReport& report) const;
  void carry_along(const Statement& statement, const Span& where, ScriptReport& report);

  Options options_;
  Schema schema_;
  std::set<std::string, std::less<>> assumed_;
};

ScriptReport Checker::Walk::check(const Migration& migration) {
  ScriptReport report;
  report.path = migration.path;
  for (const Problem& problem : migration.problems) report.findings.push_back(built_in("file-problem", point(problem.where), sentence(problem.message)));
  sql::ScriptReader reader(migration.text, migration.path);
  Session session(settled(migration), options_.timeouts);
  std::vector<Span> places;
  std::vector<Asked> asked;
  while (auto next = reader.next(&schema_)) {
    const Span where = span_of(*next);
    if (auto ignores = ignores_in(next->comments); !ignores.empty()) asked.push_back({where, std::move(ignores)});
    if (next->statement) places.push_back(where);
    piece(*next, session, report);
  }
  session.finish();
  apply_end_rules(session, places, report);
  for (Asked& one : asked) silence_at(one, report);
  std::stable_sort(report.findings.begin(), report.findings.end(), comes_before);
  report.text = reader.text();
  return report;
}

void Checker::Walk::piece(sql::ScriptPiece& piece, Session& session, ScriptReport& report) {
  const Span where = span_of(piece);
  if (!piece.message.empty()) {
    const std::string_view rule = rule_for(piece.kind);
    Span at = piece.message_at.line > 0 ? point(piece.message_at) : where;
    if (at.begin.file.empty()) at.begin.file = report.path;
    report.findings.push_back(built_in(rule, at, sentence(piece.message)));
  }
  if (piece.kind == sql::PieceKind::Unreadable) report.unreadable.push_back(sentence(piece.message));
  if (piece.statement) statement(std::move(*piece.statement), where, session, report);
}

void Checker::Walk::statement(Statement statement, const Span& where, Session& session, ScriptReport& report) {
  if (!options_.schema_is_complete) assume_what_it_needs(statement, schema_, assumed_);
  LocksAndWork work = rules::locks_and_work(statement, schema_, options_.dialect);
  const Words words(statement.sql);
  remember_dropped_indexes(statement, session);
  apply_rules({statement, words, work, schema_, assumed_, session, options_.dialect, options_.scenario}, where, report);
  carry_along(statement, where, report);
  report.statements.push_back({where, statement.sql, work, std::nullopt});
  session.run(std::move(statement), std::move(work));
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
      ++look.remarks;
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
    report.findings.push_back(built_in("does-not-fit", where, "The migration fails here: " + misfit + "."));
  }
}

Checker::Checker(Options options) : walk_(std::make_unique<Walk>(std::move(options))) {}
Checker::~Checker() = default;
Checker::Checker(Checker&&) noexcept = default;

ScriptReport Checker::check(const Migration& migration) { return walk_->check(migration); }
const Schema& Checker::schema() const { return walk_->schema(); }

}  // namespace midflight::check
