#include <fmt/format.h>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, VACUUM, CLUSTER, ALTER TABLE "SET TABLESPACE" and "SET LOGGED".

namespace midflight::check {
namespace {

void add(const Look& look, const std::string& table, const std::string& what, std::string instead, Remarks& say) {
  if (!table.empty() && !in_use(look, table)) return;
  say.push_back({fmt::format("{0} {1} under AccessExclusiveLock: every query on {2} waits until it is done.", what,
                             table.empty() ? "every table" : "every row of " + table, table.empty() ? "one" : table), std::move(instead)});
}

bool is_full(const Words& words) {
  return words.begin("vacuum full") || (words.begin("vacuum (") && words.contain("full") && !words.contain("full false") && !words.contain("full off"));
}

void vacuum_full(const Look& look, Remarks& say) {
  if (!look.words.begin("vacuum") || !is_full(look.words)) return;
  std::string table = look.words.name_behind(look.words.begin("vacuum (") ? ")" : "vacuum full");
  if (table == "analyze" || table == "verbose" || table == "freeze") table = look.words.name_behind(table);
  add(look, table, "VACUUM FULL writes anew", fmt::format("VACUUM {};  -- frees space for reuse beside the traffic", q(table)), say);
}

void cluster(const Look& look, Remarks& say) {
  if (!look.words.begin("cluster")) return;
  std::string table = look.words.name_behind("cluster");
  if (table == "verbose") table = look.words.name_behind("verbose");
  add(look, table, "CLUSTER sorts and writes", "-- pg_repack writes the table in order beside the traffic", say);
}

void logged(const Look& look, Remarks& say) {
  if (!look.words.begin("alter table")) return;
  const bool to_logged = look.words.contain("set logged");
  if (!to_logged && !look.words.contain("set unlogged")) return;
  add(look, look.words.name_behind("alter table"), to_logged ? "SET LOGGED writes anew" : "SET UNLOGGED writes anew",
      "-- a new table of that kind, filled in batches, then swap the names", say);
}

void tablespace(const Look& look, Remarks& say) {
  if (!look.words.begin("alter") || !look.words.contain("set tablespace") || look.words.begin("alter database")) return;
  std::string name = look.words.name_behind("alter table");
  if (name.empty()) name = look.words.name_behind("alter index");
  if (name.empty()) name = look.words.name_behind("alter materialized view");
  if (look.work.understood && !takes_long(look.work)) return;  // it is there already
  add(look, name, "SET TABLESPACE copies", "-- pg_repack --tablespace copies it beside the traffic", say);
}

}  // namespace

std::vector<Rule> storage_rules() {
  return {
      {.id = "vacuum-full",
       .severity = Severity::Danger,
       .title = "VACUUM FULL of a table in use",
       .what = "The table and its indexes are written again under AccessExclusiveLock. Every query on it waits.",
       .instead = "Plain VACUUM, or pg_repack where the space must go back to the file system.",
       .concern = Concern::Time,
       .look = vacuum_full,
       .bad = "VACUUM FULL orders;",
       .good = "VACUUM orders;"},
      {.id = "cluster-table",
       .severity = Severity::Danger,
       .title = "CLUSTER of a table in use",
       .what = "The table is written again in the order of an index under AccessExclusiveLock. Every query on it waits.",
       .instead = "pg_repack, which does it beside the traffic.",
       .concern = Concern::Time,
       .look = cluster,
       .bad = "CLUSTER orders USING orders_placed_idx;",
       .good = "ANALYZE orders;"},
      {.id = "set-logged",
       .severity = Severity::Danger,
       .title = "SET LOGGED or SET UNLOGGED of a table in use",
       .what = "The table and its indexes are written again under AccessExclusiveLock. Every query on it waits.",
       .instead = "A new table, filled in batches, that takes the name.",
       .concern = Concern::Time,
       .look = logged,
       .bad = "ALTER TABLE stock_levels SET UNLOGGED;",
       .good = "CREATE UNLOGGED TABLE stock_cache (product_id integer);"},
      {.id = "set-tablespace",
       .severity = Severity::Danger,
       .title = "SET TABLESPACE of a table in use",
       .what = "The files are copied under AccessExclusiveLock. Every query on the table waits.",
       .instead = "pg_repack --tablespace, which copies beside the traffic.",
       .concern = Concern::Time,
       .look = tablespace,
       .bad = "ALTER TABLE stock_levels SET TABLESPACE fast;",
       .good = "ALTER TABLE stock_levels SET (fillfactor = 80);"},
  };
}

}  // namespace midflight::check
