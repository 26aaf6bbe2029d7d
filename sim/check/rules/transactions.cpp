#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

namespace midflight::check {
namespace {

constexpr LockMode kBlocksWrites = LockMode::ShareLock;

/// The strongest lock of an earlier statement that this one keeps others waiting for.
const HeldLock* kept_lock(const Look& look) {
  const HeldLock* strongest = nullptr;
  for (const HeldLock& lock : look.session.held()) {
    if (lock.mode < kBlocksWrites || !in_use(look, lock.relation) || look.schema.table(lock.relation) == nullptr) continue;
    if (lock_on(look.work, lock.relation).value_or(LockMode::AccessShareLock) >= lock.mode) continue;
    if (strongest == nullptr || lock.mode > strongest->mode) strongest = &lock;
  }
  return strongest;
}

bool validates(const Look& look, const std::string& table) {
  bool found = false;
  for_each<ValidateConstraint>(look, [&](const ValidateConstraint& op) { found = found || op.table == table; });
  return found;
}

bool touches_only_new(const Look& look) {
  const auto is_new = [&](const Work& work) { return work.kind == WorkKind::Metadata || !in_use(look, work.relation); };
  return std::all_of(look.work.phases.begin(), look.work.phases.end(), [&](const Phase& phase) {
    return std::all_of(phase.work.begin(), phase.work.end(), is_new);
  });
}

void report_kept(const Look& look, std::string_view what, Remarks& say) {
  if (!look.session.in_block() || !takes_long(look.work) || touches_only_new(look)) return;
  const HeldLock* lock = kept_lock(look);
  if (lock == nullptr || validates(look, lock->relation)) return;
  say.push_back({fmt::format("{} while this transaction still holds {} on {}: until it commits, {}.", what, lock_mode_name(lock->mode),
                             lock->relation, who_waits(lock->mode, lock->relation)),
                 fmt::format("COMMIT;  -- the lock ends here\n{};", look.statement.sql)});
}

bool is_data(const Look& look) {
  return look.statement.kind == StatementKind::Insert || look.statement.kind == StatementKind::Update ||
         look.statement.kind == StatementKind::Delete;
}

void work_under_lock(const Look& look, Remarks& say) {
  if (look.work.transaction_forbidden) return;  // it fails here, and concurrently-in-transaction says so
  if (!is_data(look)) report_kept(look, "All rows are read", say);
}

void data_under_lock(const Look& look, Remarks& say) {
  if (is_data(look)) report_kept(look, "Rows are changed", say);
}

void several_tables(const Look& look, Remarks& say) {
  if (!look.session.in_block()) return;
  std::vector<std::string> before, now;
  for (const HeldLock& lock : look.session.held()) {
    if (lock.mode == LockMode::AccessExclusiveLock && in_use(look, lock.relation) && look.schema.table(lock.relation) != nullptr)
      before.push_back(lock.relation);
  }
  for (const std::string& name : locked_in_use(look, LockMode::AccessExclusiveLock)) {
    const bool held = std::find(before.begin(), before.end(), name) != before.end();
    if (!held && look.schema.table(name) != nullptr) now.push_back(name);
  }
  if (before.empty() || now.empty()) return;
  say.push_back({fmt::format("{0} {2} locked while this waits for {1}: queries on {0} wait for whatever {1} {3} busy with, and a "
                             "transaction that uses both in the other order deadlocks with it.", listed(before), listed(now),
                             before.size() == 1 ? "stays" : "stay", now.size() == 1 ? "is" : "are"),
                 fmt::format("COMMIT;  -- one table in each transaction\n{};", look.statement.sql)});
}

void unbalanced(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  std::size_t opened = 0;
  bool open = end.session.wrapping() != Wrapping::EachStatement;
  const bool by_tool = open;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const TransactionWord word = transaction_word(seen[i].statement);
    if (word == TransactionWord::Begin) {
      if (open && end.session.wrapping() != Wrapping::Implicit) {
        say.push_back({by_tool ? "The tool that runs this file has opened a transaction already; this BEGIN only warns, and the COMMIT that "
                                 "belongs to it commits everything before as well."
                               : "A transaction is open already: this BEGIN only warns, and one COMMIT ends both.", "", i});
      }
      open = true;
      opened = i;
    } else if (word == TransactionWord::Commit || word == TransactionWord::Rollback) {
      if (!open) say.push_back({"No transaction is open: what ran before has committed already, statement by statement.", "", i});
      open = open && chains(seen[i].statement);
    }
  }
  if (open && !by_tool && !seen.empty()) {
    say.push_back({"The transaction that begins here never commits: at the end of the file everything in it is rolled back.",
                   "COMMIT;", opened, Severity::Danger});
  }
}

bool locks_strongly(const Seen& seen) {
  for (const Phase& phase : seen.work.phases) {
    for (const RelationLock& lock : phase.locks) {
      if (lock.mode >= kBlocksWrites) return true;
    }
  }
  return false;
}

void many_statements(const End& end, Remarks& say) {
  constexpr std::ptrdiff_t kMany = 20;
  const auto& seen = end.session.seen();
  for (std::size_t i = 0; i < seen.size();) {
    std::size_t last = i;
    while (last < seen.size() && seen[last].transaction == seen[i].transaction) ++last;
    const auto locking = std::count_if(seen.begin() + static_cast<std::ptrdiff_t>(i), seen.begin() + static_cast<std::ptrdiff_t>(last), [&](const Seen& s) {
      return locks_strongly(s);
    });
    if (locking > kMany) {
      say.push_back({fmt::format("{} statements of this transaction take locks that keep writes waiting, and the first one is kept until "
                                 "the last is done.", locking), "-- several files, or COMMIT between them", i});
    }
    i = last;
  }
}

}  // namespace

std::vector<Rule> transaction_rules() {
  return {
      {.id = "work-under-earlier-lock",
       .severity = Severity::Danger,
       .title = "Long work while an earlier statement's lock is still held",
       .what = "Locks are kept to the end of the transaction. A statement that blocks nobody by itself does so under a lock that an "
               "earlier one has taken.",
       .instead = "Commit between the two.",
       .concern = Concern::Time,
       .look = work_under_lock,
       .bad = "BEGIN;\nALTER TABLE customers ADD COLUMN vip boolean;\n"
              "ALTER TABLE orders VALIDATE CONSTRAINT note_short;\nCOMMIT;",
       .good = "ALTER TABLE customers ADD COLUMN vip boolean;\nALTER TABLE orders VALIDATE CONSTRAINT note_short;",
       .also = {"existing-rows-may-fail"}},
      {.id = "data-change-under-lock",
       .severity = Severity::Danger,
       .title = "Rows are changed while DDL's lock is still held",
       .what = "ALTER TABLE keeps AccessExclusiveLock to the end of the transaction, so every query on the table waits until all rows "
               "are changed.",
       .instead = "The data change in a migration of its own, in batches.",
       .concern = Concern::Time,
       .look = data_under_lock,
       .bad = "BEGIN;\nALTER TABLE customers ADD COLUMN vip boolean;\nUPDATE customers SET vip = false;\nCOMMIT;",
       .good = "ALTER TABLE customers ADD COLUMN vip boolean;\nUPDATE customers SET vip = false WHERE id BETWEEN 1 AND 1000;",
       .also = {"update-all-rows"}},
      {.id = "several-tables-locked",
       .severity = Severity::Caution,
       .title = "Several tables are locked in one transaction",
       .what = "The first table stays locked while the second lock is waited for. Queries on both wait, and transactions that use "
               "them in another order deadlock.",
       .instead = "One table in each transaction.",
       .concern = Concern::Time,
       .look = several_tables,
       .bad = "BEGIN;\nALTER TABLE orders ADD COLUMN channel text;\nALTER TABLE products ADD COLUMN title text;\nCOMMIT;",
       .good = "ALTER TABLE orders ADD COLUMN channel text;\nALTER TABLE products ADD COLUMN title text;"},
      {.id = "unbalanced-transaction",
       .severity = Severity::Caution,
       .title = "BEGIN without COMMIT, or one inside another transaction",
       .what = "PostgreSQL has no nested transactions: a second BEGIN warns, the first COMMIT ends everything, and what no COMMIT "
               "ends is rolled back.",
       .instead = "One BEGIN, one COMMIT, or leave both to the tool.",
       .at_end = unbalanced,
       .bad = "BEGIN;\nALTER TABLE orders ADD COLUMN channel text;",
       .good = "BEGIN;\nALTER TABLE orders ADD COLUMN channel text;\nCOMMIT;"},
      {.id = "many-statements-in-transaction",
       .severity = Severity::Note,
       .title = "More than twenty locking statements in one transaction",
       .what = "Every lock is kept to the end, so the first table waits for all the others.",
       .instead = "Several files, or several transactions.",
       .concern = Concern::Time,
       .at_end = many_statements,
       .bad = "BEGIN;\nALTER TABLE orders ADD COLUMN a1 text;\nALTER TABLE orders ADD COLUMN a2 text;\n"
              "ALTER TABLE orders ADD COLUMN a3 text;\nALTER TABLE orders ADD COLUMN a4 text;\n"
              "ALTER TABLE orders ADD COLUMN a5 text;\nALTER TABLE orders ADD COLUMN a6 text;\n"
              "ALTER TABLE orders ADD COLUMN a7 text;\nALTER TABLE orders ADD COLUMN a8 text;\n"
              "ALTER TABLE orders ADD COLUMN a9 text;\nALTER TABLE orders ADD COLUMN b1 text;\n"
              "ALTER TABLE orders ADD COLUMN b2 text;\nALTER TABLE orders ADD COLUMN b3 text;\n"
              "ALTER TABLE orders ADD COLUMN b4 text;\nALTER TABLE orders ADD COLUMN b5 text;\n"
              "ALTER TABLE orders ADD COLUMN b6 text;\nALTER TABLE orders ADD COLUMN b7 text;\n"
              "ALTER TABLE orders ADD COLUMN b8 text;\nALTER TABLE orders ADD COLUMN b9 text;\n"
              "ALTER TABLE orders ADD COLUMN c1 text;\nALTER TABLE orders ADD COLUMN c2 text;\n"
              "ALTER TABLE orders ADD COLUMN c3 text;\nCOMMIT;",
       .good = "BEGIN;\nALTER TABLE orders ADD COLUMN a1 text, ADD COLUMN a2 text, ADD COLUMN a3 text;\nCOMMIT;"},
  };
}

}  // namespace midflight::check
