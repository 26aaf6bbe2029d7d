#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

namespace midflight::check {
namespace {

/// A view of that name is created later in the same transaction.
bool is_bridged(const End& end, std::size_t at, const std::string& name) {
  const auto& seen = end.session.seen();
  for (std::size_t i = at + 1; i < seen.size() && seen[i].transaction == seen[at].transaction; ++i) {
    for (const Operation& operation : seen[i].statement.operations) {
      const auto* view = std::get_if<CreateView>(&operation);
      if (view != nullptr && view->view.name == name) return true;
    }
  }
  return false;
}

bool is_created_before(const End& end, std::size_t at, const std::string& name) {
  const auto& seen = end.session.seen();
  for (std::size_t i = 0; i < at; ++i) {
    for (const Operation& operation : seen[i].statement.operations) {
      const auto* create = std::get_if<CreateTable>(&operation);
      const auto* rename = std::get_if<RenameTable>(&operation);
      const auto* view = std::get_if<CreateView>(&operation);
      if (view != nullptr && view->view.name == name) return true;
      if ((create != nullptr && create->table.name == name) || (rename != nullptr && rename->to == name)) return true;
    }
  }
  return false;
}

/// Another table takes the name in the same transaction: a swap.
bool is_swapped(const End& end, std::size_t at, const std::string& name) {
  const auto& seen = end.session.seen();
  for (std::size_t i = at + 1; i < seen.size() && seen[i].transaction == seen[at].transaction; ++i) {
    for (const Operation& operation : seen[i].statement.operations) {
      const auto* rename = std::get_if<RenameTable>(&operation);
      if (rename != nullptr && rename->to == name) return true;
    }
  }
  return false;
}

void rename(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (Words(seen[i].statement.sql).begin("alter sequence")) continue;  // no view stands in for it: see rename-object
    for (const Operation& operation : seen[i].statement.operations) {
      const auto* op = std::get_if<RenameTable>(&operation);
      if (op == nullptr || is_created_before(end, i, op->from) || is_bridged(end, i, op->from) || is_swapped(end, i, op->from)) continue;
      say.push_back({.message = fmt::format("Versions that name {} fail until now.", op->to),
                     .instead = fmt::format("BEGIN;\n{};\nCREATE VIEW {} AS SELECT * FROM {};  -- until no version names it\nCOMMIT;",
                                 seen[i].statement.sql, q(op->from), q(op->to)),
                     .statement = i,
                     .severity = {},
                     .versions = fmt::format("Running versions name {} and fail from now on (42P01).", op->from)});
    }
  }
}

void set_schema(const Look& look, Remarks& say) {
  const bool whole = look.words.begin("alter schema") && look.words.contain("rename to");
  if (!whole && !(look.words.begin("alter") && look.words.contain("set schema"))) return;
  std::string name = look.words.tokens().size() > 2 ? look.words.name_behind(whole ? "alter schema" : "alter table") : "";
  if (name.empty()) name = look.words.name_behind("alter view");
  if (name.empty() && !look.words.begin("alter table")) return;  // functions and types: no table moves
  if (!whole && !in_use(look, name)) return;
  const std::string place = look.words.name_behind("set schema");
  const std::string bare = name.substr(name.rfind('.') + 1);
  say.push_back({.message = "",
                 .instead = whole ? "-- a view for each relation in a schema of the old name, in the same transaction"
                                  : fmt::format("BEGIN;\n{};\nCREATE VIEW {} AS SELECT * FROM {}.{};  -- until no version names it\nCOMMIT;",
                                     look.statement.sql, q(name), q(place), q(bare)),
                 .statement = 0,
                 .severity = {},
                 .versions = fmt::format("Running versions find {} where it was and fail from now on (42P01), unless their search_path has "
                                         "both schemas.", name)});
}

std::vector<std::string> column_names(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}

void keeps_other(const Look& look, Remarks& say) {
  for_each<CreateTable>(look, [&](const CreateTable& op) {
    const Table* known = look.schema.table(op.table.name);
    if (!op.if_not_exists || known == nullptr || look.assumed.contains(op.table.name)) return;
    if (column_names(*known) == column_names(op.table)) return;
    say.push_back({fmt::format("{} exists already, with the columns {}. The statement is skipped, and what follows meets that table.",
                               op.table.name, column_list(column_names(*known))),
                   "-- ALTER TABLE what is there, or CREATE TABLE without IF NOT EXISTS to see that it is not"});
  });
}

}  // namespace

std::vector<Rule> table_rules() {
  return {
      {.id = "rename-table",
       .severity = Severity::Danger,
       .title = "RENAME TABLE while versions overlap",
       .what = "The rename is quick, but the moment it commits every running version that knows the old name fails.",
       .instead = "Put a view with the old name in its place, in the same transaction, until no version names it.",
       .concern = Concern::Compatibility,
       .at_end = rename,
       .bad = "ALTER TABLE stock_levels RENAME TO inventory;",
       .good = "BEGIN;\nALTER TABLE stock_levels RENAME TO inventory;\n"
               "CREATE VIEW stock_levels AS SELECT product_id, batch FROM inventory;\nCOMMIT;"},
      {.id = "set-schema",
       .severity = Severity::Danger,
       .title = "A relation moves to another schema",
       .what = "Every running version that names it by its schema, or finds it by search_path, fails from then on.",
       .instead = "A view with the old name in the old schema, in the same transaction.",
       .concern = Concern::Compatibility,
       .look = set_schema,
       .bad = "CREATE SCHEMA warehouse;\nALTER TABLE stock_levels SET SCHEMA warehouse;",
       .good = "CREATE SCHEMA warehouse;\nCREATE TABLE warehouse.stock_levels (product_id integer, batch integer);"},
      {.id = "if-not-exists-keeps-other",
       .severity = Severity::Caution,
       .title = "CREATE TABLE IF NOT EXISTS meets a table that differs",
       .what = "The statement is skipped in silence, and the table stays as it was.",
       .instead = "Alter the table that is there.",
       .look = keeps_other,
       .bad = "CREATE TABLE IF NOT EXISTS products (id integer PRIMARY KEY, title text);",
       .good = "ALTER TABLE products ADD COLUMN title text;"},
  };
}

}  // namespace midflight::check
