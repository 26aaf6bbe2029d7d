#include "sim/check/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <variant>

#include "sim/check/assume.h"
#include "sim/check/breakage.h"
#include "sim/check/dependents.h"
#include "sim/check/ignores.h"
#include "sim/check/predict.h"
#include "sim/check/prepared.h"
#include "sim/check/rollback.h"
#include "sim/check/rule.h"
#include "sim/check/scenario_words.h"
#include "sim/check/words.h"
#include "sim/compat/compat.h"
#include "sim/rules/rules.h"
#include "sim/sql/script.h"
#include "sim/sql/server_functions.h"

namespace midflight::check {
namespace {

Finding finding_of(const Rule& rule, Remark remark, const Span& where) {
  return {std::string(rule.id), remark.severity.value_or(rule.severity), where, std::move(remark.message), std::move(remark.instead), std::nullopt,
          std::move(remark.versions)};
}

/// `dependents` rest on what is to go or to change.
Finding misfit_finding(const std::string& misfit, const std::vector<std::string>& dependents, const Span& where) {
  if (dependents.empty()) {
    Finding out = built_in("does-not-fit", where, "The migration fails here: " + misfit + ".");
    if (misfit.starts_with("cannot refresh")) out.instead = "-- first a unique index on it, over plain columns and without a condition";
    return out;
  }
  Finding out = built_in("does-not-fit", where, fmt::format("The migration fails here: {}: {}.", misfit, listed(dependents)));
  out.instead = fmt::format("-- drop {} first; what must stay is made again behind it", listed(dependents));
  return out;
}

Span point(const Position& where) { return {where, where.line, where.column + 1}; }
Span span_of(const sql::ScriptPiece& piece) { return {piece.where, piece.end_line, piece.end_column}; }

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.') text += '.';
  if (!text.empty()) text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

/// What stands in the way has been seen; of what is missing, nobody may have shown it.
bool is_certain(const std::string& misfit) {
  return misfit.starts_with("cannot ") || misfit.find("must be declared NOT NULL") != std::string::npos;
}

/// A rule has said already that the server refuses it, and what to do.
bool is_refused(const ScriptReport& report, const Span& where) {
  return std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& f) {
    return f.rule == "refused-on-partitioned-table" && same_place(f.where, where);
  });
}

/// SELECT f(...) of a function that is not PostgreSQL's own: what it does, nobody has shown.
std::string foreign_call(const Words& words) {
  const auto& tokens = words.tokens();
  if (!words.begin("select") || words.contain("from")) return "";
  std::size_t at = 1;
  while (at + 2 < tokens.size() && tokens[at + 1].text == ".") at += 2;
  if (at + 1 >= tokens.size() || tokens[at + 1].text != "(") return "";
  const std::string name = token_name(tokens[at]);
  const bool own = at == 1 ? sql::is_server_function(name) : is_word(tokens[1], "pg_catalog");
  return own ? "" : name;
}

/// Tables of the statement's CREATE TABLE that exist.
std::vector<std::string> created_again(const Statement& statement, const Schema& schema) {
  std::vector<std::string> out;
  for (const Operation& operation : statement.operations) {
    const auto* create = std::get_if<CreateTable>(&operation);
    if (create != nullptr && !create->table.temporary && schema.table(create->table.name) != nullptr) out.push_back(create->table.name);
  }
  return out;
}

/// They end with the session, and what stands on them ends with them.
void drop_temporary_tables(Schema& schema) {
  std::vector<std::string> names;
  for (const Table& table : schema.tables) {
    if (table.temporary) names.push_back(table.name);
  }
  for (const std::string& name : names) apply(DropTable{name, true, true}, schema);
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

/// What a statement that the server refuses would have done is of no interest.
void keep_refusals_alone(std::vector<Finding>& findings) {
  const auto is_refusal = [](const Finding& f) {
    const Rule* rule = rule_called(f.rule);
    return rule != nullptr && rule->concern == Concern::Refusal;
  };
  std::set<std::pair<int, int>> refused;
  for (const Finding& finding : findings) {
    if (is_refusal(finding)) refused.emplace(finding.where.begin.line, finding.where.begin.column);
  }
  std::erase_if(findings, [&](const Finding& f) {
    return !is_refusal(f) && refused.contains({f.where.begin.line, f.where.begin.column});
  });
}

bool comes_before(const Finding& a, const Finding& b) {
  const auto place = [](const Finding& f) { return std::pair(f.where.begin.line, f.where.begin.column); };
  if (place(a) != place(b)) return place(a) < place(b);
  return a.severity > b.severity;
}

}  // namespace

class Checker::Walk {
 public:
  explicit Walk(Options options) : options_(std::move(options)), schema_(options_.schema) {
    if (options_.scenario != nullptr) breakage_.emplace(*options_.scenario, schema_);
  }

  ScriptReport check(Migration migration);
  const Schema& schema() const { return schema_; }

 private:
  void piece(sql::ScriptPiece& piece, Session& session, ScriptReport& report);
  void statement(Statement statement, const Span& where, Session& session, ScriptReport& report);
  void remember_dropped_indexes(const Statement& statement, Session& session) const;
  void apply_rules(Look look, const Span& where, ScriptReport& report) const;
  bool concerns(const Rule& rule) const;
  void apply_end_rules(const Session& session, const std::vector<Span>& places, ScriptReport& report) const;
  void note_doubt(const Statement& statement, const LocksAndWork& work);
  bool is_made_twice(const Operation& operation, const std::string& misfit) const;
  void carry_along(const Statement& statement, const Span& where, ScriptReport& report);
  void tell_what_breaks(const Statement& statement, const Span& where, ScriptReport& report);
  void predict(const Session& session, ScriptReport& report);

  Options options_;
  Schema schema_;
  std::set<std::string, std::less<>> assumed_, doubtful_;
  bool doubt_ = false;                     ///< what the scripts have made may be there no longer
  std::optional<Breakage> breakage_;       ///< with a scenario
  std::string framework_;                  ///< of the script
  Prepared prepared_;                      ///< of the script
  std::optional<Rollback> rollback_;       ///< of the script
  std::vector<ChangeAt> changes_;          ///< with a scenario: of the script, what its statements do to versions
  std::map<int, Schema> before_;           ///< with a scenario: the schema before each transaction of the script
};

ScriptReport Checker::Walk::check(Migration migration) {
  ScriptReport report;
  report.path = migration.path;
  for (const Problem& problem : migration.problems) report.findings.push_back(built_in("file-problem", point(problem.where), sentence(problem.message)));
  const bool keeps_all = options_.list_all || options_.scenario != nullptr;
  Session session(settled(migration), options_.timeouts, keeps_all ? Session::Memory::All : Session::Memory::Distinct);
  prepared_ = {};
  framework_ = migration.framework;
  changes_.clear();
  rollback_.emplace(migration.text, session.in_block(), schema_);
  sql::ScriptReader reader(std::move(migration.text), migration.path);
  std::vector<Span> places;
  std::vector<Asked> asked;
  while (auto next = reader.next({&schema_, session.search_path()})) {
    const Span where = span_of(*next);
    if (auto ignores = ignores_in(next->comments); !ignores.empty()) asked.push_back({where, std::move(ignores)});
    piece(*next, session, report);
    if (session.seen().size() > places.size()) places.push_back(where);
  }
  session.finish();
  drop_temporary_tables(schema_);
  apply_end_rules(session, places, report);
  keep_refusals_alone(report.findings);
  judge_by_versions(changes_, options_.scenario, report.findings);
  if (options_.scenario != nullptr) predict(session, report);
  for (Asked& one : asked) silence_at(one, report);
  std::stable_sort(report.findings.begin(), report.findings.end(), comes_before);
  report.text = reader.take_text();
  return report;
}

void Checker::Walk::piece(sql::ScriptPiece& piece, Session& session, ScriptReport& report) {
  const Span where = span_of(piece);
  if (!piece.message.empty()) {
    const std::string_view rule = rule_for(piece.kind);
    Span at = piece.message_at.line > 0 ? point(piece.message_at) : where;
    if (at.begin.file.empty()) at.begin.file = report.path;
    report.findings.push_back(built_in(rule, at, sentence(piece.message)));
    if (piece.harmless) report.findings.back().severity = Severity::Note;
  }
  doubt_ = doubt_ || piece.kind == sql::PieceKind::Unreadable || (piece.kind == sql::PieceKind::MetaCommand && !piece.harmless);
  if (piece.kind == sql::PieceKind::Unreadable) report.unreadable.push_back(sentence(piece.message));
  if (piece.statement) statement(std::move(*piece.statement), where, session, report);
}

void Checker::Walk::statement(Statement statement, const Span& where, Session& session, ScriptReport& report) {
  const std::string written = statement.sql;
  if (auto run = prepared_.run_by(statement)) statement = std::move(*run);
  prepared_.note(statement, {&schema_, session.search_path()});
  if (!options_.schema_is_complete) assume_what_it_needs(statement, schema_, assumed_);
  LocksAndWork work = rules::locks_and_work(statement, schema_, options_.dialect);
  const Words words(statement.sql);
  const std::string call = foreign_call(words);
  if (work.understood && !call.empty()) {
    work.understood = false;
    work.why_not = fmt::format("what {}() does is not followed", call);
  }
  remember_dropped_indexes(statement, session);
  apply_rules({statement, words, work, schema_, assumed_, session, options_.dialect, options_.scenario}, where, report);
  if (options_.scenario != nullptr) before_.try_emplace(session.transaction(), schema_);
  const std::vector<std::string> there = created_again(statement, schema_);
  note_doubt(statement, work);
  carry_along(statement, where, report);
  rollback_->follow(statement, session, schema_);
  if (breakage_) tell_what_breaks(statement, where, report);
  StatementReport listed{where, written, work, std::nullopt};
  const bool remembered = session.run(std::move(statement), std::move(work));
  const bool spoken = !report.findings.empty() && same_place(report.findings.back().where, where);
  if (remembered || spoken) report.statements.push_back(std::move(listed));
  else ++report.unlisted;
  for (const std::string& name : there) session.was_there(name);
}

void Checker::Walk::remember_dropped_indexes(const Statement& statement, Session& session) const {
  for (const Operation& operation : statement.operations) {
    const auto* drop = std::get_if<DropIndex>(&operation);
    const Index* index = drop == nullptr ? nullptr : schema_.index(drop->index);
    if (index != nullptr) session.remember_dropped(*index);
  }
}

bool Checker::Walk::concerns(const Rule& rule) const {
  return options_.dialect.version >= rule.since && (rule.framework.empty() || rule.framework == framework_);
}

void Checker::Walk::apply_rules(Look look, const Span& where, ScriptReport& report) const {
  Remarks remarks;
  for (const Rule& rule : rules()) {
    if (rule.look == nullptr || !concerns(rule)) continue;
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
    if (rule.at_end == nullptr || !concerns(rule)) continue;
    rule.at_end({session, schema_, assumed_, options_.dialect}, remarks);
    for (Remark& remark : remarks) {
      if (remark.statement >= places.size()) continue;
      const Span where = places[remark.statement];
      report.findings.push_back(finding_of(rule, std::move(remark), where));
    }
    remarks.clear();
  }
}

/// Nobody has shown what made or unmade things since, or a table may be another one than that of the same name.
void Checker::Walk::note_doubt(const Statement& statement, const LocksAndWork& work) {
  const TransactionWord word = transaction_word(statement);
  doubt_ = doubt_ || !work.understood || word == TransactionWord::Rollback || word == TransactionWord::RollbackTo;
  for (const Operation& operation : statement.operations) {
    const auto* create = std::get_if<CreateTable>(&operation);
    if (create != nullptr && !create->if_not_exists && schema_.table(create->table.name) != nullptr) doubtful_.insert(create->table.name);
  }
}

/// On a table whose whole life the scripts have shown.
bool Checker::Walk::is_made_twice(const Operation& operation, const std::string& misfit) const {
  if (doubt_ || (!misfit.ends_with("already exists") && !misfit.starts_with("multiple primary keys"))) return false;
  std::string table;
  if (const auto* column = std::get_if<AddColumn>(&operation)) table = column->table;
  if (const auto* constraint = std::get_if<AddConstraint>(&operation)) table = constraint->table;
  if (const auto* index = std::get_if<CreateIndex>(&operation)) table = index->index.table;
  return !table.empty() && !assumed_.contains(table) && !doubtful_.contains(table);
}

void Checker::Walk::carry_along(const Statement& statement, const Span& where, ScriptReport& report) {
  const auto fails = statement.kind == StatementKind::Ddl ? compat::failure(statement, schema_, options_.dialect) : std::nullopt;
  if (fails) report.findings.push_back(built_in("does-not-fit", where, "The migration fails here: " + fails->message + "."));
  for (const Operation& operation : statement.operations) {
    const std::string misfit = apply(operation, schema_);
    const bool certain = options_.schema_is_complete || is_certain(misfit) || is_made_twice(operation, misfit);
    if (misfit.empty() || !certain || is_refused(report, where)) continue;
    report.findings.push_back(misfit_finding(misfit, dependents(operation, schema_), where));
  }
}

void Checker::Walk::tell_what_breaks(const Statement& statement, const Span& where, ScriptReport& report) {
  if (statement.operations.empty()) return;
  VersionChange change = breakage_->of(schema_);
  for (const TouchedStatement& one : change.broken) {
    report.findings.push_back(built_in("breaks-application", where, fmt::format("From here on this fails: {}, {}: {}.", one.version, one.endpoint, one.why)));
  }
  changes_.push_back({where, std::move(change)});
}

void Checker::Walk::predict(const Session& session, ScriptReport& report) {
  const auto& seen = session.seen();
  for (std::size_t i = 0; i < seen.size();) {
    std::size_t end = i;
    TransactionToPredict transaction{before_.at(seen[i].transaction), {}};
    for (; end < seen.size() && seen[end].transaction == seen[i].transaction; ++end) transaction.statements.push_back(&seen[end]);
    if (const auto predicted = predict_transaction(transaction, *options_.scenario, options_.run)) {
      attach(*predicted, transaction, inputs_of(transaction, *options_.scenario), i, report);
    }
    i = end;
  }
  before_.clear();
}

Checker::Checker(Options options) : walk_(std::make_unique<Walk>(std::move(options))) {}
Checker::~Checker() = default;
Checker::Checker(Checker&&) noexcept = default;

ScriptReport Checker::check(Migration migration) { return walk_->check(std::move(migration)); }
const Schema& Checker::schema() const { return walk_->schema(); }

}  // namespace midflight::check
