#include <fmt/format.h>

#include <algorithm>

#include "sim/check/breakage.h"
#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, ALTER TABLE, "Notes"; SET NOT NULL finds a valid CHECK since version 12.

namespace midflight::check {
namespace {

void check_validated(const Look& look, Remarks& say) {
  for_each<AddConstraint>(look, [&](const AddConstraint& op) {
    const Constraint& c = op.constraint;
    if (c.kind != ConstraintKind::Check || !c.valid || !in_use(look, op.table)) return;
    const std::string add = is_single(look) ? look.statement.sql
                                            : fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({})", q(op.table), q(c.name), c.expression);
    say.push_back({fmt::format("Every row of {0} is read under AccessExclusiveLock: every query on {0} waits until it is done.", op.table),
                   fmt::format("{} NOT VALID;\n-- then, in a transaction of its own:\nALTER TABLE {} VALIDATE CONSTRAINT {};", add,
                               q(op.table), q(c.name))});
  });
}

std::string by_check(const SetNotNull& op) {
  const std::string name = q(op.table.substr(op.table.rfind('.') + 1) + "_" + op.column + "_set");
  return fmt::format("ALTER TABLE {0} ADD CONSTRAINT {2} CHECK ({1} IS NOT NULL) NOT VALID;\n"
                     "-- then, each in a transaction of its own:\n"
                     "ALTER TABLE {0} VALIDATE CONSTRAINT {2};\n"
                     "ALTER TABLE {0} ALTER COLUMN {1} SET NOT NULL;\n"
                     "ALTER TABLE {0} DROP CONSTRAINT {2};",
                     q(op.table), q(op.column), name);
}

std::string by_not_valid(const SetNotNull& op) {
  const std::string name = q(op.table.substr(op.table.rfind('.') + 1) + "_" + op.column + "_not_null");
  return fmt::format("ALTER TABLE {0} ADD CONSTRAINT {2} NOT NULL {1} NOT VALID;\n"
                     "-- then, in a transaction of its own:\n"
                     "ALTER TABLE {0} VALIDATE CONSTRAINT {2};",
                     q(op.table), q(op.column), name);
}

/// Statements of the scenario's versions that give the column a value, which may be null.
std::vector<TouchedStatement> writers_of(const Scenario& scenario, const SetNotNull& op) {
  std::vector<TouchedStatement> out;
  const auto writes = [&](const Access& access) {
    return access.relation == op.table && std::find(access.writes.begin(), access.writes.end(), op.column) != access.writes.end();
  };
  for (const Version& version : scenario.app.versions) {
    for (const Endpoint& endpoint : version.endpoints) {
      for (const Statement& statement : endpoint.statements) {
        if (std::any_of(statement.accesses.begin(), statement.accesses.end(), writes)) out.push_back({version.name, endpoint.name, ""});
      }
    }
  }
  return out;
}

/// Who stores a null from then on fails.  Of a scenario's versions those that leave the column out are named by breaks-application.
std::string about_writers(const Look& look, const SetNotNull& op) {
  const Table* table = look.schema.table(op.table);
  const Column* column = table == nullptr ? nullptr : table->column(op.column);
  const bool fills_itself = column != nullptr && (column->default_sql || column->identity || column->generated);
  if (look.scenario == nullptr)
    return fmt::format(" Running versions that store null in {}.{}{} fail from then on (23502).", op.table, op.column,
                       fills_itself ? "" : ", or leave it out of an INSERT,");
  const std::vector<std::string> writers = by_version(writers_of(*look.scenario, op));
  if (writers.empty()) return "";
  return fmt::format(" {} {} {}.{}: where that is null, it fails from then on (23502).", listed(writers), writers.size() == 1 ? "writes" : "write",
                     op.table, op.column);
}

void set_not_null(const Look& look, Remarks& say) {
  constexpr int kNotNullNotValid = 18;
  for_each<SetNotNull>(look, [&](const SetNotNull& op) {
    if (!does_to(look, WorkKind::Scan, op.table) || !in_use(look, op.table)) return;
    say.push_back({fmt::format("Every row of {0} is read under AccessExclusiveLock to see that no {1} is null: every query on {0} waits "
                               "until it is done.", op.table, op.column) + about_writers(look, op),
                   look.dialect.version >= kNotNullNotValid ? by_not_valid(op) : by_check(op)});
  });
}

void exclude(const Look& look, Remarks& say) {
  for_each<AddConstraint>(look, [&](const AddConstraint& op) {
    if (op.constraint.kind != ConstraintKind::Exclude || !in_use(look, op.table)) return;
    say.push_back({fmt::format("The index behind the constraint is built under AccessExclusiveLock: every query on {} waits until it is "
                               "done. There is no concurrent way.", op.table),
                   fmt::format("-- a new table that has the constraint from the start, filled in batches; or a window without traffic\n"
                               "CREATE TABLE {0}_new (LIKE {1} INCLUDING ALL);\nALTER TABLE {0}_new ADD ...;",
                               op.table.substr(op.table.rfind('.') + 1), q(op.table))});
  });
}

void drop_not_null(const Look& look, Remarks& say) {
  for_each<DropNotNull>(look, [&](const DropNotNull& op) {
    if (!in_use(look, op.table)) return;
    say.push_back({fmt::format("From now on {0}.{1} may be null, and a running version that has never seen a null there may fail on one.",
                               op.table, op.column),
                   fmt::format("-- first deploy a version that reads null in {0}.{1}, then\n{2};", op.table, op.column, look.statement.sql)});
  });
}

/// Tables in use with a column of the type; where not all tables are known, "every table that uses it".
std::vector<std::string> users_of(const Look& look, const std::string& type) {
  std::vector<std::string> out;
  for (const Table& table : look.schema.tables) {
    const bool uses = std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& c) { return c.type == type; });
    if (uses && in_use(look, table.name)) out.push_back(table.name);
  }
  const bool all_known = look.assumed.empty() && !look.schema.tables.empty();
  if (out.empty() && !all_known) out.emplace_back("every table that uses it");
  return out;
}

void domain(const Look& look, Remarks& say) {
  if (!look.words.begin("alter domain") || look.words.contain("not valid")) return;
  const bool adds = look.words.contain("add constraint") || look.words.contain("add check");
  if (!adds && !look.words.contain("set not null")) return;
  const std::string name = look.words.name_behind("alter domain");
  const std::vector<std::string> users = users_of(look, name);
  if (users.empty()) return;
  const std::string constraint = adds && look.words.contain("add constraint") ? look.words.name_behind("add constraint") : "...";
  const std::string bare = name.substr(name.rfind('.') + 1);
  say.push_back({fmt::format("Every value of the type {} is checked under ShareLock on {}: writes there wait until it is done.", name,
                             listed(users)),
                 adds ? fmt::format("{} NOT VALID;\n-- then, in a transaction of its own:\nALTER DOMAIN {} VALIDATE CONSTRAINT {};",
                                    look.statement.sql, q(name), constraint == "..." ? constraint : q(constraint))
                      : fmt::format("ALTER DOMAIN {0} ADD CONSTRAINT {1} CHECK (VALUE IS NOT NULL) NOT VALID;\n"
                                    "-- then, in a transaction of its own:\nALTER DOMAIN {0} VALIDATE CONSTRAINT {1};",
                                    q(name), q(bare + "_set"))});
}

}  // namespace

std::vector<Rule> constraint_rules() {
  return {
      {.id = "check-validated",
       .severity = Severity::Danger,
       .title = "ADD CHECK that reads all rows at once",
       .what = "AccessExclusiveLock is kept while every row is read. Every query on the table waits.",
       .instead = "Add it NOT VALID, which reads no row, and validate it in another transaction, which blocks no reads or writes.",
       .concern = Concern::Time,
       .look = check_validated,
       .bad = "ALTER TABLE orders ADD CONSTRAINT number_positive CHECK (number > 0);",
       .good = "ALTER TABLE orders ADD CONSTRAINT number_positive CHECK (number > 0) NOT VALID;\n"
               "ALTER TABLE orders VALIDATE CONSTRAINT number_positive;",
       .also = {"existing-rows-may-fail"}},
      {.id = "set-not-null",
       .severity = Severity::Danger,
       .title = "SET NOT NULL that reads all rows",
       .what = "AccessExclusiveLock is kept while every row is read. Every query on the table waits. From then on running versions fail that "
               "store null in the column, or leave it out of an INSERT while it has no default.",
       .instead = "Deploy a version that always stores a value, then prove it by a validated CHECK (column IS NOT NULL), which SET NOT NULL finds from version 12 on. From "
                  "version 18 on a NOT NULL constraint itself may be NOT VALID and validated later.",
       .concern = Concern::Time,
       .look = set_not_null,
       .bad = "ALTER TABLE orders ALTER COLUMN number SET NOT NULL;",
       .good = "ALTER TABLE orders ADD CONSTRAINT orders_number_set CHECK (number IS NOT NULL) NOT VALID;\n"
               "ALTER TABLE orders VALIDATE CONSTRAINT orders_number_set;\n"
               "ALTER TABLE orders ALTER COLUMN number SET NOT NULL;\n"
               "ALTER TABLE orders DROP CONSTRAINT orders_number_set;",
       .also = {"existing-rows-may-fail"}},
      {.id = "exclude-constraint",
       .severity = Severity::Danger,
       .title = "EXCLUDE constraint on a table in use",
       .what = "Its index is built under AccessExclusiveLock, and an exclusion constraint cannot use an index built before.",
       .instead = "Give a new table the constraint and move the rows over, or choose a window without traffic.",
       .concern = Concern::Time,
       .look = exclude,
       .bad = "ALTER TABLE orders ADD CONSTRAINT one_order_number EXCLUDE (number WITH =);",
       .good = "CREATE TABLE orders_new (id bigint PRIMARY KEY, number bigint);\n"
               "ALTER TABLE orders_new ADD CONSTRAINT one_order_number EXCLUDE (number WITH =);"},
      {.id = "drop-not-null",
       .severity = Severity::Caution,
       .title = "A column may become null under a version that does not expect it",
       .what = "Dropping NOT NULL is quick, but a running version that reads the column may fail on its first null.",
       .instead = "Deploy a version that tolerates nulls first.",
       .look = drop_not_null,
       .bad = "ALTER TABLE orders ALTER COLUMN status DROP NOT NULL;",
       .good = "ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'new';"},
      {.id = "domain-constraint-validated",
       .severity = Severity::Danger,
       .title = "A domain's new constraint reads every table that uses it",
       .what = "All columns of the type are checked at once, in every table, each under ShareLock. Writes to all of them wait.",
       .instead = "Add the constraint NOT VALID and validate it in another transaction.",
       .concern = Concern::Time,
       .look = domain,
       .bad = "ALTER DOMAIN percent ADD CONSTRAINT not_negative CHECK (VALUE >= 0);",
       .good = "ALTER DOMAIN percent ADD CONSTRAINT not_negative CHECK (VALUE >= 0) NOT VALID;\n"
               "ALTER DOMAIN percent VALIDATE CONSTRAINT not_negative;"},
  };
}

}  // namespace midflight::check
