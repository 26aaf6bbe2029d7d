#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, REFRESH MATERIALIZED VIEW, CREATE MATERIALIZED VIEW.

namespace midflight::check {
namespace {

/// The script has made the materialized view itself.
bool made_here(const Look& look, const std::string& name) {
  return std::any_of(look.session.seen().begin(), look.session.seen().end(), [&](const Seen& seen) {
    return Words(seen.statement.sql).name_behind("create materialized view") == name;
  });
}

/// One by which REFRESH CONCURRENTLY can find rows: valid, of plain columns, without a condition.
bool has_unique_index(const Schema& schema, const std::string& name) {
  const Table* view = schema.table(name);
  return view != nullptr && std::any_of(view->indexes.begin(), view->indexes.end(),
                                        [](const Index& index) { return index.unique && index.valid && !index.computed; });
}

void refresh(const Look& look, Remarks& say) {
  if (!look.words.begin("refresh materialized view") || look.words.begin("refresh materialized view concurrently")) return;
  const std::string name = look.words.name_behind("refresh materialized view");
  if (made_here(look, name)) return;
  say.push_back({fmt::format("The query behind {0} runs under AccessExclusiveLock: every read of {0} waits until it is done.", name),
                 fmt::format("{}REFRESH MATERIALIZED VIEW CONCURRENTLY {};",
                             has_unique_index(look.schema, name) ? "" : fmt::format("CREATE UNIQUE INDEX CONCURRENTLY ON {} (...);  -- once: by it the rows are found\n", q(name)), q(name))});
}

void refresh_concurrently(const Look& look, Remarks& say) {
  if (!look.words.begin("refresh materialized view concurrently") || !look.session.in_block()) return;
  const std::string name = look.words.name_behind("refresh materialized view");
  say.push_back({fmt::format("ExclusiveLock on {0} is kept until the transaction commits: other refreshes of {0} wait, reads go on.", name),
                 fmt::format("-- in a transaction of its own:\n{};", look.statement.sql)});
}

/// Without a WITH DATA at its end.
std::string_view without_with_data(const Words& words, std::string_view sql) {
  const auto& tokens = words.tokens();
  const std::size_t n = tokens.size();
  if (n < 2 || !is_word(tokens[n - 1], "data") || !is_word(tokens[n - 2], "with")) return sql;
  sql = sql.substr(0, static_cast<std::size_t>(tokens[n - 2].text.data() - sql.data()));
  return sql.substr(0, sql.find_last_not_of(" \t\r\n") + 1);
}

void filled_by_query(const Look& look, Remarks& say) {
  if (!look.words.begin("create") || look.words.contain("with no data")) return;
  const bool view = look.words.begin("create materialized view");
  const bool table = (look.words.begin("create table") || look.words.begin("create unlogged table")) &&
                     (look.words.contain("as select") || look.words.contain("as with") || look.words.contain("as ( select"));
  if (!view && !table) return;
  const std::vector<std::string> read = relations_with(look.work, WorkKind::Scan);
  if (!read.empty() && std::none_of(read.begin(), read.end(), [&](const std::string& name) { return in_use(look, name); })) return;
  const std::string name = look.words.name_behind(view ? "view" : "table");
  const std::string empty = fmt::format("{} WITH NO DATA;", without_with_data(look.words, look.statement.sql));
  say.push_back({fmt::format("{} is filled by one query in one transaction: as long as it runs, vacuum removes no row that anybody "
                             "deletes, and a concurrent index build anywhere waits.", name),
                 view ? fmt::format("{}\n-- then, at a quiet time:\nREFRESH MATERIALIZED VIEW {};", empty, q(name))
                      : fmt::format("{}\n-- then in batches:\nINSERT INTO {} SELECT ...;", empty, q(name))});
}

}  // namespace

std::vector<Rule> view_rules() {
  return {
      {.id = "refresh-not-concurrent",
       .severity = Severity::Danger,
       .title = "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
       .what = "The query runs under AccessExclusiveLock on the view. Every read of it waits.",
       .instead = "A unique index on the view and REFRESH ... CONCURRENTLY, which lets reads go on.",
       .concern = Concern::Time,
       .look = refresh,
       .bad = "REFRESH MATERIALIZED VIEW sales;",
       .good = "CREATE UNIQUE INDEX CONCURRENTLY sales_country_idx ON sales (country);\n"
               "REFRESH MATERIALIZED VIEW CONCURRENTLY sales;"},
      {.id = "refresh-in-transaction",
       .severity = Severity::Note,
       .title = "REFRESH ... CONCURRENTLY inside a longer transaction",
       .what = "Reads go on, but ExclusiveLock on the view is kept until the transaction commits: other refreshes wait.",
       .instead = "A transaction of its own.",
       .look = refresh_concurrently,
       .bad = "BEGIN;\nREFRESH MATERIALIZED VIEW CONCURRENTLY totals;\nCOMMIT;",
       .good = "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;"},
      {.id = "filled-by-one-query",
       .severity = Severity::Note,
       .title = "A table or materialized view is filled by one long query",
       .what = "A transaction that runs long keeps vacuum from removing dead rows anywhere and holds up concurrent index builds.",
       .instead = "WITH NO DATA, then fill it at a quiet time or in batches.",
       .look = filled_by_query,
       .bad = "CREATE MATERIALIZED VIEW countries AS SELECT country, count(*) FROM customers GROUP BY country;",
       .good = "CREATE MATERIALIZED VIEW countries AS SELECT country, count(*) FROM customers GROUP BY country WITH NO DATA;"},
  };
}

}  // namespace midflight::check
