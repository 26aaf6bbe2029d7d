#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, ALTER TABLE, "ADD table_constraint_using_index"; "REPLICA IDENTITY".

namespace midflight::check {
namespace {

std::string plain(const std::string& table) { return table.substr(table.rfind('.') + 1); }

/// USING INDEX is refused for a partitioned table: the constraint goes on it
/// alone, and its index is complete once every partition has attached one.
std::string by_partitions(const std::string& table, const Constraint& c) {
  const std::string kind = c.kind == ConstraintKind::PrimaryKey ? "PRIMARY KEY" : "UNIQUE";
  return fmt::format("ALTER TABLE ONLY {0} ADD CONSTRAINT {1} {2} ({3});\n-- then for each partition:\n"
                     "CREATE UNIQUE INDEX CONCURRENTLY ...;\nALTER TABLE ... ADD CONSTRAINT ... {2} USING INDEX ...;\n"
                     "ALTER INDEX {1} ATTACH PARTITION ...;",
                     q(table), q(c.name), kind, column_list(c.columns));
}

std::string deferring(const Look& look) {
  if (!is_single(look) || !look.words.contain("deferrable") || look.words.contain("not deferrable")) return "";
  return look.words.contain("initially deferred") ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

/// A unique index first, then the constraint on it.
std::string by_index(const Look& look, const std::string& table, const Constraint& c) {
  const bool primary = c.kind == ConstraintKind::PrimaryKey;
  std::string name = c.name.empty() ? plain(table) + (primary ? "_pkey" : "_key") : c.name;
  if (constraint_called(look.schema, table, name) != nullptr) {  // the same statement drops it
    return fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {0} ON {1} ({2});\n"
                       "-- then, with a short lock_timeout:\n"
                       "ALTER TABLE {1} DROP CONSTRAINT {3}, ADD CONSTRAINT {3} {4} USING INDEX {0}{5};",
                       q(name + "_new"), q(table), column_list(c.columns), q(name), primary ? "PRIMARY KEY" : "UNIQUE", deferring(look));
  }
  return fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {0} ON {1} ({2});\n"
                     "-- then, with a short lock_timeout:\n"
                     "ALTER TABLE {1} ADD CONSTRAINT {0} {3} USING INDEX {0}{4};",
                     q(name), q(table), column_list(c.columns), primary ? "PRIMARY KEY" : "UNIQUE", deferring(look));
}

/// The columns come with the same statement: no index on them can be there before it.
bool is_on_new_column(const Look& look, const std::string& table, const Constraint& c) {
  bool found = false;
  for_each<AddColumn>(look, [&](const AddColumn& op) {
    found = found || (op.table == table && std::find(c.columns.begin(), c.columns.end(), op.column.name) != c.columns.end());
  });
  return found;
}

/// The column first, then its values, the index and the constraint.
std::string by_column(const Look& look, const std::string& table, const Constraint& c) {
  return fmt::format("-- the columns first, without the key:\nALTER TABLE {} ADD COLUMN {} ...;\n"
                     "-- then their values in batches, and:\n{}",
                     q(table), listed(c.columns), is_partitioned(look, table) ? by_partitions(table, c) : by_index(look, table, c));
}

void built_under_lock(const Look& look, ConstraintKind kind, Remarks& say) {
  const auto each = [&](const std::string& table, const Constraint& c) {
    if (c.kind != kind || !in_use(look, table)) return;
    say.push_back({fmt::format("The index behind {} is built under AccessExclusiveLock: every query on {} waits until it is done.",
                               c.name.empty() ? "the constraint" : c.name, table),
                   is_on_new_column(look, table, c) ? by_column(look, table, c)
                   : is_partitioned(look, table)    ? by_partitions(table, c)
                                                    : by_index(look, table, c)});
  };
  for_each<AddConstraint>(look, [&](const AddConstraint& op) {
    if (op.using_index.empty()) each(op.table, op.constraint);
  });
  for_each<AddColumn>(look, [&](const AddColumn& op) {
    for (const Constraint& c : op.constraints) each(op.table, c);
  });
}

void unique(const Look& look, Remarks& say) { built_under_lock(look, ConstraintKind::Unique, say); }
void primary_key(const Look& look, Remarks& say) { built_under_lock(look, ConstraintKind::PrimaryKey, say); }

bool is_proven(const Table& table, const std::string& column) {
  const Column* known = table.column(column);
  if (known == nullptr || known->not_null) return true;
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) {
    return c.valid && c.proves_not_null == column;
  });
}

void nullable_key(const Look& look, Remarks& say) {
  for_each<AddConstraint>(look, [&](const AddConstraint& op) {
    if (op.constraint.kind != ConstraintKind::PrimaryKey || op.using_index.empty() || !in_use(look, op.table)) return;
    const Table* table = look.schema.table(op.table);
    const Index* index = look.schema.index(op.using_index);
    if (table == nullptr || index == nullptr) return;
    for (const std::string& column : index->columns) {
      if (is_proven(*table, column)) continue;
      say.push_back({fmt::format("{1} may be null, so ADD PRIMARY KEY reads every row of {0} under AccessExclusiveLock: every query on "
                                 "{0} waits until it is done.", op.table, column),
                     fmt::format("ALTER TABLE {0} ADD CONSTRAINT {2} CHECK ({1} IS NOT NULL) NOT VALID;\n"
                                 "-- then, each in a transaction of its own:\n"
                                 "ALTER TABLE {0} VALIDATE CONSTRAINT {2};\n{3};\nALTER TABLE {0} DROP CONSTRAINT {2};",
                                 q(op.table), q(column), q(plain(op.table) + "_" + column + "_set"), look.statement.sql)});
    }
  });
}

bool sets_identity(const Seen& seen) { return Words(seen.statement.sql).contain("replica identity"); }

bool adds_primary_key(const Look& look) {
  bool found = false;
  for_each<AddConstraint>(look, [&](const AddConstraint& op) { found = found || op.constraint.kind == ConstraintKind::PrimaryKey; });
  return found;
}

void identity_lost(const Look& look, Remarks& say) {
  for_each<DropConstraint>(look, [&](const DropConstraint& op) {
    const Constraint* c = constraint_called(look.schema, op.table, op.constraint);
    if (c == nullptr || c->kind != ConstraintKind::PrimaryKey || !in_use(look, op.table)) return;
    const auto& seen = look.session.seen();
    if (look.words.contain("replica identity") || adds_primary_key(look) || std::any_of(seen.begin(), seen.end(), sets_identity)) return;
    say.push_back({fmt::format("The primary key is how logical replication finds the rows of {0}. Without it UPDATE and DELETE on {0} "
                               "fail where the table is published (55000).", op.table),
                   fmt::format("ALTER TABLE {} REPLICA IDENTITY USING INDEX ...;  -- a unique index without nulls\n{};", q(op.table),
                               look.statement.sql)});
  });
}

}  // namespace

std::vector<Rule> key_rules() {
  return {
      {.id = "unique-not-using-index",
       .severity = Severity::Danger,
       .title = "ADD UNIQUE that builds its index under the lock",
       .what = "AccessExclusiveLock is kept while the index behind the constraint is built. Every query on the table waits.",
       .instead = "Build a unique index concurrently, then add the constraint USING INDEX, which is quick.",
       .concern = Concern::Time,
       .look = unique,
       .bad = "ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE (number);",
       .good = "CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number);\n"
               "ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE USING INDEX orders_number_key;",
       .also = {"existing-rows-may-fail"}},
      {.id = "primary-key-not-using-index",
       .severity = Severity::Danger,
       .title = "ADD PRIMARY KEY that builds its index under the lock",
       .what = "AccessExclusiveLock is kept while the index is built and every row is checked for nulls. Every query on the table "
               "waits.",
       .instead = "Build a unique index concurrently, prove the columns NOT NULL, then add the key USING INDEX, which is quick.",
       .concern = Concern::Time,
       .look = primary_key,
       .bad = "ALTER TABLE stock_levels ADD CONSTRAINT stock_levels_pkey PRIMARY KEY (product_id);",
       .good = "CREATE UNIQUE INDEX CONCURRENTLY stock_levels_pkey ON stock_levels (product_id);\n"
               "ALTER TABLE stock_levels ADD CONSTRAINT stock_levels_pkey PRIMARY KEY USING INDEX stock_levels_pkey;",
       .also = {"existing-rows-may-fail"}},
      {.id = "primary-key-on-nullable-column",
       .severity = Severity::Danger,
       .title = "A primary key on an index whose column may be null",
       .what = "PRIMARY KEY USING INDEX also sets NOT NULL, and that reads every row under AccessExclusiveLock unless a constraint "
               "proves it already.",
       .instead = "A validated CHECK (column IS NOT NULL) first.",
       .concern = Concern::Time,
       .look = nullable_key,
       .bad = "CREATE UNIQUE INDEX CONCURRENTLY stock_levels_pkey ON stock_levels (batch);\n"
              "ALTER TABLE stock_levels ADD CONSTRAINT stock_levels_pkey PRIMARY KEY USING INDEX stock_levels_pkey;",
       .good = "CREATE UNIQUE INDEX CONCURRENTLY stock_levels_pkey ON stock_levels (batch);\n"
               "ALTER TABLE stock_levels ADD CONSTRAINT stock_levels_batch_set CHECK (batch IS NOT NULL) NOT VALID;\n"
               "ALTER TABLE stock_levels VALIDATE CONSTRAINT stock_levels_batch_set;\n"
               "ALTER TABLE stock_levels ADD CONSTRAINT stock_levels_pkey PRIMARY KEY USING INDEX stock_levels_pkey;",
       .also = {"existing-rows-may-fail", "not-repeatable"}},
      {.id = "replica-identity-lost",
       .severity = Severity::Caution,
       .title = "Dropping the primary key that logical replication relies on",
       .what = "A published table without replica identity refuses UPDATE and DELETE in every version of the application.",
       .instead = "Set another replica identity first.",
       .look = identity_lost,
       .bad = "ALTER TABLE payments DROP CONSTRAINT payments_pkey;",
       .good = "ALTER TABLE payments REPLICA IDENTITY FULL;\nALTER TABLE payments DROP CONSTRAINT payments_pkey;"},
  };
}

}  // namespace midflight::check
