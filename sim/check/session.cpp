#include "sim/check/session.h"

#include <algorithm>
#include <cctype>
#include <variant>

#include "sim/check/settings.h"
#include "sim/model/sql_text.h"

namespace midflight::check {
namespace {

constexpr std::size_t kWordsLooked = 40;  ///< characters: BEGIN and its like are short

/// Most statements begin with another word: its first two letters tell.
bool may_begin_transaction_word(std::string_view sql) {
  if (sql.size() < 2) return false;
  const auto lower = [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); };
  const std::string two = {lower(sql[0]), lower(sql[1])};
  for (const std::string_view known : {"be", "st", "co", "en", "pr", "sa", "re", "ab", "ro"}) {
    if (two == known) return true;
  }
  return false;
}

TransactionWord word_of(const std::vector<SqlToken>& tokens) {
  const auto is = [&](std::size_t i, std::string_view word) { return i < tokens.size() && is_word(tokens[i], word); };
  if (is(0, "begin") || (is(0, "start") && is(1, "transaction"))) return TransactionWord::Begin;
  if (is(0, "commit") && !is(1, "prepared")) return TransactionWord::Commit;
  if (is(0, "end")) return TransactionWord::Commit;
  if (is(0, "prepare") && is(1, "transaction")) return TransactionWord::Commit;
  if (is(0, "savepoint")) return TransactionWord::Savepoint;
  if (is(0, "release")) return TransactionWord::Release;
  if (is(0, "abort")) return TransactionWord::Rollback;
  if (!is(0, "rollback") || is(1, "prepared")) return TransactionWord::None;
  const std::size_t to = is(1, "work") || is(1, "transaction") ? 2 : 1;
  return is(to, "to") ? TransactionWord::RollbackTo : TransactionWord::Rollback;
}

bool mentions(std::string_view sql, std::string_view word) {
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  return std::search(sql.begin(), sql.end(), word.begin(), word.end(), same) != sql.end();
}

/// Rows, and nothing that another statement would look for in its text.
bool is_rows_alone(const Statement& statement) {
  if (statement.kind != StatementKind::Insert && statement.kind != StatementKind::Update && statement.kind != StatementKind::Delete) return false;
  const bool data = std::all_of(statement.operations.begin(), statement.operations.end(),
                                [](const Operation& operation) { return std::holds_alternative<DataStatement>(operation); });
  return data && !mentions(statement.sql, "setval");
}

std::optional<Duration>& timeout_of(Timeouts& timeouts, SettingChange::Name name) {
  if (name == SettingChange::Name::Lock) return timeouts.lock;
  if (name == SettingChange::Name::Statement) return timeouts.statement;
  return timeouts.idle_in_transaction;
}

}  // namespace

TransactionWord transaction_word(const Statement& statement) {
  const std::string_view sql = statement.sql;
  if (sql.size() > 4 * kWordsLooked || !may_begin_transaction_word(sql)) return TransactionWord::None;
  return word_of(sql_tokens(sql.substr(0, kWordsLooked)));
}

bool chains(const Statement& statement) {
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  const std::size_t n = tokens.size();
  return n > 2 && is_word(tokens[n - 1], "chain") && is_word(tokens[n - 2], "and");
}

std::string savepoint_name(const Statement& statement) {
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  return tokens.empty() ? "" : token_name(tokens.back());
}

Session::Session(Wrapping wrapping, Timeouts at_start, Memory memory)
    : wrapping_(wrapping), memory_(memory), at_start_(at_start), timeouts_(at_start), at_commit_(at_start) {
  if (wrapping_ != Wrapping::EachStatement) begin_transaction();
}

void Session::begin_transaction() {
  open_ = true;
  at_commit_ = at_begin_ = timeouts_;
  path_at_commit_ = path_at_begin_ = path_;
}

void Session::end_transaction() {
  open_ = false;
  held_.clear();
  savepoints_.clear();
  created_here_.clear();
  timeouts_ = at_commit_;
  path_ = path_at_commit_;
  ++transaction_;
}

/// What a rollback takes back before the transaction ends: settings, and what was created.
void Session::undo() {
  at_commit_ = at_begin_;
  path_at_commit_ = path_at_begin_;
  for (const std::string& name : created_here_) created_.erase(name);
}

const HeldLock* Session::held(const std::string& relation) const {
  const auto found = std::find_if(held_.begin(), held_.end(), [&](const HeldLock& l) { return l.relation == relation; });
  return found == held_.end() ? nullptr : &*found;
}

bool Session::is_new(const std::string& relation) const {
  if (created_here_.contains(relation) || temporary_.contains(relation)) return true;
  return created_.contains(relation) && !filled_.contains(relation);
}

void Session::take(const LocksAndWork& work) {
  for (const Phase& phase : work.phases) {
    for (const RelationLock& lock : phase.locks) {
      const auto held = std::find_if(held_.begin(), held_.end(), [&](const HeldLock& l) { return l.relation == lock.relation; });
      if (held == held_.end()) held_.push_back({lock.relation, lock.mode, seen_.size()});
      else if (held->mode < lock.mode) *held = {lock.relation, lock.mode, seen_.size()};
    }
  }
}

void Session::note_created(const Statement& statement) {
  for (const Operation& operation : statement.operations) {
    const auto* create = std::get_if<CreateTable>(&operation);
    if (create != nullptr && create->table.temporary) temporary_.insert(create->table.name);
    if (create == nullptr) continue;
    created_.insert(create->table.name);
    created_here_.insert(create->table.name);
  }
  if (statement.kind != StatementKind::Insert && statement.kind != StatementKind::Update) return;
  for (const Access& access : statement.accesses) {
    if (access.mode >= LockMode::RowExclusiveLock) filled_.insert(access.relation);
  }
}

void Session::was_there(const std::string& relation) {
  created_.erase(relation);
  created_here_.erase(relation);
}

void Session::follow_rename(const Statement& statement) {
  for (const Operation& operation : statement.operations) {
    const auto* rename = std::get_if<RenameTable>(&operation);
    if (rename == nullptr) continue;
    for (auto* names : {&created_, &created_here_, &filled_, &temporary_}) {
      if (names->erase(rename->from) > 0) names->insert(rename->to);
    }
    for (HeldLock& lock : held_) {
      if (lock.relation == rename->from) lock.relation = rename->to;
    }
  }
}

void Session::note_setting(const Statement& statement) {
  const auto change = setting_change(statement);
  if (!change) return;
  const auto value = change->value ? change->value : timeout_of(at_start_, change->name);
  if (change->local && !open_) return;  // the server warns that it has no effect
  timeout_of(timeouts_, change->name) = value;
  if (!change->local) timeout_of(at_commit_, change->name) = value;
}

void Session::note_path(const Statement& statement) {
  const auto change = sql::path_change(statement);
  if (!change || (change->local && !open_)) return;
  path_ = change->path;
  if (!change->local) path_at_commit_ = path_;
}

void Session::transact(TransactionWord word, const Statement& statement) {
  nested_begin_ = word == TransactionWord::Begin && open_;
  stray_end_ = (word == TransactionWord::Commit || word == TransactionWord::Rollback) && !open_;
  switch (word) {
    case TransactionWord::None: break;
    case TransactionWord::Begin:
      if (!open_) begin_transaction();
      break;
    case TransactionWord::Commit:
    case TransactionWord::Rollback:
      if (word == TransactionWord::Rollback && open_) undo();
      end_transaction();
      if (!stray_end_ && chains(statement)) begin_transaction();
      break;
    case TransactionWord::Savepoint: savepoints_.emplace_back(savepoint_name(statement), held_.size()); break;
    case TransactionWord::Release: break;
    case TransactionWord::RollbackTo: {
      const std::string name = savepoint_name(statement);
      const auto found = std::find_if(savepoints_.rbegin(), savepoints_.rend(), [&](const auto& s) { return s.first == name; });
      if (found != savepoints_.rend()) held_.resize(std::min(held_.size(), found->second));
      break;
    }
  }
}

bool Session::repeats_the_last(const Seen& next) const {
  if (memory_ == Memory::All || seen_.empty() || !next.work.understood || !is_rows_alone(next.statement)) return false;
  const Seen& last = seen_.back();
  const bool same_transaction = last.in_block == next.in_block && (!next.in_block || last.transaction == next.transaction);
  return same_transaction && last.statement.kind == next.statement.kind && last.statement.accesses == next.statement.accesses &&
         last.work == next.work && last.timeouts == next.timeouts && is_rows_alone(last.statement);
}

bool Session::run(Statement statement, LocksAndWork work) {
  const TransactionWord word = transaction_word(statement);
  const bool alone = !open_ && word == TransactionWord::None;
  if (work.understood && !work.transaction_forbidden) take(work);
  note_created(statement);
  follow_rename(statement);
  note_setting(statement);
  note_path(statement);
  Seen seen{std::move(statement), std::move(work), transaction_, !alone, timeouts_};
  transact(word, seen.statement);
  const bool remembered = !repeats_the_last(seen);
  if (remembered) seen_.push_back(std::move(seen));
  if (alone) end_transaction();
  return remembered;
}

void Session::finish() {
  if (wrapping_ != Wrapping::EachStatement && open_) end_transaction();
}

}  // namespace midflight::check
