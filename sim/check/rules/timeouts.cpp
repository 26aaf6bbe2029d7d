#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/check/rules/all.h"
#include "sim/check/settings.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, "Client Connection Defaults".

namespace midflight::check {
namespace {

constexpr Duration kLockTimeoutMax = Duration::seconds(10);
constexpr Duration kStatementTimeoutMax = Duration::hours(1);

bool is_without_end(const std::optional<Duration>& timeout) { return !timeout || timeout->ns == 0; }

/// It waits for requests and lets others wait.  A concurrent build blocks nobody while it waits.
bool blocks(const LocksAndWork& work, const Look& look) {
  return !work.transaction_forbidden && !locked_in_use(look, LockMode::ShareLock).empty();
}

/// The session has said so of an earlier statement of the script.
template <class Is>
bool said(const Look& look, const Is& is) {
  const auto& seen = look.session.seen();
  return std::any_of(seen.begin(), seen.end(), is);
}

bool seen_blocking(const Seen& seen) {
  if (seen.work.transaction_forbidden || !is_without_end(seen.timeouts.lock)) return false;
  for (const Phase& phase : seen.work.phases) {
    for (const RelationLock& lock : phase.locks) {
      if (lock.mode >= LockMode::ShareLock) return true;
    }
  }
  return false;
}

/// A new table refers to it.
bool is_of_foreign_key(const Look& look, const std::string& table) {
  bool found = false;
  for_each<CreateTable>(look, [&](const CreateTable& op) {
    found = found || std::any_of(op.table.constraints.begin(), op.table.constraints.end(), [&](const Constraint& c) {
      return c.kind == ConstraintKind::ForeignKey && c.referenced_table == table;
    });
  });
  return found;
}

void no_lock_timeout(const Look& look, Remarks& say) {
  if (!is_without_end(look.session.timeouts().lock) || !blocks(look.work, look) || said(look, seen_blocking)) return;
  const std::string table = locked_in_use(look, LockMode::ShareLock).front();
  if (is_of_foreign_key(look, table)) return;  // foreign-key-on-new-table says so
  const LockMode mode = *lock_on(look.work, table);
  say.push_back({fmt::format("Without lock_timeout the wait for {0} on {1} may last as long as the longest transaction that {2} it, and behind "
                             "the waiting request {3}.", lock_mode_name(mode), table,
                             mode == LockMode::AccessExclusiveLock ? "uses" : "writes to", who_waits(mode, table)),
                 with_lock_timeout(look)});
}

void no_statement_timeout(const Look& look, Remarks& say) {
  if (!is_without_end(look.session.timeouts().statement) || !blocks(look.work, look) || !takes_long(look.work)) return;
  if (said(look, [](const Seen& seen) { return seen_blocking(seen) && takes_long(seen.work); })) return;
  const std::vector<std::string> locked = locked_in_use(look, LockMode::ShareLock);
  say.push_back({fmt::format("Nothing ends this statement: {} {} locked for as long as it takes. statement_timeout is not set.",
                             listed(locked), locked.size() == 1 ? "stays" : "stay"),
                 fmt::format("SET statement_timeout = '1min';\n{};", look.statement.sql)});
}

void too_long(const Look& look, Remarks& say) {
  const auto change = setting_change(look.statement);
  if (!change || !change->value || change->name != SettingChange::Name::Lock) return;
  if (*change->value <= kLockTimeoutMax) return;  // 0, for a concurrent build alone, is right: no-lock-timeout minds the rest
  say.push_back({fmt::format("While a statement waits up to {:.0f} s for its lock, requests wait behind it just as long.",
                             change->value->seconds()),
                 "SET lock_timeout = '2s';  -- and try again when it gives up"});
}

/// "2s", "1500ms"
std::string as_setting(Duration timeout) {
  const auto milliseconds = std::llround(timeout.seconds() * 1000);
  return milliseconds % 1000 == 0 ? fmt::format("{}s", milliseconds / 1000) : fmt::format("{}ms", milliseconds);
}

/// Concurrent builds wait for older transactions as for locks.  Inside a transaction
/// none begins: one sent alone is in none, and any other is refused.
void ends_a_build(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  const bool alone = end.session.wrapping() == Wrapping::Implicit && seen.size() == 1;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto& timeout = seen[i].timeouts.lock;
    if (is_without_end(timeout) || !seen[i].work.transaction_forbidden || (seen[i].in_block && !alone)) continue;
    if (!does(seen[i].work, WorkKind::IndexBuild) || !Words(seen[i].statement.sql).contain("concurrently")) continue;
    say.push_back({fmt::format("The build waits for every older transaction to end, and lock_timeout ends that wait too, after {:g} s: then an "
                               "invalid index is left behind.", timeout->seconds()),
                   fmt::format("SET lock_timeout = 0;  -- blocks nobody: only the build waits\n{};\nSET lock_timeout = '{}';",
                               seen[i].statement.sql, as_setting(*timeout)), i});
  }
}

void statement_too_long(const Look& look, Remarks& say) {
  const auto change = setting_change(look.statement);
  if (!change || !change->value || change->name != SettingChange::Name::Statement) return;
  if (change->value->ns > 0 && *change->value <= kStatementTimeoutMax) return;
  say.push_back({change->value->ns == 0 ? "statement_timeout = 0 lets a statement keep its locks without end."
                                        : "A statement may keep its locks for more than an hour before statement_timeout ends it.",
                 "SET statement_timeout = '10min';"});
}

void local_without_effect(const Look& look, Remarks& say) {
  const auto change = setting_change(look.statement);
  if (!change || !change->local || look.session.in_block()) return;
  say.push_back({"SET LOCAL holds until the end of the transaction, and outside a transaction that is this very statement: it has no effect.",
                 "SET" + look.statement.sql.substr(look.words.tokens()[1].text.data() + look.words.tokens()[1].text.size() -
                                                   look.statement.sql.data()) + ";"});
}

/// Relations in use that the statement locks against everybody: tables, and its indexes where it locks nothing else.
std::vector<std::string> locked_for_all(const Seen& seen, const End& end) {
  std::vector<std::string> out;
  for (const Phase& phase : seen.work.phases) {
    for (const RelationLock& lock : phase.locks) {
      if (lock.mode < LockMode::AccessExclusiveLock || end.session.is_new(lock.relation)) continue;
      if (std::find(out.begin(), out.end(), lock.relation) == out.end()) out.push_back(lock.relation);
    }
  }
  const auto is_other = [&](const std::string& name) { return end.schema.table(name) == nullptr; };
  if (!std::all_of(out.begin(), out.end(), is_other)) std::erase_if(out, is_other);
  return out;
}

/// Something stands between the statement and the end of its transaction, where the client may hang.
bool goes_on(const std::vector<Seen>& seen, std::size_t at) {
  const auto next = at + 1;
  return next < seen.size() && seen[next].transaction == seen[at].transaction && transaction_word(seen[next].statement) == TransactionWord::None;
}

/// Once for a script, where its first such transaction takes the lock.
void idle_in_transaction(const End& end, Remarks& say) {
  if (end.session.wrapping() != Wrapping::EachStatement) return;  // the tool's own transaction ends with its connection
  const auto& seen = end.session.seen();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i].in_block || !is_without_end(seen[i].timeouts.idle_in_transaction) || !goes_on(seen, i)) continue;
    const std::vector<std::string> locked = locked_for_all(seen[i], end);
    if (locked.empty()) continue;
    say.push_back({fmt::format("If the client hangs between here and COMMIT, {} {} locked until the server notices. "
                               "idle_in_transaction_session_timeout is not set.", listed(locked), locked.size() == 1 ? "stays" : "stay"),
                   "SET idle_in_transaction_session_timeout = '10s';", i});
    return;
  }
}

}  // namespace

std::vector<Rule> timeout_rules() {
  return {
      {.id = "no-lock-timeout",
       .severity = Severity::Caution,
       .title = "A lock that others wait behind is asked for without lock_timeout",
       .what = "A request for a strong lock waits for every transaction that holds a conflicting one, and all later queries wait behind the "
               "request. Without lock_timeout that lasts as long as the longest of them.",
       .instead = "A lock_timeout of a second or two, and a retry.",
       .concern = Concern::Time,
       .look = no_lock_timeout,
       .bad = "ALTER TABLE orders ADD COLUMN channel text;",
       .good = "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN channel text;",
       .timeouts_set = false},
      {.id = "no-statement-timeout",
       .severity = Severity::Note,
       .title = "Long work under a strong lock without statement_timeout",
       .what = "Where a scan or a rewrite takes longer than thought, nothing ends the outage.",
       .instead = "A statement_timeout as long as the outage may be.",
       .look = no_statement_timeout,
       .bad = "SET lock_timeout = '2s';\nALTER TABLE products ALTER COLUMN stock TYPE bigint;",
       .good = "SET lock_timeout = '2s';\nSET statement_timeout = '1min';\nALTER TABLE products ALTER COLUMN stock TYPE bigint;",
       .timeouts_set = false,
       .also = {"column-type-rewrite", "statistics-missing"}},
      {.id = "lock-timeout-too-long",
       .severity = Severity::Caution,
       .title = "A lock_timeout of more than ten seconds",
       .what = "While the statement waits for its lock, requests wait behind it: a lock_timeout is the longest outage that each try "
               "may cause.",
       .instead = "A second or two, and more tries.",
       .look = too_long,
       .bad = "SET lock_timeout = '5min';\nALTER TABLE orders ADD COLUMN channel text;",
       .good = "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN channel text;"},
      {.id = "lock-timeout-ends-build",
       .severity = Severity::Note,
       .title = "A concurrent index build under a lock_timeout",
       .what = "CREATE INDEX and REINDEX CONCURRENTLY wait until transactions that are older than they are have ended. lock_timeout counts "
               "for these waits as for any other; the build then fails and leaves an invalid index, which costs writes and serves nobody. "
               "(Inside a transaction no build begins: the server refuses it, and concurrently-in-transaction says so.) Nobody waits behind the build, so it needs no such limit.",
       .instead = "lock_timeout = 0 for the build, and the limit again behind it; or a limit longer than the longest transaction.",
       .at_end = ends_a_build,
       .bad = "SET lock_timeout = '2s';\nCREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);",
       .good = "SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);\nSET lock_timeout = '2s';"},
      {.id = "statement-timeout-too-long",
       .severity = Severity::Note,
       .title = "A statement_timeout of 0 or of more than an hour",
       .what = "It ends nothing before the harm is done.",
       .instead = "As long as the outage may be; for concurrent builds set it just for them.",
       .look = statement_too_long,
       .bad = "SET statement_timeout = '12h';\nALTER TABLE orders ADD COLUMN channel text;",
       .good = "SET statement_timeout = '10min';\nALTER TABLE orders ADD COLUMN channel text;"},
      {.id = "set-local-outside-transaction",
       .severity = Severity::Caution,
       .title = "SET LOCAL outside a transaction",
       .what = "The setting ends with the statement that makes it; the server only warns.",
       .instead = "SET, or BEGIN before it.",
       .look = local_without_effect,
       .bad = "SET LOCAL lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN channel text;",
       .good = "SET lock_timeout = '2s';\nALTER TABLE orders ADD COLUMN channel text;"},
      {.id = "no-idle-in-transaction-timeout",
       .severity = Severity::Note,
       .title = "An open transaction may keep a table locked after its client has gone",
       .what = "A client that hangs between BEGIN and COMMIT keeps AccessExclusiveLock until the server notices, which may take hours. Said "
               "once of a script, and only where more follows in the transaction that takes the lock.",
       .instead = "SET idle_in_transaction_session_timeout.",
       .at_end = idle_in_transaction,
       .bad = "SET lock_timeout = '2s';\nBEGIN;\nALTER TABLE orders ADD COLUMN channel text;\n"
              "ALTER TABLE orders ADD COLUMN agent text;\nCOMMIT;",
       .good = "SET lock_timeout = '2s';\nSET idle_in_transaction_session_timeout = '10s';\n"
               "BEGIN;\nALTER TABLE orders ADD COLUMN channel text;\nALTER TABLE orders ADD COLUMN agent text;\nCOMMIT;",
       .timeouts_set = false},
  };
}

}  // namespace midflight::check
