#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Behind all others: what no rule of a family has spoken about.

namespace midflight::check {
namespace {

std::string_view work_words(WorkKind kind) {
  if (kind == WorkKind::Rewrite) return "written again";
  return kind == WorkKind::Scan ? "read as a whole" : "read to build an index";
}

/// ADD COLUMN without its constraint or its domain.
std::string bare_column(const AddColumn& op, const std::string& type) {
  return fmt::format("ALTER TABLE {} ADD COLUMN {} {}{}{};", q(op.table), q(op.column.name), type_sql(type),
                     op.column.default_sql ? " DEFAULT " + *op.column.default_sql : "", op.column.not_null ? " NOT NULL" : "");
}

/// What the constraint asks, where the model holds all that the statement says of it.
std::string condition_of(const Look& look, const AddColumn& op, const Constraint& c) {
  if (c.kind == ConstraintKind::Check) return fmt::format("CHECK ({})", c.expression);
  for (const char* more : {"on delete", "on update", "deferrable", "initially", "match"}) {
    if (look.words.contain(more)) return "";
  }
  if (c.kind != ConstraintKind::ForeignKey) return "";
  const std::string columns = c.referenced_columns.empty() ? "" : fmt::format(" ({})", column_list(c.referenced_columns));
  return fmt::format("FOREIGN KEY ({}) REFERENCES {}{}", q(op.column.name), q(c.referenced_table), columns);
}

/// The column at once, then what it must satisfy: as check-validated and foreign-key-validated say.
std::string column_then_constraint(const Look& look) {
  std::string out;
  if (!is_single(look)) return out;
  for_each<AddColumn>(look, [&](const AddColumn& op) {
    if (op.volatile_default || op.column.generated || op.column.identity) return;
    const Domain* domain = look.schema.domain(op.column.type);
    if (domain != nullptr && op.constraints.empty()) {
      out = bare_column(op, domain->type) + "\n-- then the conditions of " + domain->name + " as a CHECK, as check-validated says";
    }
    const std::string condition = op.constraints.size() == 1 ? condition_of(look, op, op.constraints.front()) : "";
    if (domain != nullptr || condition.empty()) return;
    out = fmt::format("{0}\nALTER TABLE {1} ADD CONSTRAINT {2} {3} NOT VALID;\n-- then, in a transaction of its own:\n"
                      "ALTER TABLE {1} VALIDATE CONSTRAINT {2};",
                      bare_column(op, op.column.type), q(op.table), q(op.constraints.front().name), condition);
  });
  return out;
}

/// Nobody writes it but REFRESH, and reads go on.
bool is_materialized(const Schema& schema, const std::string& relation) {
  const Table* known = schema.table(relation);
  return known != nullptr && known->kind == TableKind::MaterializedView;
}

void under_lock(const Look& look, Remarks& say) {
  if (look.dangers > 0) return;
  for (const WorkKind kind : {WorkKind::Rewrite, WorkKind::IndexBuild, WorkKind::Scan}) {
    for (const std::string& table : relations_with(look.work, kind)) {
      const auto mode = lock_on(look.work, table);
      if (!mode || *mode < LockMode::ShareLock || !in_use(look, table)) continue;
      if (*mode < LockMode::AccessExclusiveLock && is_materialized(look.schema, table)) continue;
      say.push_back({fmt::format("{} is {} under {}: until it is done, {}.", table, work_words(kind), lock_mode_name(*mode),
                                 who_waits(*mode, table)), column_then_constraint(look)});
      return;
    }
  }
}

/// LOCK TABLE ... IN mode MODE, as the statement says it.
std::optional<LockMode> asked_mode(const Words& words) {
  if (words.contain("access share mode")) return LockMode::AccessShareLock;
  if (words.contain("row share mode")) return LockMode::RowShareLock;
  if (words.contain("row exclusive mode") && !words.contain("share row exclusive mode")) return LockMode::RowExclusiveLock;
  if (words.contain("share update exclusive mode")) return LockMode::ShareUpdateExclusiveLock;
  if (words.contain("share row exclusive mode")) return LockMode::ShareRowExclusiveLock;
  if (words.contain("access exclusive mode")) return LockMode::AccessExclusiveLock;
  if (words.contain("exclusive mode")) return LockMode::ExclusiveLock;
  if (words.contain("share mode")) return LockMode::ShareLock;
  return LockMode::AccessExclusiveLock;
}

void lock_table(const Look& look, Remarks& say) {
  if (!look.words.begin("lock")) return;
  const LockMode mode = *asked_mode(look.words);
  std::vector<std::string> tables = look.words.names_behind("lock");
  std::erase_if(tables, [&](const std::string& name) { return !in_use(look, name); });
  if (mode < LockMode::ShareLock || tables.empty()) return;
  say.push_back({fmt::format("{} on {} is kept to the end of the transaction: {}.", lock_mode_name(mode), listed(tables),
                             who_waits(mode, listed(tables))),
                 "-- leave it out: every statement takes the lock it needs"});
}

void not_understood(const Look& look, Remarks& say) {
  if (!look.work.understood && look.work.why_not.starts_with("this syntax is new")) {
    say.push_back({fmt::format("PostgreSQL {} refuses this statement (42601): {}.", look.dialect.version, look.work.why_not), "", 0,
                   Severity::Danger});
    return;
  }
  if (look.work.understood || look.remarks > 0) return;
  say.push_back({fmt::format("Nothing is known about this statement ({}): look at its locks by hand.", look.work.why_not), ""});
}

}  // namespace

std::vector<Rule> fallback_rules() {
  return {
      {.id = "lock-table",
       .severity = Severity::Caution,
       .title = "An explicit LOCK TABLE",
       .what = "The lock is kept to the end of the transaction, whatever the statements after it need.",
       .instead = "Leave it out; where an order of locks is wanted, take the weakest that does.",
       .concern = Concern::Time,
       .look = lock_table,
       .bad = "BEGIN;\nLOCK TABLE orders IN SHARE MODE;\nCOMMIT;",
       .good = "BEGIN;\nLOCK TABLE orders IN ACCESS SHARE MODE;\nCOMMIT;"},
      {.id = "long-work-under-lock",
       .severity = Severity::Danger,
       .title = "Rows are read or written while others wait",
       .what = "The statement goes over all rows of a table under a lock that conflicts with writes.",
       .instead = "The page of the statement in PostgreSQL's manual says whether there is a concurrent way.",
       .concern = Concern::Time,
       .look = under_lock,
       .bad = "ALTER TABLE products ADD COLUMN weight integer CHECK (weight > 0);",
       .good = "ALTER TABLE products ADD COLUMN weight integer;\n"
               "ALTER TABLE products ADD CONSTRAINT weight_positive CHECK (weight > 0) NOT VALID;\n"
               "ALTER TABLE products VALIDATE CONSTRAINT weight_positive;"},
      {.id = "not-understood",
       .severity = Severity::Caution,
       .title = "A statement that midflight does not understand",
       .what = "DO blocks, dynamic SQL and a few rare statements can do anything. Nothing is guessed about them.",
       .instead = "Write what it does as plain SQL, or look by hand and ignore this with a reason.",
       .look = not_understood,
       .bad = "DO $$ BEGIN EXECUTE 'ALTER TABLE orders ADD COLUMN channel text'; END $$;",
       .good = "ALTER TABLE orders ADD COLUMN channel text;"},
  };
}

}  // namespace midflight::check
