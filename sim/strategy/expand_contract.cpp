#include <algorithm>
#include <variant>

#include "sim/sql/parse.h"
#include "sim/sql/render.h"
#include "sim/strategy/all.h"
#include "sim/strategy/names.h"
#include "sim/strategy/plan_builder.h"
#include "sim/strategy/recreate.h"
#include "sim/strategy/refusal.h"
#include "sim/strategy/successor.h"

// A second column beside the first; the application writes both, then reads the
// new one, then forgets the old one; each release fits the one before it.
//
// The copy begins when the last instance that writes only the old column is
// gone, and copies wherever the two differ, not only nulls: otherwise a value
// that release overwrote would stay stale.
// Scope:  triggers and background jobs that name the old column are not followed.

namespace midflight::strategy {
namespace {

// The default is given together with the column: rows of releases that leave
// the column out get the same value in both from the first double write on.
std::string add_column_sql(const Successor& s, const Column& old) {
  std::string text = "ALTER TABLE " + sql::relation(s.table) + " ADD COLUMN " + sql::identifier(s.to) + " " + s.to_type;
  if (old.default_sql) text += " DEFAULT " + (s.forward.empty() ? *old.default_sql : fill(s.forward, *old.default_sql));
  return text;
}

void refuse_volatile_default(const std::string& add_column, const Successor& s) {
  const Statement statement = sql::parse_one(add_column);
  const auto* add = statement.operations.empty() ? nullptr : std::get_if<AddColumn>(&statement.operations.front());
  if (add && add->volatile_default) {
    refuse("the default of " + s.table + "." + s.from + " gives another value at each call, so the two columns would differ");
  }
}

Statement copy_statement(const Successor& s) {
  const std::string to = sql::identifier(s.to), value = s.forward_of_column();
  return sql::parse_one("UPDATE " + sql::relation(s.table) + " SET " + to + " = " + value + " WHERE " + to +
                        " IS DISTINCT FROM " + value);
}

// Each integer type holds the values of those before it.
int integer_rank(const std::string& type) {
  return type == "smallint" ? 1 : type == "integer" ? 2 : type == "bigint" ? 3 : 0;
}

bool is_text(const std::string& type) { return type == "text" || type.starts_with("character varying"); }

// Values compare across such types as they are.
bool keeps_values_equal(const Successor& s) {
  if (s.forward.empty()) return true;
  if (s.forward.find("CAST({} AS ") != 0) return false;
  if (is_text(s.from_type)) return s.to_type == "text";
  return integer_rank(s.from_type) > 0 && integer_rank(s.from_type) <= integer_rank(s.to_type);
}

CheckStep equality(const Successor& s) {
  CheckStep check;
  check.table = s.table;
  if (keeps_values_equal(s)) {
    check.kind = CheckStep::Kind::Equal;
    check.column = s.from;
    check.other_column = s.to;
    return check;
  }
  check.kind = CheckStep::Kind::Sql;  // two types need not compare
  check.sql = "SELECT NOT EXISTS (SELECT 1 FROM " + sql::relation(s.table) + " WHERE " + sql::identifier(s.to) +
              " IS DISTINCT FROM " + s.forward_of_column() + ")";
  return check;
}

void expand(PlanBuilder& plan, const Successor& s, const Scenario& scenario) {
  const std::string add_column = add_column_sql(s, *scenario.schema.table(s.table)->column(s.from));
  refuse_volatile_default(add_column, s);
  plan.sql("expand", {add_column}, "Adds " + s.to + " beside " + s.from + ", a change of the catalog only.");
  plan.deploy("write-both", "v1.1", "From now on no write leaves " + s.to + " behind.");
  plan.soak("soak-write-both", "Time to go back before anything depends on " + s.to + ".");
  plan.backfill("copy", copy_statement(s), "Fills the rows that were written before, a batch at a time.");
  plan.check("check-equal", equality(s), "Nothing may read " + s.to + " before every row has it.");
  recreate_on_successor(plan, s, scenario);
}

void contract(PlanBuilder& plan, const Successor& s, const Scenario& scenario) {
  plan.deploy("read-new", "v1.2", "Reads " + s.to + " and still writes both, for the instances of v1.1.");
  plan.soak("soak-read-new", "Time to go back to v1.1 without loss.");
  let_old_column_be_absent(plan, s, scenario);
  plan.deploy("stop-old", "v2", "Knows only " + s.to + ".");
  plan.soak("soak-stop-old", "Time to go back to v1.2 while " + s.from + " still exists.");
  plan.sql("contract", {"ALTER TABLE " + sql::relation(s.table) + " DROP COLUMN " + sql::identifier(s.from)},
           "No release names " + s.from + " any more.");
}

bool names_column(const Statement& statement, const Successor& s) {
  return std::any_of(statement.accesses.begin(), statement.accesses.end(), [&](const Access& a) {
    return a.relation == s.table && (std::count(a.reads.begin(), a.reads.end(), s.from) > 0 ||
                                     std::count(a.writes.begin(), a.writes.end(), s.from) > 0);
  });
}

void add_assumptions(Proposal& proposal, const Successor& s, const Scenario& scenario) {
  if (!s.renames) {
    proposal.assumptions.push_back("The column with the new type keeps its own name, " + s.to +
                                   ": exchanging the names would break v2 in the same moment.");
  }
  for (const Constraint& c : scenario.schema.table(s.table)->constraints) {
    if (c.kind == ConstraintKind::ForeignKey && std::count(c.columns.begin(), c.columns.end(), s.from) > 0) {
      proposal.assumptions.push_back("The foreign key " + c.name + " is repeated without its ON DELETE and ON UPDATE actions.");
    }
  }
  for (const BackgroundJob& job : scenario.background) {
    if (names_column(job.statement, s)) {
      proposal.assumptions.push_back("The background job " + job.name + " keeps naming " + s.from + " and fails once it is dropped.");
    }
  }
  for (const Trigger& trigger : scenario.schema.triggers) {
    if (trigger.table == s.table) proposal.assumptions.push_back("The trigger " + trigger.name + " does not use " + s.from + ".");
  }
}

}  // namespace

Proposal expand_contract(const Scenario& scenario) {
  const Successor s = successor_of(classify(scenario), scenario.schema);
  require_successor_possible(s, scenario.schema);
  Proposal proposal;
  proposal.name = "expand_contract";
  proposal.versions = {first_version(scenario)};
  for (const Stage stage : {Stage::WriteBothReadOld, Stage::WriteBothReadNew, Stage::NewOnly}) {
    proposal.versions.push_back(version_of(stage, s, scenario));
  }
  PlanBuilder plan(scenario);
  expand(plan, s, scenario);
  contract(plan, s, scenario);
  add_assumptions(proposal, s, scenario);
  proposal.plan = plan.take();
  return proposal;
}

}  // namespace midflight::strategy
