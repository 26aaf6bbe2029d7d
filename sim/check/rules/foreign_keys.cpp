#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, ALTER TABLE, "ADD table_constraint"; lock modes observed on PostgreSQL 15.20.

namespace midflight::check {
namespace {

struct ForeignKey {
  const std::string& table;
  const Constraint& constraint;
  bool table_is_new;
};

std::string bare(const std::string& name) { return name.substr(name.rfind('.') + 1); }

/// Calls `say` for every foreign key the statement adds.
template <class Say>
void for_each_foreign_key(const Statement& statement, const Say& say) {
  const auto each = [&](const std::string& table, const std::vector<Constraint>& constraints, bool is_new) {
    for (const Constraint& c : constraints) {
      if (c.kind == ConstraintKind::ForeignKey) say(ForeignKey{table, c, is_new});
    }
  };
  for (const Operation& operation : statement.operations) {
    if (const auto* add = std::get_if<AddConstraint>(&operation)) each(add->table, {add->constraint}, false);
    if (const auto* column = std::get_if<AddColumn>(&operation)) each(column->table, column->constraints, false);
    if (const auto* create = std::get_if<CreateTable>(&operation)) each(create->table.name, create->table.constraints, true);
  }
}

std::string add_not_valid(const Look& look, const AddConstraint& op) {
  const Constraint& c = op.constraint;
  constexpr int kNotValidOnPartitioned = 18;
  if (is_partitioned(look, op.table) && look.dialect.version < kNotValidOnPartitioned) {
    return fmt::format("-- on each partition NOT VALID, then VALIDATE, each in a transaction of its own;\n"
                       "-- the same on {} then finds them and reads no row:\n{};", op.table, look.statement.sql);
  }
  const std::string columns = c.referenced_columns.empty() ? "" : fmt::format(" ({})", column_list(c.referenced_columns));
  const std::string add = is_single(look) ? look.statement.sql
                                          : fmt::format("ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}{}", q(op.table),
                                                        q(c.name), column_list(c.columns), q(c.referenced_table), columns);
  return fmt::format("{} NOT VALID;\n-- then, in a transaction of its own:\nALTER TABLE {} VALIDATE CONSTRAINT {};", add, q(op.table),
                     q(c.name));
}

void validated(const Look& look, Remarks& say) {
  for_each<AddConstraint>(look, [&](const AddConstraint& op) {
    if (op.constraint.kind != ConstraintKind::ForeignKey || !op.constraint.valid || !in_use(look, op.table)) return;
    const std::string& other = op.constraint.referenced_table;
    const std::string both = other == op.table ? op.table : op.table + " and " + other;
    say.push_back({fmt::format("Every row of {} is checked under ShareRowExclusiveLock: writes to {} wait until it is done.", op.table,
                               both),
                   add_not_valid(look, op)});
  });
}

void on_new_table(const Look& look, Remarks& say) {
  for_each<CreateTable>(look, [&](const CreateTable& op) {
    for (const Constraint& c : op.table.constraints) {
      if (c.kind != ConstraintKind::ForeignKey || !in_use(look, c.referenced_table) || c.referenced_table == op.table.name) continue;
      if (gives_up_soon(look.session.timeouts())) continue;
      say.push_back({fmt::format("{0} is new, but its foreign key takes ShareRowExclusiveLock on {1}: behind a long transaction that "
                                 "wrote to {1} it waits, and all writes to {1} wait behind it.", op.table.name, c.referenced_table),
                     with_lock_timeout(look)});
    }
  });
}

void several(const Look& look, Remarks& say) {
  std::vector<std::string> tables;
  const auto add = [&](const std::string& name) {
    if (in_use(look, name) && std::find(tables.begin(), tables.end(), name) == tables.end()) tables.push_back(name);
  };
  for_each_foreign_key(look.statement, [&](const ForeignKey& key) { add(key.constraint.referenced_table); });
  if (tables.empty()) return;
  for (const Seen& seen : look.session.seen()) {
    if (seen.transaction != look.session.transaction() || !look.session.in_block()) continue;
    for_each_foreign_key(seen.statement, [&](const ForeignKey& key) { add(key.constraint.referenced_table); });
  }
  if (tables.size() < 2) return;
  say.push_back({fmt::format("Foreign keys to {} are added in one transaction: writes to all of them wait until it commits, and it may "
                             "deadlock with a transaction that writes to them in another order.", listed(tables)),
                 "-- one foreign key in each transaction"});
}

void dropped(const Look& look, Remarks& say) {
  for_each<DropConstraint>(look, [&](const DropConstraint& op) {
    const Constraint* c = constraint_called(look.schema, op.table, op.constraint);
    if (c == nullptr || c->kind != ConstraintKind::ForeignKey || gives_up_soon(look.session.timeouts())) return;
    if (!in_use(look, op.table) && !in_use(look, c->referenced_table)) return;
    say.push_back({fmt::format("Dropping {} takes AccessExclusiveLock on {} and on {}: it waits for every open transaction that has used one of them, and "
                               "all later ones on both wait behind it.", op.constraint, op.table, c->referenced_table),
                   with_lock_timeout(look)});
  });
}

void table_dropped(const Look& look, Remarks& say) {
  for_each<DropTable>(look, [&](const DropTable& op) {
    const Table* table = look.schema.table(op.table);
    if (table == nullptr) return;
    std::vector<std::string> others;
    std::string drops;
    for (const Constraint& c : table->constraints) {
      if (c.kind != ConstraintKind::ForeignKey || c.referenced_table == op.table || !in_use(look, c.referenced_table)) continue;
      others.push_back(c.referenced_table);
      drops += fmt::format("ALTER TABLE {} DROP CONSTRAINT {};\n", q(op.table), q(c.name));
    }
    if (others.empty()) return;
    say.push_back({fmt::format("{} has foreign keys, so DROP TABLE takes AccessExclusiveLock on {} as well: no query on them runs until "
                               "it has all locks and commits.", op.table, listed(others)),
                   "-- each in a transaction of its own, with a lock_timeout:\n" + drops + look.statement.sql + ";"});
  });
}

bool leads(const Index& index, const Constraint& key) {
  return index.valid && !index.columns.empty() && index.columns.front() == key.columns.front();
}

/// The index is built beside the traffic: of a partitioned table partition by partition, of a new one at once.
std::string index_for(const ForeignKey& key, const Table& table, const Schema& schema) {
  const std::string columns = column_list(key.constraint.columns);
  if (table.kind != TableKind::Partitioned || key.table_is_new)
    return fmt::format("CREATE INDEX{} ON {} ({});", key.table_is_new ? "" : " CONCURRENTLY", q(key.table), columns);
  const std::vector<std::string> parts = schema.children(key.table);
  const std::string part = parts.empty() ? "..." : q(parts.front());
  const std::string end = key.constraint.columns.front() + "_idx";
  return fmt::format("CREATE INDEX {0} ON ONLY {1} ({2});\n-- then for each partition:\nCREATE INDEX CONCURRENTLY {3} ON {4} ({2});\n"
                     "ALTER INDEX {0} ATTACH PARTITION {3};",
                     q(bare(key.table) + "_" + end), q(key.table), columns, q(bare(parts.empty() ? "..." : parts.front()) + "_" + end), part);
}

void without_index(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    for_each_foreign_key(seen[i].statement, [&](const ForeignKey& key) {
      const Table* table = end.schema.table(key.table);
      if (table == nullptr || end.assumed.contains(key.table) || key.constraint.columns.empty()) return;
      const auto& indexes = table->indexes;
      if (std::any_of(indexes.begin(), indexes.end(), [&](const Index& index) { return leads(index, key.constraint); })) return;
      const std::vector<std::string> primary = table->primary_key();
      if (!primary.empty() && primary.front() == key.constraint.columns.front()) return;
      say.push_back({fmt::format("No index of {0} begins with {1}: every DELETE on {2}, and every UPDATE of its key, reads all of {0}.",
                                 key.table, key.constraint.columns.front(), key.constraint.referenced_table),
                     index_for(key, *table, end.schema), i});
    });
  }
}

}  // namespace

std::vector<Rule> foreign_key_rules() {
  return {
      {.id = "foreign-key-validated",
       .severity = Severity::Danger,
       .title = "ADD FOREIGN KEY that checks all rows at once",
       .what = "ShareRowExclusiveLock on both tables is kept while every row is checked. Writes to both tables wait.",
       .instead = "Add it NOT VALID, which reads no row, and validate it in another transaction, which blocks no reads or writes.",
       .concern = Concern::Time,
       .look = validated,
       .bad = "ALTER TABLE orders ADD CONSTRAINT orders_product_fkey FOREIGN KEY (product_id) REFERENCES products (id);\n"
              "CREATE INDEX CONCURRENTLY orders_product_idx ON orders (product_id);",
       .good = "ALTER TABLE orders ADD CONSTRAINT orders_product_fkey FOREIGN KEY (product_id) REFERENCES products (id) NOT VALID;\n"
               "ALTER TABLE orders VALIDATE CONSTRAINT orders_product_fkey;\n"
               "CREATE INDEX CONCURRENTLY orders_product_idx ON orders (product_id);",
       .also = {"not-repeatable"}},
      {.id = "foreign-key-on-new-table",
       .severity = Severity::Caution,
       .title = "A new table's foreign key locks the table it refers to",
       .what = "The new table is empty, but the referenced one is under ShareRowExclusiveLock until the transaction commits. "
               "Where the request has to wait, all later writes wait behind it.",
       .instead = "Set a short lock_timeout and try again when it gives up.",
       .concern = Concern::Time,
       .look = on_new_table,
       .bad = "CREATE TABLE reviews (id bigint PRIMARY KEY, product_id integer REFERENCES products (id));\n"
              "CREATE INDEX ON reviews (product_id);",
       .good = "SET lock_timeout = '2s';\n"
               "CREATE TABLE reviews (id bigint PRIMARY KEY, product_id integer REFERENCES products (id));\n"
               "CREATE INDEX ON reviews (product_id);",
       .timeouts_set = false},
      {.id = "several-foreign-keys",
       .severity = Severity::Caution,
       .title = "Foreign keys to several tables in one transaction",
       .what = "Each takes ShareRowExclusiveLock on the table it refers to and keeps it to the end of the transaction. Writes to all "
               "of these tables wait together, and a transaction that writes to them in another order deadlocks with this one.",
       .instead = "One foreign key per transaction.",
       .concern = Concern::Time,
       .look = several,
       .bad = "CREATE TABLE reviews (id bigint PRIMARY KEY, product_id integer REFERENCES products (id),\n"
              "  customer_id bigint REFERENCES customers (id));\n"
              "CREATE INDEX ON reviews (product_id);\nCREATE INDEX ON reviews (customer_id);",
       .good = "CREATE TABLE reviews (id bigint PRIMARY KEY, product_id integer REFERENCES products (id), customer_id bigint);\n"
               "ALTER TABLE reviews ADD FOREIGN KEY (customer_id) REFERENCES customers (id);\n"
               "CREATE INDEX ON reviews (product_id);\nCREATE INDEX ON reviews (customer_id);"},
      {.id = "foreign-key-dropped",
       .severity = Severity::Caution,
       .title = "Dropping a foreign key locks both tables",
       .what = "AccessExclusiveLock on both tables: the request waits for every open transaction that has used one of them, and everything "
               "later waits behind it.",
       .instead = "Set a short lock_timeout and try again when it gives up.",
       .concern = Concern::Time,
       .look = dropped,
       .bad = "ALTER TABLE payments DROP CONSTRAINT payments_customer_id_fkey;",
       .good = "SET lock_timeout = '2s';\nALTER TABLE payments DROP CONSTRAINT payments_customer_id_fkey;",
       .timeouts_set = false,
       .also = {"no-lock-timeout"}},
      {.id = "table-with-foreign-keys-dropped",
       .severity = Severity::Caution,
       .title = "Dropping a table that refers to others locks them all",
       .what = "DROP TABLE takes AccessExclusiveLock on every table its foreign keys refer to, all at once.",
       .instead = "Drop the foreign keys one by one in transactions of their own, then the table.",
       .concern = Concern::Time,
       .look = table_dropped,
       .bad = "DROP TABLE payments;",
       .good = "ALTER TABLE payments DROP CONSTRAINT payments_customer_id_fkey;\n"
               "ALTER TABLE payments DROP CONSTRAINT payments_order_id_fkey;\nDROP TABLE payments;",
       .also = {"drop-table"}},
      {.id = "foreign-key-without-index",
       .severity = Severity::Caution,
       .title = "A foreign key whose columns have no index",
       .what = "A DELETE on the referenced table, or an UPDATE of its key, looks for rows that refer to it. Without an index each "
               "one reads the whole referencing table.",
       .instead = "Create an index on the foreign key's columns.",
       .at_end = without_index,
       .bad = "ALTER TABLE orders ADD CONSTRAINT orders_product_fkey FOREIGN KEY (product_id) REFERENCES products (id) NOT VALID;",
       .good = "CREATE INDEX CONCURRENTLY orders_product_idx ON orders (product_id);\n"
               "ALTER TABLE orders ADD CONSTRAINT orders_product_fkey FOREIGN KEY (product_id) REFERENCES products (id) NOT VALID;"},
  };
}

}  // namespace midflight::check
