#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, ALTER TABLE, "SET DATA TYPE" and "Notes".

namespace midflight::check {
namespace {

const Column* column_of(const Look& look, const AlterColumnType& op) {
  const Table* table = look.schema.table(op.table);
  return table == nullptr ? nullptr : table->column(op.column);
}

std::string from_to(const Look& look, const AlterColumnType& op) {
  const Column* column = column_of(look, op);
  if (column == nullptr || column->type.empty()) return "to " + op.type;
  return fmt::format("from {} to {}", column->type, op.type);
}

std::string by_new_column(const AlterColumnType& op) {
  return fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2};\n"
                     "-- deploy a version that writes {3} and {4}_new, fill {4}_new in batches,\n"
                     "-- deploy one that reads {4}_new, then drop {3}",
                     q(op.table), q(op.column + "_new"), type_sql(op.type), op.column, op.column);
}

void rewrite(const Look& look, Remarks& say) {
  for_each<AlterColumnType>(look, [&](const AlterColumnType& op) {
    if (!does_to(look, WorkKind::Rewrite, op.table) || !in_use(look, op.table)) return;
    const Column* column = column_of(look, op);
    const bool unknown = column == nullptr || column->type.empty();
    say.push_back({fmt::format("Changing {1} {2} writes every row of {0} again, with its indexes, under AccessExclusiveLock: every query "
                               "on {0} waits until it is done.{3}",
                               op.table, op.column, from_to(look, op),
                               unknown ? " (Unless the type it has now is the same in storage; --schema tells.)" : ""),
                   by_new_column(op)});
  });
}

void index_rebuild(const Look& look, Remarks& say) {
  for_each<AlterColumnType>(look, [&](const AlterColumnType& op) {
    if (does_to(look, WorkKind::Rewrite, op.table) || !does(look.work, WorkKind::IndexBuild)) return;
    if (!in_use(look, op.table)) return;
    say.push_back({fmt::format("Changing {1} {2} builds the indexes on it again under AccessExclusiveLock: every query on {0} waits until "
                               "it is done.", op.table, op.column, from_to(look, op)),
                   by_new_column(op)});
  });
}

void scan(const Look& look, Remarks& say) {
  for_each<AlterColumnType>(look, [&](const AlterColumnType& op) {
    if (does_to(look, WorkKind::Rewrite, op.table) || !does(look.work, WorkKind::Scan, op.table)) return;
    if (!in_use(look, op.table)) return;
    const Table* table = look.schema.table(op.table);
    std::string drop, add;
    for (const Constraint& c : table->constraints) {
      if (c.kind != ConstraintKind::Check || !c.valid || std::find(c.columns.begin(), c.columns.end(), op.column) == c.columns.end()) continue;
      drop += fmt::format("ALTER TABLE {} DROP CONSTRAINT {};\n", q(op.table), q(c.name));
      add += fmt::format("ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2}) NOT VALID;\n-- then, in a transaction of its own:\n"
                         "ALTER TABLE {0} VALIDATE CONSTRAINT {1};\n", q(op.table), q(c.name), c.expression);
    }
    if (add.empty()) return;  // another part of the statement reads the rows
    say.push_back({fmt::format("The type changes in the catalog alone, but a CHECK on {1} is checked again for every row of {0} under "
                               "AccessExclusiveLock: every query on {0} waits until it is done.", op.table, op.column),
                   drop + look.statement.sql + ";\n" + add});
  });
}

/// "character varying(50)" is ("character varying", 50).
struct Measure {
  std::string_view base;
  std::optional<int> size, scale;
};

std::optional<int> number(std::string_view text) {
  int value = 0;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc() ? std::optional(value) : std::nullopt;
}

Measure measure(std::string_view type) {
  const std::size_t open = type.find('('), close = type.find(')'), comma = type.find(',');
  if (open == std::string_view::npos || close == std::string_view::npos) return {type, {}, {}};
  Measure out{type.substr(0, open), number(type.substr(open + 1)), {}};
  if (comma != std::string_view::npos) out.scale = number(type.substr(comma + 1));
  return out;
}

int integer_rank(std::string_view type) {
  if (type == "smallint") return 1;
  if (type == "integer") return 2;
  return type == "bigint" ? 3 : 0;
}

bool is_text(std::string_view base) { return base == "text" || base == "character varying"; }

/// Values of `from` exist that `to` cannot hold.
bool is_narrower(std::string_view from, std::string_view to) {
  const Measure a = measure(from), b = measure(to);
  if (integer_rank(from) > 0 && integer_rank(to) > 0) return integer_rank(to) < integer_rank(from);
  if (is_text(a.base) && is_text(b.base)) return b.size && (!a.size || *b.size < *a.size);
  if (a.base != "numeric" || b.base != "numeric" || !b.size) return false;
  return !a.size || *b.size - b.scale.value_or(0) < *a.size - a.scale.value_or(0) || b.scale.value_or(0) < a.scale.value_or(0);
}

/// A limit that costs no rewrite, and says no before the rows are looked at.
std::string by_length_check(const AlterColumnType& op) {
  const std::string name = q(op.table.substr(op.table.rfind('.') + 1) + "_" + op.column + "_length");
  return fmt::format("ALTER TABLE {0} ADD CONSTRAINT {2} CHECK (char_length({1}) <= {3}) NOT VALID;\n"
                     "-- shorten what is longer, then, in a transaction of its own:\n"
                     "ALTER TABLE {0} VALIDATE CONSTRAINT {2};",
                     q(op.table), q(op.column), name, *measure(op.type).size);
}

/// What becomes of the values that are there.
std::string what_does_not_fit(const std::string& name, std::string_view from, std::string_view to) {
  const Measure a = measure(from), b = measure(to);
  if (is_text(b.base))
    return fmt::format("A value of {} with more than {} characters makes the migration fail (22001), unless all behind them is spaces.", name, *b.size);
  if (a.base != "numeric") return fmt::format("A value of {} that is too large for {} makes the migration fail (22003).", name, to);
  const int whole = *b.size - b.scale.value_or(0);
  const bool fewer = !a.size || whole < *a.size - a.scale.value_or(0);
  const bool coarser = !a.size || b.scale.value_or(0) < a.scale.value_or(0);
  std::string out;
  if (coarser) out = fmt::format("Values of {} are rounded to {} digits behind the point, for good.", name, b.scale.value_or(0));
  if (fewer) out += fmt::format("{}A value{} with more than {} digits before the point makes the migration fail (22003).", coarser ? " " : "",
                                coarser ? "" : " of " + name, whole);
  return out;
}

void narrower(const Look& look, Remarks& say) {
  for_each<AlterColumnType>(look, [&](const AlterColumnType& op) {
    const Column* column = column_of(look, op);
    if (column == nullptr || !op.using_sql.empty() || !in_use(look, op.table) || !is_narrower(column->type, op.type)) return;
    const std::string name = fmt::format("{}.{}", op.table, op.column);
    say.push_back({fmt::format("{} What running versions write has to fit from then on, too.", what_does_not_fit(name, column->type, op.type)),
                   is_text(measure(op.type).base) ? by_length_check(op) : by_new_column(op)});
  });
}

}  // namespace

std::vector<Rule> column_type_rules() {
  return {
      {.id = "column-type-rewrite",
       .severity = Severity::Danger,
       .title = "A type change that writes the table again",
       .what = "Where the stored bytes differ between the types, every row and every index is written again under "
               "AccessExclusiveLock. Longer varchar, varchar to text and a larger numeric of the same scale are free.",
       .instead = "A new column, written by the application beside the old one, filled in batches, then read instead.",
       .concern = Concern::Time,
       .look = rewrite,
       .bad = "ALTER TABLE products ALTER COLUMN stock TYPE bigint;\nANALYZE products;",
       .good = "ALTER TABLE customers ALTER COLUMN name TYPE varchar(200);"},
      {.id = "column-type-rebuilds-index",
       .severity = Severity::Danger,
       .title = "A type or collation change that builds indexes again",
       .what = "The rows stay as they are, but the indexes on the column are sorted anew under AccessExclusiveLock.",
       .instead = "A new column with a concurrently built index.",
       .concern = Concern::Time,
       .look = index_rebuild,
       .bad = "ALTER TABLE customers ALTER COLUMN email TYPE text COLLATE \"C\";\nANALYZE customers;",
       .good = "ALTER TABLE customers ADD COLUMN email_c text COLLATE \"C\";"},
      {.id = "column-type-scan",
       .severity = Severity::Danger,
       .title = "A type change that checks a CHECK again",
       .what = "Even where the type change itself is free, every CHECK on the column is checked again for every row under "
               "AccessExclusiveLock.",
       .instead = "Drop the CHECK, change the type, add it NOT VALID and validate it.",
       .concern = Concern::Time,
       .look = scan,
       .bad = "ALTER TABLE orders ALTER COLUMN note TYPE varchar(200);\nANALYZE orders;",
       .good = "ALTER TABLE orders DROP CONSTRAINT note_not_empty;\nALTER TABLE orders ALTER COLUMN note TYPE varchar(200);\n"
               "ALTER TABLE orders ADD CONSTRAINT note_not_empty CHECK (note <> '') NOT VALID;\n"
               "ALTER TABLE orders VALIDATE CONSTRAINT note_not_empty;"},
      {.id = "narrower-type",
       .severity = Severity::Danger,
       .title = "A type that cannot hold all values of the old one",
       .what = "A text that is too long, or a number that is too large, makes the statement fail once it has read that far. Digits behind the "
               "point that a numeric has no place for are rounded away.",
       .instead = "For text a CHECK on the length, NOT VALID and validated later: it writes no row. For numbers a new column, filled in "
                  "batches by an expression that says what becomes of such values.",
       .look = narrower,
       .bad = "ALTER TABLE customers ALTER COLUMN name TYPE varchar(20);\nANALYZE customers;",
       .good = "ALTER TABLE customers ALTER COLUMN name TYPE varchar(80);",
       .also = {"column-type-rewrite"}},
  };
}

}  // namespace midflight::check
