#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

namespace midflight::check {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string type_of(const Look& look, const std::string& table, const std::string& column) {
  const Table* found = look.schema.table(table);
  const Column* known = found == nullptr ? nullptr : found->column(column);
  return known == nullptr || known->type.empty() ? "..." : type_sql(known->type);
}

/// Of a view both names can be there at once.
std::string both_names(const RenameColumn& op) {
  return fmt::format("CREATE OR REPLACE VIEW {} AS ...;  -- its query as it is, with {} AS {} behind its last column\n"
                     "-- when no version names {} any more, a view without it",
                     q(op.table), q(op.from), q(op.to), q(op.from));
}

/// A table cannot have both names at once.
std::string by_new_column(const Look& look, const RenameColumn& op) {
  return fmt::format("ALTER TABLE {0} ADD COLUMN {2} {3};\n-- deploy a version that writes both, fill {2} in batches,\n"
                     "-- deploy one that reads {2}, then one that knows {2} alone\n"
                     "ALTER TABLE {0} DROP COLUMN {1};",
                     q(op.table), q(op.from), q(op.to), type_of(look, op.table, op.from));
}

void rename(const Look& look, Remarks& say) {
  for_each<RenameColumn>(look, [&](const RenameColumn& op) {
    if (!in_use(look, op.table)) return;
    say.push_back({.message = fmt::format("Versions that name {} fail until now.", op.to),
                   .instead = look.schema.view(op.table) != nullptr ? both_names(op) : by_new_column(look, op),
                   .statement = 0,
                   .severity = {},
                   .versions = fmt::format("Running versions name {}.{} and fail from now on (42703): no order of deployment avoids that.",
                                           op.table, op.from)});
  });
}

/// IF EXISTS, and the table is known not to have it.
bool is_absent(const Look& look, const DropColumn& op) {
  const Table* table = look.schema.table(op.table);
  return op.if_exists && table != nullptr && !look.assumed.contains(op.table) && table->column(op.column) == nullptr;
}

void drop(const Look& look, Remarks& say) {
  for_each<DropColumn>(look, [&](const DropColumn& op) {
    if (!in_use(look, op.table) || is_absent(look, op)) return;
    say.push_back({.message = fmt::format("The values of {}.{} are gone for good.", op.table, op.column),
                   .instead = fmt::format("-- first deploy a version that names {} nowhere; when no older one runs:\n{};", op.column,
                                          look.statement.sql),
                   .statement = 0,
                   .severity = {},
                   .versions = fmt::format("A running version that still names {0}.{1} fails (42703): libraries that map tables to objects "
                                           "name every column they have read at start.", op.table, op.column)});
  });
}

/// What goes with the column without being named.
std::vector<std::string> taken_along(const Look& look, const DropColumn& op) {
  std::vector<std::string> out;
  const Table* table = look.schema.table(op.table);
  if (table == nullptr) return out;
  for (const Index& index : table->indexes) {
    if (!index.constraint && contains(index.columns, op.column)) out.push_back(fmt::format("the {}index {}", index.unique ? "unique " : "", index.name));
  }
  for (const Constraint& c : table->constraints) {
    if (contains(c.columns, op.column)) out.push_back("the constraint " + c.name);
  }
  for (const Table& other : look.schema.tables) {
    for (const Constraint& c : other.constraints) {
      if (op.cascade && c.referenced_table == op.table && contains(c.referenced_columns, op.column)) out.push_back(fmt::format("the constraint {} of {}", c.name, other.name));
    }
  }
  for (const View& view : look.schema.views) {
    const bool shows = std::any_of(view.outputs.begin(), view.outputs.end(), [&](const View::Output& o) { return o.column == op.column; });
    if (op.cascade && view.table == op.table && shows) out.push_back("the view " + view.name);
  }
  return out;
}

void drop_takes_along(const Look& look, Remarks& say) {
  for_each<DropColumn>(look, [&](const DropColumn& op) {
    const std::vector<std::string> gone = taken_along(look, op);
    if (gone.empty() || !in_use(look, op.table)) return;
    say.push_back({fmt::format("With {}.{} {} {}: queries that were quick or rows that were refused are no longer.", op.table, op.column,
                               gone.size() == 1 ? "goes" : "go", listed(gone)),
                   "-- drop them by name first, and build what takes their place before"});
  });
}

bool added_here(const Look& look, const SetDefault& op) {
  const auto adds = [&](const Operation& operation) {
    const auto* add = std::get_if<AddColumn>(&operation);
    return add != nullptr && add->table == op.table && add->column.name == op.column;
  };
  const auto& seen = look.session.seen();
  return std::any_of(seen.begin(), seen.end(), [&](const Seen& s) {
    return std::any_of(s.statement.operations.begin(), s.statement.operations.end(), adds);
  });
}

void default_changed(const Look& look, Remarks& say) {
  for_each<SetDefault>(look, [&](const SetDefault& op) {
    const Table* table = look.schema.table(op.table);
    const Column* column = table == nullptr ? nullptr : table->column(op.column);
    if (column == nullptr || !column->default_sql || *column->default_sql == op.default_sql) return;
    if (!in_use(look, op.table) || added_here(look, op)) return;
    if (op.default_sql.empty() && column->not_null) return;  // default-dropped
    const std::string now = op.default_sql.empty() ? "null" : op.default_sql;
    say.push_back({fmt::format("Running versions that leave {0}.{1} out of their INSERTs store {2} instead of {3} from now on.", op.table,
                               op.column, now, *column->default_sql),
                   fmt::format("-- first deploy a version that always names {}, then\n{};", op.column, look.statement.sql)});
  });
}

/// The column is NOT NULL without a default when the script has ended.
bool stays_required(const End& end, const SetDefault& op) {
  const Table* table = end.schema.table(op.table);
  const Column* column = table == nullptr ? nullptr : table->column(op.column);
  return column != nullptr && column->not_null && !column->default_sql && !column->identity && !column->generated;
}

void default_dropped(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    for (const Operation& operation : seen[i].statement.operations) {
      const auto* op = std::get_if<SetDefault>(&operation);
      if (op == nullptr || !op->default_sql.empty() || end.session.is_new(op->table) || !stays_required(end, *op)) continue;
      say.push_back({.message = fmt::format("{0}.{1} is NOT NULL and has no default from now on.", op->table, op->column),
                     .instead = "-- keep the default; in a later migration, when every version names the column:\n" + seen[i].statement.sql + ";",
                     .statement = i,
                     .severity = {},
                     .versions = fmt::format("Every INSERT of a running version that leaves {} out fails (23502).", op->column)});
    }
  }
}

}  // namespace

std::vector<Rule> column_use_rules() {
  return {
      {.id = "rename-column",
       .severity = Severity::Danger,
       .title = "RENAME COLUMN while versions overlap",
       .what = "The rename is quick, but the moment it commits every running version that knows the old name fails, and the one that "
               "knows the new name failed until then.",
       .instead = "Add a new column, write both, fill it in batches, read the new one, drop the old one. Or rename the table and put "
                  "a view with both names in its place.",
       .concern = Concern::Compatibility,
       .look = rename,
       .bad = "ALTER TABLE customers RENAME COLUMN name TO full_name;",
       .good = "ALTER TABLE customers ADD COLUMN full_name varchar(50);"},
      {.id = "drop-column",
       .severity = Severity::Caution,
       .title = "DROP COLUMN while a version may still use it",
       .what = "Every statement that names the column fails from then on, and there is no way back to its values.",
       .instead = "Deploy a version that does not name it, wait until no older one runs, then drop it.",
       .concern = Concern::Compatibility,
       .look = drop,
       .bad = "ALTER TABLE products DROP COLUMN stock;",
       .good = "CREATE TABLE scratch (a integer, b integer);\nALTER TABLE scratch DROP COLUMN b;"},
      {.id = "drop-column-takes-along",
       .severity = Severity::Caution,
       .title = "DROP COLUMN takes indexes and constraints along",
       .what = "Indexes and constraints on several columns go with any one of them, and with CASCADE also views and foreign keys of "
               "other tables, without being named.",
       .instead = "Drop them by name, after what takes their place is there.",
       .look = drop_takes_along,
       .bad = "ALTER TABLE orders DROP COLUMN placed;",
       .good = "DROP INDEX CONCURRENTLY orders_placed_idx;\nALTER TABLE orders DROP COLUMN placed;",
       .also = {"drop-column"}},
      {.id = "default-changed",
       .severity = Severity::Caution,
       .title = "Another default under a version that relies on the old one",
       .what = "An INSERT that leaves the column out stores the new default at once, in every running version.",
       .instead = "Deploy a version that names the column in its INSERTs first.",
       .look = default_changed,
       .bad = "ALTER TABLE customers ALTER COLUMN country SET DEFAULT 'DE';",
       .good = "ALTER TABLE customers ALTER COLUMN name SET DEFAULT '';"},
      {.id = "default-dropped",
       .severity = Severity::Danger,
       .title = "DROP DEFAULT of a column that is NOT NULL",
       .what = "A running version that has never heard of the column, or relies on its default, leaves it out of its INSERTs. Each of "
               "them fails from then on. Frameworks do this behind ADD COLUMN ... DEFAULT ... NOT NULL.",
       .instead = "Keep the default until every running version names the column.",
       .concern = Concern::Compatibility,
       .at_end = default_dropped,
       .bad = "ALTER TABLE orders ADD COLUMN channel text DEFAULT '' NOT NULL;\nALTER TABLE orders ALTER COLUMN channel DROP DEFAULT;",
       .good = "ALTER TABLE orders ADD COLUMN channel text DEFAULT '' NOT NULL;"},
  };
}

}  // namespace midflight::check
