#include <fmt/format.h>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, ALTER TABLE, "Notes" on ADD COLUMN.

namespace midflight::check {
namespace {

std::string rewrite_of(const std::string& table) {
  return fmt::format("every row of {0} is written again under AccessExclusiveLock: every query on {0} waits until it is done.", table);
}

std::string add_bare(const AddColumn& op) {
  return fmt::format("ALTER TABLE {} ADD COLUMN {} {};", q(op.table), q(op.column.name), type_sql(op.column.type));
}

std::string fill(const AddColumn& op, const std::string& value) {
  return fmt::format("-- then in batches, each in a transaction of its own:\nUPDATE {0} SET {1} = {2} WHERE {1} IS NULL AND ...;",
                     q(op.table), q(op.column.name), value);
}

void required(const Look& look, Remarks& say) {
  for_each<AddColumn>(look, [&](const AddColumn& op) {
    const Column& c = op.column;
    if (!c.not_null || c.default_sql || c.identity || c.generated || !in_use(look, op.table)) return;
    say.push_back({fmt::format("{0} has rows, and they have no {1}: the migration fails (23502). Were {0} empty, every INSERT of a version "
                               "that does not know {1} would fail.", op.table, c.name),
                   fmt::format("{}\n{}\n-- then NOT NULL, as set-not-null says", add_bare(op), fill(op, "..."))});
  });
}

void volatile_default(const Look& look, Remarks& say) {
  for_each<AddColumn>(look, [&](const AddColumn& op) {
    if (!op.volatile_default || op.column.identity || op.column.generated || !in_use(look, op.table)) return;
    const std::string value = op.column.default_sql.value_or("...");
    say.push_back({fmt::format("{} differs from row to row, so {}", value, rewrite_of(op.table)),
                   fmt::format("{}\nALTER TABLE {} ALTER COLUMN {} SET DEFAULT {};\n{}", add_bare(op), q(op.table), q(op.column.name), value,
                               fill(op, value))});
  });
}

void stored_generated(const Look& look, Remarks& say) {
  for_each<AddColumn>(look, [&](const AddColumn& op) {
    if (!op.column.generated || !does(look.work, WorkKind::Rewrite, op.table) || !in_use(look, op.table)) return;
    const std::string other = look.dialect.version >= 18 ? "-- or GENERATED ALWAYS AS (...) VIRTUAL, which stores nothing\n" : "";
    say.push_back({fmt::format("{} is computed and stored, so {}", op.column.name, rewrite_of(op.table)),
                   fmt::format("{}{}\n-- a trigger that fills it on INSERT and UPDATE\n{}", other, add_bare(op), fill(op, "..."))});
  });
}

void serial(const Look& look, Remarks& say) {
  for_each<AddColumn>(look, [&](const AddColumn& op) {
    if (!op.column.identity || !in_use(look, op.table)) return;
    const std::string name = q(op.table + "_" + op.column.name + "_seq");  // in the schema of its table, or OWNED BY is refused
    say.push_back({fmt::format("{} numbers the rows, so {}", op.column.name, rewrite_of(op.table)),
                   fmt::format("{0}\nCREATE SEQUENCE {1} OWNED BY {2}.{3};\n"
                               "ALTER TABLE {2} ALTER COLUMN {3} SET DEFAULT nextval('{1}');\n{4}",
                               add_bare(op), name, q(op.table), q(op.column.name), fill(op, fmt::format("nextval('{}')", name)))});
  });
}

bool is_json(const std::string& type) { return type == "json" || type == "json[]"; }

void json_column(const Look& look, Remarks& say) {
  const auto each = [&](const std::string& table, const std::string& column, const std::string& type) {
    if (!is_json(type) || !in_use(look, table)) return;
    say.push_back({fmt::format("json has no equality: SELECT DISTINCT, UNION and GROUP BY over all columns of {} fail from now on, in "
                               "versions that have never heard of {} (42883).", table, column),
                   fmt::format("ALTER TABLE {} ADD COLUMN {} jsonb;", q(table), q(column))});
  };
  for_each<AddColumn>(look, [&](const AddColumn& op) { each(op.table, op.column.name, op.column.type); });
  for_each<AlterColumnType>(look, [&](const AlterColumnType& op) { each(op.table, op.column, op.type); });
}

}  // namespace

std::vector<Rule> column_rules() {
  return {
      {.id = "required-column-added",
       .severity = Severity::Danger,
       .title = "ADD COLUMN NOT NULL without a default",
       .what = "The rows that are there have no value for it, so the statement fails. On an empty table it succeeds, and then every "
               "INSERT of a running version fails instead.",
       .instead = "Add the column nullable, write it, fill it in batches, then set it NOT NULL.",
       .look = required,
       .bad = "ALTER TABLE orders ADD COLUMN channel text NOT NULL;",
       .good = "ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'web';"},
      {.id = "volatile-default",
       .severity = Severity::Danger,
       .title = "ADD COLUMN with a default that differs from row to row",
       .what = "A constant default is kept in the catalog; random(), gen_random_uuid() or clock_timestamp() must be written into every "
               "row, under AccessExclusiveLock.",
       .instead = "Add the column without a default, set the default for new rows, fill the old ones in batches.",
       .concern = Concern::Time,
       .look = volatile_default,
       .bad = "ALTER TABLE orders ADD COLUMN token text DEFAULT random()::text;",
       .good = "ALTER TABLE orders ADD COLUMN token text;\n"
               "ALTER TABLE orders ALTER COLUMN token SET DEFAULT random()::text;"},
      {.id = "stored-generated-column",
       .severity = Severity::Danger,
       .title = "ADD COLUMN GENERATED ... STORED",
       .what = "The value is computed for every row that is there, and the table is written again under AccessExclusiveLock.",
       .instead = "A plain column that a trigger fills, and a backfill in batches; from version 18 on a virtual column.",
       .concern = Concern::Time,
       .look = stored_generated,
       .bad = "ALTER TABLE products ADD COLUMN doubled numeric GENERATED ALWAYS AS (price * 2) STORED;",
       .good = "ALTER TABLE products ADD COLUMN doubled numeric;"},
      {.id = "serial-column-added",
       .severity = Severity::Danger,
       .title = "ADD COLUMN serial or GENERATED ... AS IDENTITY",
       .what = "Every row that is there gets a number, and the table is written again under AccessExclusiveLock.",
       .instead = "A plain column, a sequence as its default, and a backfill in batches.",
       .concern = Concern::Time,
       .look = serial,
       .bad = "ALTER TABLE orders ADD COLUMN sequence_number bigserial;",
       .good = "ALTER TABLE orders ADD COLUMN sequence_number bigint;\n"
               "CREATE SEQUENCE orders_sequence_number_seq OWNED BY orders.sequence_number;\n"
               "ALTER TABLE orders ALTER COLUMN sequence_number SET DEFAULT nextval('orders_sequence_number_seq');"},
      {.id = "json-column",
       .severity = Severity::Caution,
       .title = "A column of type json in a table that is queried with DISTINCT",
       .what = "json values cannot be compared, so queries with DISTINCT, UNION or GROUP BY over all columns start to fail.",
       .instead = "jsonb.",
       .look = json_column,
       .bad = "ALTER TABLE orders ADD COLUMN extra json;",
       .good = "ALTER TABLE orders ADD COLUMN extra jsonb;"},
  };
}

}  // namespace midflight::check
