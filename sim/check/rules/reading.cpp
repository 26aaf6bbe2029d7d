#include "sim/check/rules/all.h"

// What the walk itself says of a script.  Each of them is made where it is found out, by its id.

namespace midflight::check {

std::vector<Rule> reading_rules() {
  return {
      {.id = "syntax-error",
       .severity = Severity::Danger,
       .title = "A statement that PostgreSQL's grammar does not know",
       .what = "The server refuses it, and the migration stops there. The rest of the file is checked all the same. The grammar is "
               "that of PostgreSQL 15 with the newer forms that midflight knows.",
       .instead = "Mend the statement at the place that is shown.",
       .concern = Concern::Refusal,
       .bad = "ALTER TABLE orders ADD COLUMM channel text;",
       .good = "ALTER TABLE orders ADD COLUMN channel text;"},
      {.id = "does-not-fit",
       .severity = Severity::Danger,
       .title = "A statement that does not fit the schema",
       .what = "Under the schema that the statements before have made, the server refuses it: what it names is missing, there "
               "already, or in use by something else. What else could be said of the statement is left out. Either the migration is wrong or the schema is not the one it was written for.",
       .instead = "Compare the schema file with the server, and the order of the migrations.",
       .concern = Concern::Refusal,
       .bad = "ALTER TABLE orders DROP CONSTRAINT no_such_constraint;",
       .good = "ALTER TABLE orders DROP CONSTRAINT note_short;"},
      {.id = "psql-command",
       .severity = Severity::Caution,
       .title = "A command for psql in a migration",
       .what = "Lines that begin with a backslash are carried out by psql and by nothing else; what they bring in is not checked. Those that only "
               "show or format are notes.",
       .instead = "Plain SQL, or the file it brings in as a migration of its own.",
       .bad = "\\i other.sql\nALTER TABLE orders ADD COLUMN channel text;",
       .good = "ALTER TABLE orders ADD COLUMN channel text;"},
      {.id = "file-problem",
       .severity = Severity::Caution,
       .title = "Something about the file as a whole",
       .what = "How it is encoded, where it ends, or what the migration tool will make of it.",
       .instead = "UTF-8, a semicolon behind every statement, and the marks that the migration tool asks for.",
       .good = "ALTER TABLE orders ADD COLUMN channel text;\n\nALTER TABLE orders ADD COLUMN agent text;"},
      {.id = "breaks-application",
       .severity = Severity::Danger,
       .title = "A statement of a running version fails from here on",
       .what = "With --scenario, every statement of the application's versions is held against the schema behind each statement of the "
               "migration. This one fitted before and does not fit now: every such request fails until the version is gone.",
       .instead = "Deploy a version without that statement first, or keep what it names until no version uses it.",
       .good = "ALTER TABLE orders ADD COLUMN channel text;"},
      {.id = "predicted-outage",
       .severity = Severity::Danger,
       .title = "The scenario's requests fail or wait too long",
       .what = "With --scenario, the statement is run against the application's traffic. In at least one run of twenty, requests fail or "
               "the application is down, though no rule has anything against the statement.",
       .instead = "A shorter lock_timeout with more tries, a quieter time, or smaller steps: `midflight compare` tells what each of "
                  "them gains.",
       .good = "ALTER TABLE orders ADD COLUMN channel text;"},
      {.id = "gives-up",
       .severity = Severity::Caution,
       .title = "The scenario's transactions outlast the statement's timeouts",
       .what = "With --scenario, the statement is tried as often as migration.retry says. In some runs lock_timeout or statement_timeout "
               "ends every try, and the migration fails. A concurrent index build leaves an invalid index behind.",
       .instead = "More tries, or a quieter time. For a concurrent build a longer lock_timeout: nobody waits behind its waits.",
       .good = "ALTER TABLE orders ADD COLUMN channel text;"},
      {.id = "long-statement",
       .severity = Severity::Note,
       .title = "A statement that takes longer than ten minutes",
       .what = "With --scenario, the time is predicted from the rows. While it runs, vacuum removes no row that anybody deletes, and "
               "other DDL on the table waits.",
       .instead = "A quiet time, and more maintenance_work_mem for an index.",
       .good = "ALTER TABLE orders ADD COLUMN channel text;"},
      {.id = "ignore-unknown",
       .severity = Severity::Caution,
       .title = "An ignore comment names no rule",
       .what = "Nothing is silenced by it.",
       .instead = "The id as the finding shows it.",
       .bad = "-- midflight: ignore index-concurrent the table is small\nALTER TABLE orders ADD COLUMN channel text;",
       .good = "ALTER TABLE orders ADD COLUMN channel text;"},
      {.id = "ignore-without-reason",
       .severity = Severity::Caution,
       .title = "An ignore comment without a reason",
       .what = "Nothing is silenced by it: the next reader must know why it does not matter here.",
       .instead = "The reason behind the name of the rule.",
       .bad = "-- midflight: ignore drop-table\nDROP TABLE stock_levels;",
       .good = "-- midflight: ignore drop-table no version has used it since March\nDROP TABLE stock_levels;",
       .also = {"drop-table"}},
      {.id = "ignore-unused",
       .severity = Severity::Caution,
       .title = "An ignore comment that silences nothing",
       .what = "The rule has nothing to say at that statement; later it might, and nobody would see it.",
       .instead = "Take the comment out.",
       .bad = "-- midflight: ignore drop-table no version uses it\nALTER TABLE orders ADD COLUMN channel text;",
       .good = "ALTER TABLE orders ADD COLUMN channel text;"},
  };
}

}  // namespace midflight::check
