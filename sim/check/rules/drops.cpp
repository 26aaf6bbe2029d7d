#include <fmt/format.h>

#include <algorithm>

#include "sim/check/dependents.h"
#include "sim/check/rules/all.h"
#include "sim/check/words.h"

namespace midflight::check {
namespace {

/// DETACH CONCURRENTLY, which the server refuses beside a default partition.
bool detaches_beside_traffic(const Look& look, const std::string& parent) {
  constexpr int kConcurrently = 14;
  const std::vector<std::string> parts = look.schema.children(parent);
  const bool has_default = std::any_of(parts.begin(), parts.end(), [&](const std::string& part) { return look.schema.table(part)->bound == "DEFAULT"; });
  return look.dialect.version >= kConcurrently && !has_default;
}

/// Queries on the parent wait as well, and rows for the partition have nowhere to go.
Remark partition_dropped(const Look& look, const Table& partition) {
  const std::string& parent = partition.parents.front();
  return {fmt::format("{0} is a partition: dropping it takes AccessExclusiveLock on {1}, behind which every query on {1} waits, and its rows are "
                      "gone for good.", partition.name, parent),
          fmt::format("ALTER TABLE {} DETACH PARTITION {}{};\n-- when nobody misses its rows:\n{};", q(parent), q(partition.name),
                      detaches_beside_traffic(look, parent) ? " CONCURRENTLY" : "", look.statement.sql)};
}

void drop_table(const Look& look, Remarks& say) {
  for_each<DropTable>(look, [&](const DropTable& op) {
    if (!in_use(look, op.table)) return;
    const Table* table = look.schema.table(op.table);
    if (table != nullptr && !table->bound.empty() && !table->parents.empty()) return say.push_back(partition_dropped(look, *table));
    say.push_back({.message = fmt::format("The rows of {} are gone for good.", op.table),
                   .instead = fmt::format("-- when no version names it, and some days before dropping it:\nALTER TABLE {} RENAME TO {};",
                                          q(op.table), q(op.table.substr(op.table.rfind('.') + 1) + "_unused")),
                   .statement = 0,
                   .severity = {},
                   .versions = fmt::format("A running version that still names {} fails (42P01).", op.table)});
  });
}

/// Nothing that nobody has shown can rest on what it drops.
bool is_known(const Look& look) {
  return look.assumed.empty() && (has<DropTable>(look) || has<DropView>(look) || has<DropMaterializedView>(look) || has<DropConstraint>(look));
}

void cascade(const Look& look, Remarks& say) {
  const bool drops = (look.words.begin("drop") && !look.words.begin("drop schema")) || has<DropConstraint>(look);
  if (!drops || !look.words.contain("cascade")) return;
  std::vector<std::string> gone;
  for (const Operation& operation : look.statement.operations) {
    if (std::holds_alternative<DropColumn>(operation) || std::holds_alternative<AlterColumnType>(operation)) continue;
    for (std::string& one : dependents(operation, look.schema)) gone.push_back(std::move(one));
  }
  if (gone.empty() && (is_known(look) || has<DropConstraint>(look))) return;
  const std::string what = gone.empty() ? "everything that depends on it goes too, without being named" : "drops " + listed(gone) + " too";
  say.push_back({fmt::format("CASCADE: {}, {}under AccessExclusiveLock.", what, gone.size() == 1 ? "" : "each "),
                 "-- drop what depends on it by name, then without CASCADE"});
}

void schema_or_database(const Look& look, Remarks& say) {
  const bool schema = look.words.begin("drop schema");
  if (!schema && !look.words.begin("drop database") && !look.words.begin("drop owned")) return;
  if (schema && !look.words.contain("cascade")) return;  // fails unless it is empty
  const std::string name = look.words.name_behind(schema ? "drop schema" : look.words.begin("drop owned") ? "by" : "drop database");
  if (look.words.begin("drop owned"))
    return say.push_back({fmt::format("Everything that {} owns in this database is gone for good, and every version that names any of it fails; its rights go too.", name),
                          fmt::format("REASSIGN OWNED BY {} TO ...;  -- then DROP OWNED takes its rights alone", q(name))});
  say.push_back({fmt::format("Everything in {} is gone for good, and every version that names any of it fails.", name),
                 "-- drop what is in it by name"});
}

void truncate(const Look& look, Remarks& say) {
  if (!look.words.begin("truncate")) return;
  std::vector<std::string> tables = look.words.names_behind("truncate");
  std::erase_if(tables, [&](const std::string& name) { return !in_use(look, name); });
  if (tables.empty()) return;
  std::string batches;
  for (const std::string& name : tables) batches += fmt::format("{}DELETE FROM {} WHERE ...;  -- in batches", batches.empty() ? "" : "\n", q(name));
  say.push_back({fmt::format("TRUNCATE takes AccessExclusiveLock on {0}: it waits for every open transaction that has used {0}, later ones wait behind "
                             "it, and all rows are gone.", listed(tables)),
                 batches});
}

void truncate_cascade(const Look& look, Remarks& say) {
  if (!look.words.begin("truncate") || !look.words.contain("cascade")) return;
  std::vector<std::string> others;
  for (const std::string& name : look.words.names_behind("truncate")) {
    for (const Table& table : look.schema.tables) {
      const bool refers = std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) {
        return c.kind == ConstraintKind::ForeignKey && c.referenced_table == name;
      });
      if (refers && table.name != name && in_use(look, table.name)) others.push_back(table.name);
    }
  }
  if (others.empty() && look.assumed.empty()) return;
  const std::string which = others.empty() ? "every table that refers to it" : listed(others);
  say.push_back({fmt::format("CASCADE empties {} as well, and whatever refers to that.", which), "-- name every table, without CASCADE"});
}

}  // namespace

std::vector<Rule> drop_rules() {
  return {
      {.id = "drop-table",
       .severity = Severity::Caution,
       .title = "DROP TABLE while a version may still use it",
       .what = "Every statement that names the table fails from then on, and there is no way back to its rows.",
       .instead = "Deploy a version that does not name it, rename the table, wait, then drop it.",
       .concern = Concern::Compatibility,
       .look = drop_table,
       .bad = "DROP TABLE stock_levels;",
       .good = "CREATE TABLE scratch (a integer);\nDROP TABLE scratch;"},
      {.id = "drop-cascade",
       .severity = Severity::Danger,
       .title = "DROP ... CASCADE takes along what nobody has named",
       .what = "Views, foreign keys and everything else that depends on it go too, each under AccessExclusiveLock.",
       .instead = "Drop what depends on it by name.",
       .look = cascade,
       .bad = "DROP TABLE orders CASCADE;",
       .good = "DROP VIEW order_states;\nALTER TABLE payments DROP CONSTRAINT payments_order_id_fkey;\nDROP TABLE orders;",
       .also = {"drop-table", "table-with-foreign-keys-dropped"}},
      {.id = "drop-schema",
       .severity = Severity::Danger,
       .title = "DROP SCHEMA ... CASCADE, DROP DATABASE, DROP OWNED",
       .what = "All tables in it are gone for good, each under AccessExclusiveLock, with everything that depends on them.",
       .instead = "Drop what is in it by name.",
       .look = schema_or_database,
       .bad = "CREATE SCHEMA old;\nDROP SCHEMA old CASCADE;",
       .good = "CREATE SCHEMA old;\nDROP SCHEMA old;"},
      {.id = "truncate-table",
       .severity = Severity::Danger,
       .title = "TRUNCATE of a table in use",
       .what = "AccessExclusiveLock: it waits for every open transaction that has used the table, everything later waits behind it, and even transactions that "
               "began before see the table empty.",
       .instead = "DELETE in batches, or fill a new table and swap the names.",
       .concern = Concern::Time,
       .look = truncate,
       .bad = "TRUNCATE stock_levels;",
       .good = "DELETE FROM stock_levels WHERE product_id BETWEEN 1 AND 1000;"},
      {.id = "truncate-cascade",
       .severity = Severity::Danger,
       .title = "TRUNCATE ... CASCADE empties other tables too",
       .what = "Every table that refers to it by a foreign key is emptied under AccessExclusiveLock as well, and so on.",
       .instead = "Name every table that shall be empty.",
       .concern = Concern::Time,
       .look = truncate_cascade,
       .bad = "TRUNCATE orders CASCADE;",
       .good = "TRUNCATE orders, payments;",
       .also = {"truncate-table"}},
  };
}

}  // namespace midflight::check
