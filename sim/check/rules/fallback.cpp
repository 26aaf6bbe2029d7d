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

/// A column with a CHECK: the column at once, the CHECK as check-validated says.
std::string column_then_check(const Look& look) {
  std::string out;
  if (!is_single(look)) return out;
  for_each<AddColumn>(look, [&](const AddColumn& op) {
    const bool plain = op.constraints.size() == 1 && op.constraints.front().kind == ConstraintKind::Check && !op.volatile_default;
    if (!plain || op.column.generated || op.column.identity) return;
    const Constraint& c = op.constraints.front();
    out = fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2}{3}{4};\nALTER TABLE {0} ADD CONSTRAINT {5} CHECK ({6}) NOT VALID;\n"
                      "-- then, in a transaction of its own:\nALTER TABLE {0} VALIDATE CONSTRAINT {5};",
                      q(op.table), q(op.column.name), type_sql(op.column.type), op.column.default_sql ? " DEFAULT " + *op.column.default_sql : "",
                      op.column.not_null ? " NOT NULL" : "",
                      q(c.name.empty() ? op.table.substr(op.table.rfind('.') + 1) + "_" + op.column.name + "_check" : c.name), c.expression);
  });
  return out;
}

void under_lock(const Look& look, Remarks& say) {
  if (look.dangers > 0) return;
  // Nobody writes a materialized view, and reads go on.
  if (look.words.begin("refresh materialized view concurrently")) return;
  for (const WorkKind kind : {WorkKind::Rewrite, WorkKind::IndexBuild, WorkKind::Scan}) {
    for (const std::string& table : relations_with(look.work, kind)) {
      const auto mode = lock_on(look.work, table);
      if (!mode || *mode < LockMode::ShareLock || !in_use(look, table)) continue;
      say.push_back({fmt::format("{} is {} under {}: {} until it is done.", table, work_words(kind), lock_mode_name(*mode),
                                 who_waits(*mode, table)), column_then_check(look)});
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
