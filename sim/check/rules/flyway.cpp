#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: Flyway's documentation, "mixed", "executeInTransaction" and "PostgreSQL transactional lock"; its parser for
//         PostgreSQL, which tells statements that refuse transactions by their first words; its issues 1654, 3497, 3682
//         and 3961 for builds that never ended.
// Scope:  settings of the project are not read: what is said holds as long as they are as they come.

namespace midflight::check {
namespace {

/// Flyway itself takes it to refuse transactions.
bool is_kept_out(const Words& words) {
  constexpr std::array kFirst = std::to_array<std::string_view>(
      {"create index concurrently", "create unique index concurrently", "drop index concurrently", "create database", "drop database",
       "create tablespace", "drop tablespace", "create subscription", "drop subscription", "alter system", "reindex schema",
       "reindex database", "reindex system", "reindex verbose schema", "reindex verbose database", "vacuum", "discard all"});
  return std::any_of(kFirst.begin(), kFirst.end(), [&](std::string_view first) { return words.begin(first); });
}

bool is_kept_out(const Seen& seen) { return is_kept_out(Words(seen.statement.sql)); }

void mixed(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  const auto out = std::find_if(seen.begin(), seen.end(), [](const Seen& s) { return is_kept_out(s); });
  const auto in = std::find_if(seen.begin(), seen.end(), [](const Seen& s) { return !is_kept_out(s); });
  if (out == seen.end() || in == seen.end()) return;
  say.push_back({"Flyway refuses a file that has this beside statements that run in a transaction, BEGIN and SET included, before it runs any of "
                 "it. With flyway.mixed=true it runs the file without a transaction: what fails in the middle leaves the first half behind.",
                 fmt::format("-- in a file of its own:\n{};", out->statement.sql), static_cast<std::size_t>(out - seen.begin())});
}

/// DROP INDEX CONCURRENTLY waits for transactions that use the table, which Flyway's does not.
void own_lock(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  const auto build = std::find_if(seen.begin(), seen.end(), [](const Seen& s) {
    const Words words(s.statement.sql);
    return words.begin("create index concurrently") || words.begin("create unique index concurrently");
  });
  if (build == seen.end()) return;
  say.push_back({"The build waits for older transactions, and Flyway (since 9.1.2) keeps one open on another connection: the lock on its history. "
                 "Unless flyway.postgresql.transactional.lock is false, both may wait for ever.",
                 "-- in the project's settings, for all its migrations; no setting of a single script does it:\n"
                 "-- flyway.postgresql.transactional.lock=false",
                 static_cast<std::size_t>(build - seen.begin())});
}

}  // namespace

std::vector<Rule> flyway_rules() {
  return {
      {.id = "flyway-mixed",
       .severity = Severity::Caution,
       .title = "Statements with and without a transaction in one file of Flyway's",
       .what = "Flyway runs a file in one transaction, or without any if what is in it refuses transactions. A file with both kinds it refuses "
               "as a whole, also where `executeInTransaction=false` stands beside the file. `flyway.mixed=true` lets it run such files, without a transaction.",
       .instead = "A file for each: one with what runs in a transaction, one with the concurrent build alone.",
       .at_end = mixed,
       .bad = "ALTER TABLE orders ADD COLUMN channel text;\nCREATE INDEX CONCURRENTLY orders_channel_idx ON orders (channel);",
       .good = "CREATE TABLE channels (id bigint PRIMARY KEY, name text);\nCREATE INDEX channels_name_idx ON channels (name);",
       .framework = "flyway",
       .also = {"flyway-lock", "not-repeatable"}},
      {.id = "flyway-lock",
       .severity = Severity::Caution,
       .title = "A concurrent build behind Flyway's own lock",
       .what = "While migrations run, Flyway keeps a lock on its history, and since version 9.1.2 that lock is a transaction's, open on a second "
               "connection. CREATE INDEX CONCURRENTLY waits for older transactions to end, and Flyway ends its own when the build is "
               "done: neither happens, and an invalid index is left when somebody breaks it off.",
       .instead = "`flyway.postgresql.transactional.lock=false` (Spring: `spring.flyway.postgresql.transactional-lock: false`), which keeps "
                  "the lock without a transaction.",
       .at_end = own_lock,
       .bad = "CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);",
       .good = "DROP INDEX CONCURRENTLY orders_placed_idx;",
       .framework = "flyway"},
  };
}

}  // namespace midflight::check
