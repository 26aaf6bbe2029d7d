#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, REINDEX; CREATE INDEX, "Building Indexes Concurrently".

namespace midflight::check {
namespace {

/// REINDEX [(options)] KIND: the word of the kind.
std::string_view reindex_kind(const Words& words) {
  for (const std::string_view kind : {"index", "table", "schema", "database", "system"}) {
    if (words.contain(kind)) return kind;
  }
  return "";
}

void reindex_not_concurrent(const Look& look, Remarks& say) {
  if (!look.words.begin("reindex") || look.words.contain("concurrently")) return;
  const std::string_view kind = reindex_kind(look.words);
  const std::string name = look.words.name_behind(kind);
  if (kind.empty() || kind == "system" || (kind == "table" && !in_use(look, name))) return;
  say.push_back({fmt::format("REINDEX of {} stops writes to the table (ShareLock), and nearly all reads as well, for it takes "
                             "AccessExclusiveLock on the index and every query looks at all indexes of its tables.", name),
                 with_behind(look.statement.sql, kind, "CONCURRENTLY") + ";"});
}

/// "CREATE INDEX CONCURRENTLY": the statement's first words, without names.
std::string kind_of(const Statement& statement) {
  const Words words(statement.sql);
  for (const char* kind : {"CREATE UNIQUE INDEX CONCURRENTLY", "CREATE INDEX CONCURRENTLY", "DROP INDEX CONCURRENTLY",
                           "ALTER TABLE", "REINDEX", "VACUUM", "CREATE DATABASE", "DROP DATABASE", "ALTER SYSTEM",
                           "CREATE TABLESPACE", "DROP TABLESPACE", "CLUSTER"}) {
    std::string low(kind);
    std::transform(low.begin(), low.end(), low.begin(), [](unsigned char c) { return std::tolower(c); });
    if (words.begin(low)) return kind;
  }
  return "This statement";
}

std::string_view who_opened(Wrapping wrapping) {
  switch (wrapping) {
    case Wrapping::OneTransaction: return "and the tool that runs this file puts one around it. Switch that off for this file, and "
                                          "put the statement into a file of its own";
    case Wrapping::Implicit: return "and several statements sent at once are one. Put this one into a file of its own";
    case Wrapping::UnlessRefused:
    case Wrapping::EachStatement: break;
  }
  return "and BEGIN opened one. Put the statement before BEGIN or behind COMMIT";
}

void in_transaction(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  if (end.session.wrapping() == Wrapping::Implicit && seen.size() < 2) return;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const bool refuses = seen[i].statement.refuses_transaction || seen[i].work.transaction_forbidden;
    if (!refuses || !seen[i].in_block) continue;
    say.push_back({fmt::format("{} fails inside a transaction (25001), {}.", kind_of(seen[i].statement),
                               who_opened(end.session.wrapping())),
                   "", i});
  }
}

/// Updates per second that change a column of the index.
double updates_per_second(const Scenario& scenario, const Index& index) {
  double rate = 0;
  if (scenario.app.versions.empty()) return rate;
  for (const Endpoint& endpoint : scenario.app.versions.front().endpoints) {
    for (const Statement& statement : endpoint.statements) {
      if (statement.kind != StatementKind::Update) continue;
      const bool changes = std::any_of(statement.accesses.begin(), statement.accesses.end(), [&](const Access& access) {
        return access.relation == index.table && std::find_first_of(access.writes.begin(), access.writes.end(), index.columns.begin(),
                                                                    index.columns.end()) != access.writes.end();
      });
      rate += changes ? endpoint.rate_per_second : 0;
    }
  }
  return rate;
}

void on_updated_column(const Look& look, Remarks& say) {
  if (look.scenario == nullptr) return;
  for_each<CreateIndex>(look, [&](const CreateIndex& op) {
    const double rate = updates_per_second(*look.scenario, op.index);
    if (rate <= 0) return;
    say.push_back({fmt::format("{:.4g} updates/s change a column of {}: none of them can be HOT any more, so each writes an entry into every "
                               "index of {}.", rate, op.index.name, op.index.table),
                   "-- weigh the reads it helps against these writes; a column that changes less often may do"});
  });
}

}  // namespace

std::vector<Rule> index_upkeep_rules() {
  return {
      {.id = "reindex-not-concurrent",
       .severity = Severity::Danger,
       .title = "REINDEX without CONCURRENTLY",
       .what = "The table is under ShareLock and each of its indexes under AccessExclusiveLock while it is built again. The "
               "planner looks at every index of a table, so reads wait as well.",
       .instead = "REINDEX ... CONCURRENTLY, outside a transaction.",
       .concern = Concern::Time,
       .look = reindex_not_concurrent,
       .bad = "REINDEX INDEX orders_placed_idx;",
       .good = "REINDEX INDEX CONCURRENTLY orders_placed_idx;"},
      {.id = "concurrently-in-transaction",
       .severity = Severity::Danger,
       .title = "A statement that refuses transactions runs inside one",
       .what = "CREATE INDEX CONCURRENTLY, VACUUM and a few others open transactions of their own and fail inside another one: "
               "the migration stops there.",
       .instead = "One such statement per file, and no transaction around the file.",
       .concern = Concern::Refusal,
       .at_end = in_transaction,
       .bad = "BEGIN;\nCREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);\nCOMMIT;",
       .good = "CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);"},
      {.id = "index-on-updated-column",
       .severity = Severity::Note,
       .title = "An index on a column that the application updates all the time",
       .what = "With --scenario. An UPDATE that changes no indexed column keeps its row version on the page and touches no index (HOT). An "
               "index on such a column ends that for all of them, for good.",
       .instead = "Weigh the reads it helps against these writes.",
       .look = on_updated_column,
       .good = "CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);"},
  };
}

}  // namespace midflight::check
