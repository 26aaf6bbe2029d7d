#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// What statements of one history do together.

namespace midflight::check {
namespace {

/// Scans and rewrites while every query on the relation waits.
std::vector<std::string> passes_under_lock(const LocksAndWork& work) {
  std::vector<std::string> out;
  for (const WorkKind kind : {WorkKind::Scan, WorkKind::Rewrite}) {
    for (const std::string& name : relations_with(work, kind)) {
      if (lock_on(work, name) == LockMode::AccessExclusiveLock) out.push_back(name);
    }
  }
  return out;
}

/// Parts of one ALTER TABLE can share a pass; a partition's scan cannot.
bool can_share(const Statement& statement) {
  return !statement.operations.empty() && std::none_of(statement.operations.begin(), statement.operations.end(), [](const Operation& one) {
    return std::holds_alternative<AttachPartition>(one) || std::holds_alternative<CreateTable>(one);
  });
}

/// The script had made the table and put no row into it when it came to this statement.
bool was_empty(const Session& session, const std::string& table, const Seen& until) {
  bool made = false;
  for (const Seen& seen : session.seen()) {
    if (&seen == &until) return made;
    for (const Operation& operation : seen.statement.operations) {
      const auto* create = std::get_if<CreateTable>(&operation);
      made = made || (create != nullptr && create->table.name == table && !create->as_query);
    }
    for (const Access& access : seen.statement.accesses) {
      if (access.relation == table && access.mode >= LockMode::RowExclusiveLock) return false;
    }
  }
  return made;
}

void several_passes(const Look& look, Remarks& say) {
  if (!look.words.begin("alter table") || !can_share(look.statement)) return;
  std::vector<std::string> again;
  for (const std::string& table : passes_under_lock(look.work)) {
    if (!in_use(look, table)) continue;
    const auto& seen = look.session.seen();
    const auto before = std::count_if(seen.begin(), seen.end(), [&](const Seen& s) {
      if (!can_share(s.statement) || was_empty(look.session, table, s)) return false;
      const std::vector<std::string> passes = passes_under_lock(s.work);
      return std::find(passes.begin(), passes.end(), table) != passes.end();
    });
    if (before == 1) again.push_back(table);  // said once
  }
  if (again.empty()) return;
  std::string altered = look.words.name_behind("alter table");  // of a parent all heirs are passed over
  if (look.schema.table(altered) == nullptr) altered = again.front();
  say.push_back({fmt::format("{} {} been read or written as a whole under AccessExclusiveLock before in this file; one ALTER TABLE with "
                             "all changes does it once.", listed(again), again.size() == 1 ? "has" : "have"),
                 fmt::format("ALTER TABLE {} ..., ...;  -- all changes with commas between them", q(altered))});
}

void built_then_rewritten(const Look& look, Remarks& say) {
  for (const std::string& table : relations_with(look.work, WorkKind::Rewrite)) {
    if (!in_use(look, table)) continue;
    for (const Seen& seen : look.session.seen()) {
      if (!does(seen.work, WorkKind::IndexBuild, table) || does(seen.work, WorkKind::Rewrite, table)) continue;
      if (was_empty(look.session, table, seen)) continue;
      say.push_back({fmt::format("This writes {} again and builds all its indexes again, with the one that this file has just built.", table),
                     "-- this statement first, then the index"});
      break;
    }
  }
}

bool alters_schema(const Seen& seen) { return seen.statement.kind == StatementKind::Ddl; }

bool is_repeatable(const Seen& seen) {
  const Words words(seen.statement.sql);
  if (words.contain("if not exists") || words.contain("if exists") || words.contain("or replace")) return true;
  if (words.begin("create") || words.begin("drop")) return false;
  if (!words.begin("alter")) return true;  // TRUNCATE, REFRESH, LOCK, GRANT, ...
  for (const char* once : {"add", "rename", "attach partition", "detach partition", "set schema", "drop column", "drop constraint", "inherit"}) {
    if (words.contain(once)) return false;
  }
  return std::none_of(seen.statement.operations.begin(), seen.statement.operations.end(),
                      [](const Operation& operation) { return std::holds_alternative<DropColumn>(operation); });
}

void not_repeatable(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  const bool outside = std::any_of(seen.begin(), seen.end(), [](const Seen& s) { return s.work.transaction_forbidden && !s.in_block; });
  const auto changes = std::count_if(seen.begin(), seen.end(), alters_schema);
  if (!outside || changes < 2) return;
  std::ptrdiff_t left = changes;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!alters_schema(seen[i])) continue;
    if (--left == 0) return;  // nothing behind it can fail
    if (seen[i].in_block || is_repeatable(seen[i])) continue;
    say.push_back({"The file runs outside a transaction: when a later statement fails, this one has committed, and the next try of the file "
                   "fails here.", "-- a file of its own for each statement that refuses transactions", i});
    return;
  }
}

bool analyzes(const Seen& seen, const std::string& table) {
  const Words words(seen.statement.sql);
  if (!words.contain("analyze")) return false;
  const std::string name = words.name_behind("analyze");
  return name.empty() || name == table || words.contain(table);
}

/// Brackets inside those of the index: an expression.
bool has_expression(const CreateIndex& op) {
  const Words words(op.index.sql);
  int depth = 0;
  for (const SqlToken& token : words.tokens()) {
    if (is_word(token, "include") || is_word(token, "where")) return false;
    if (token.text == "(" && ++depth > 1) return true;
    if (token.text == ")") --depth;
  }
  return false;
}

void statistics_missing(const End& end, Remarks& say) {
  const auto& seen = end.session.seen();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    for (const Operation& operation : seen[i].statement.operations) {
      const auto* type = std::get_if<AlterColumnType>(&operation);
      const auto* index = std::get_if<CreateIndex>(&operation);
      if (type == nullptr && (index == nullptr || !has_expression(*index))) continue;
      const std::string& table = type != nullptr ? type->table : index->index.table;
      if (end.session.is_new(table)) continue;
      const auto behind = seen.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::any_of(behind, seen.end(), [&](const Seen& s) { return analyzes(s, table); })) continue;
      say.push_back({type != nullptr ? fmt::format("A type change throws away what the planner knows of {}.{}: plans are guesses until the next "
                                                   "ANALYZE.", table, type->column)
                                     : fmt::format("The planner knows nothing of the expression in {} until the next ANALYZE.", index->index.name),
                     fmt::format("ANALYZE {};", q(table)), i});
    }
  }
}

}  // namespace

std::vector<Rule> sequence_rules() {
  return {
      {.id = "several-passes",
       .severity = Severity::Caution,
       .title = "A table is read or written as a whole several times",
       .what = "Each ALTER TABLE that scans or rewrites goes over all rows under AccessExclusiveLock; several in one statement share one "
               "pass.",
       .instead = "One ALTER TABLE with all changes.",
       .concern = Concern::Time,
       .look = several_passes,
       .bad = "ALTER TABLE products ALTER COLUMN stock TYPE bigint;\nALTER TABLE products ALTER COLUMN id TYPE bigint;\nANALYZE products;",
       .good = "ALTER TABLE products ALTER COLUMN stock TYPE bigint, ALTER COLUMN id TYPE bigint;\nANALYZE products;",
       .also = {"column-type-rewrite"}},
      {.id = "index-built-then-rewritten",
       .severity = Severity::Caution,
       .title = "An index is built and then built again by a rewrite",
       .what = "A rewrite builds all indexes of the table again, under AccessExclusiveLock, those built just before among them.",
       .instead = "The rewrite first, then the index.",
       .concern = Concern::Time,
       .look = built_then_rewritten,
       .bad = "CREATE INDEX CONCURRENTLY products_price_idx ON products (price);\n"
              "ALTER TABLE products ALTER COLUMN stock TYPE bigint;\nANALYZE products;",
       .good = "ALTER TABLE products ALTER COLUMN stock TYPE bigint;\n"
               "CREATE INDEX CONCURRENTLY products_price_idx ON products (price);\nANALYZE products;",
       .also = {"column-type-rewrite", "not-repeatable"}},
      {.id = "not-repeatable",
       .severity = Severity::Note,
       .title = "A file outside a transaction that cannot be run again",
       .what = "What refuses transactions commits on its own. When a later statement fails, half of the file has run, and the next try "
               "fails at what is there already.",
       .instead = "A file of its own for each such statement, or IF [NOT] EXISTS where it means what it says.",
       .at_end = not_repeatable,
       .bad = "ALTER TABLE orders ADD COLUMN channel text;\nCREATE INDEX CONCURRENTLY orders_channel_idx ON orders (channel);",
       .good = "ALTER TABLE orders ADD COLUMN IF NOT EXISTS channel text;\n"
               "CREATE INDEX CONCURRENTLY orders_channel_idx ON orders (channel);"},
      {.id = "statistics-missing",
       .severity = Severity::Note,
       .title = "The planner knows nothing of the new column type or expression",
       .what = "Until ANALYZE runs, by hand or by autovacuum, the planner guesses, and queries may take a bad plan.",
       .instead = "ANALYZE behind it.",
       .at_end = statistics_missing,
       .bad = "CREATE INDEX CONCURRENTLY customers_lower_idx ON customers (lower(email));",
       .good = "CREATE INDEX CONCURRENTLY customers_lower_idx ON customers (lower(email));\nANALYZE customers;"},
  };
}

}  // namespace midflight::check
