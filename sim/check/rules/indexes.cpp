#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, CREATE INDEX, DROP INDEX, "Building Indexes Concurrently".

namespace midflight::check {
namespace {

/// The statement without its IF NOT EXISTS.
std::string without_if_not_exists(const Look& look) {
  std::string sql = look.statement.sql;
  const auto& tokens = look.words.tokens();
  for (std::size_t i = 0; i + 3 < tokens.size(); ++i) {
    if (!is_word(tokens[i], "if") || !is_word(tokens[i + 1], "not") || !is_word(tokens[i + 2], "exists")) continue;
    const auto from = static_cast<std::size_t>(tokens[i].text.data() - look.statement.sql.data());
    const auto to = static_cast<std::size_t>(tokens[i + 3].text.data() - look.statement.sql.data());
    return sql.erase(from, to - from);
  }
  return sql;
}

/// Built concurrently; what a failed try may have left goes first, for IF NOT EXISTS would take it for the index.
std::string concurrently(const Look& look, const CreateIndex& op) {
  const std::string build = with_behind(op.if_not_exists ? without_if_not_exists(look) : look.statement.sql, "index", "CONCURRENTLY") + ";";
  return op.if_not_exists ? fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {};  -- what a failed try has left\n{}", q(op.index.relation()), build) : build;
}

void not_concurrent(const Look& look, Remarks& say) {
  for_each<CreateIndex>(look, [&](const CreateIndex& op) {
    if (op.concurrently || !does(look.work, WorkKind::IndexBuild) || !in_use(look, op.index.table)) return;
    if (is_partitioned(look, op.index.table) || is_materialized_view(look, op.index.table)) return;
    say.push_back({fmt::format("The index is built under ShareLock: INSERT, UPDATE and DELETE on {} wait until it is done.",
                               op.index.table),
                   concurrently(look, op)});
  });
}

void drop_not_concurrent(const Look& look, Remarks& say) {
  for_each<DropIndex>(look, [&](const DropIndex& op) {
    const Index* index = look.schema.index(op.index);
    if (op.concurrently || (index != nullptr && (index->constraint || !in_use(look, index->table)))) return;
    if (index == nullptr && op.if_exists) return;
    if (index != nullptr && is_partitioned(look, index->table)) return;  // has no concurrent form
    const std::string table = index == nullptr ? "the index's table" : index->table;
    say.push_back({fmt::format("DROP INDEX waits for every open transaction that has used {} and keeps later queries waiting behind it "
                               "(AccessExclusiveLock).", table),
                   with_behind(look.statement.sql, "index", "CONCURRENTLY") + ";"});
  });
}

void if_not_exists(const Look& look, Remarks& say) {
  for_each<CreateIndex>(look, [&](const CreateIndex& op) {
    if (!op.concurrently || !op.if_not_exists) return;
    say.push_back({fmt::format("A build that failed leaves {0} behind as an invalid index. The next try finds the name taken, "
                               "skips the statement and reports success: no query uses {0}, every write maintains it.", op.index.name),
                   fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {};\n{};", q(op.index.relation()), without_if_not_exists(look))});
  });
}

bool replaces(const Index& now, const Index& old) {
  return now.table == old.table && !now.columns.empty() && !old.columns.empty() && now.columns.front() == old.columns.front();
}

void dropped_first(const Look& look, Remarks& say) {
  for_each<CreateIndex>(look, [&](const CreateIndex& op) {
    const auto& dropped = look.session.dropped();
    const auto old = std::find_if(dropped.begin(), dropped.end(), [&](const Index& index) { return replaces(op.index, index); });
    if (old == dropped.end() || !in_use(look, op.index.table)) return;
    say.push_back({fmt::format("{} is gone before {} is there: until the build is done, queries that find rows of {} by {} read "
                               "the whole table.", old->name, op.index.name, op.index.table, op.index.columns.front()),
                   fmt::format("{};\nDROP INDEX CONCURRENTLY {};", look.statement.sql, q(old->name))});
  });
}

void on_14(const Look& look, Remarks& say) {
  if (look.dialect.version != 14 || !look.statement.refuses_transaction) return;
  if (!look.words.contain("index concurrently") && !look.words.begin("reindex")) return;
  const auto& seen = look.session.seen();
  const bool said = std::any_of(seen.begin(), seen.end(), [](const Seen& s) { return s.statement.refuses_transaction; });
  if (said) return;
  say.push_back({"CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY of 14.0 to 14.3 may leave out rows that change meanwhile. "
                 "Run 14.4 or later; amcheck finds indexes that were built before.", ""});
}

void unique_dropped(const Look& look, Remarks& say) {
  for_each<DropIndex>(look, [&](const DropIndex& op) {
    const Index* index = look.schema.index(op.index);
    if (index == nullptr || !index->unique || index->constraint || !in_use(look, index->table)) return;
    const Table& table = *look.schema.table(index->table);
    const bool other = std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& i) {
      return i.name != index->name && i.unique && i.valid && i.columns == index->columns;
    });
    if (other) return;
    const std::string keys = index_keys(*index);
    say.push_back({fmt::format("{} keeps ({}) of {} unique. Without it duplicates come in, and INSERT ... ON CONFLICT ({}) of a "
                               "running version fails (42P10).", index->name, keys, index->table, keys),
                   fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({});\nDROP INDEX CONCURRENTLY {};", q(index->name + "_new"),
                               q(index->table), keys, q(index->relation()))});
  });
}

}  // namespace

std::vector<Rule> index_rules() {
  return {
      {.id = "index-not-concurrent",
       .severity = Severity::Danger,
       .title = "CREATE INDEX without CONCURRENTLY",
       .what = "The table is under ShareLock while every row is read and sorted. Writes wait for the whole build.",
       .instead = "CREATE INDEX CONCURRENTLY, outside a transaction. It takes longer and blocks nobody.",
       .concern = Concern::Time,
       .look = not_concurrent,
       .bad = "CREATE INDEX orders_status_idx ON orders (status);",
       .good = "CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);"},
      {.id = "drop-index-not-concurrent",
       .severity = Severity::Caution,
       .title = "DROP INDEX without CONCURRENTLY",
       .what = "DROP INDEX takes AccessExclusiveLock on the table of the index. It waits for every open transaction that has used it, and every "
               "later query waits behind it.",
       .instead = "DROP INDEX CONCURRENTLY, outside a transaction. It waits for old transactions without blocking anybody.",
       .concern = Concern::Time,
       .look = drop_not_concurrent,
       .bad = "DROP INDEX orders_placed_idx;",
       .good = "DROP INDEX CONCURRENTLY orders_placed_idx;"},
      {.id = "concurrent-index-if-not-exists",
       .severity = Severity::Caution,
       .title = "CREATE INDEX CONCURRENTLY IF NOT EXISTS keeps an invalid index",
       .what = "A concurrent build that fails (a deadlock, a duplicate, a timeout) leaves an invalid index with the name. IF NOT "
               "EXISTS then takes the name for the index and reports success.",
       .instead = "Drop what a failed try may have left, then build without IF NOT EXISTS.",
       .look = if_not_exists,
       .bad = "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_status_idx ON orders (status);",
       .good = "DROP INDEX CONCURRENTLY IF EXISTS orders_status_idx;\n"
               "CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);"},
      {.id = "index-dropped-before-replacement",
       .severity = Severity::Caution,
       .title = "The old index is dropped before the new one is built",
       .what = "Between the two statements, and for as long as the build takes, queries have no index for the column and read "
               "the whole table.",
       .instead = "Build the new index first, then drop the old one.",
       .look = dropped_first,
       .bad = "DROP INDEX CONCURRENTLY orders_placed_idx;\n"
              "CREATE INDEX CONCURRENTLY orders_placed_status_idx ON orders (placed, status);",
       .good = "CREATE INDEX CONCURRENTLY orders_placed_status_idx ON orders (placed, status);\n"
               "DROP INDEX CONCURRENTLY orders_placed_idx;",
       .also = {"not-repeatable"}},
      {.id = "concurrent-index-in-14",
       .severity = Severity::Note,
       .title = "Concurrent index builds of PostgreSQL 14.0 to 14.3 may corrupt the index",
       .what = "In these four releases rows that are updated during CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY may be "
               "missing from the index. Only the minor version tells, and that is not known here.",
       .instead = "Update the server to 14.4 or later first.",
       .since = 14,
       .look = on_14,
       .bad = "CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);",
       .good = "CREATE TABLE archive (id bigint);\nCREATE INDEX archive_id_idx ON archive (id);",
       .version = 14},
      {.id = "unique-index-dropped",
       .severity = Severity::Caution,
       .title = "Dropping the unique index that a column relies on",
       .what = "A unique index is a guarantee. Without it duplicates come in unseen, and INSERT ... ON CONFLICT on its columns "
               "fails in every running version.",
       .instead = "Build the unique index that takes its place first, or remove what relies on it and say so.",
       .look = unique_dropped,
       .bad = "DROP INDEX CONCURRENTLY customers_email_idx;",
       .good = "CREATE UNIQUE INDEX CONCURRENTLY customers_email_key ON customers (email);\n"
               "DROP INDEX CONCURRENTLY customers_email_idx;"},
  };
}

}  // namespace midflight::check
