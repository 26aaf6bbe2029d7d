#include <fmt/format.h>

#include <algorithm>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

namespace midflight::check {
namespace {

void in_same_transaction(const Look& look, Remarks& say) {
  for_each<ValidateConstraint>(look, [&](const ValidateConstraint& op) {
    const HeldLock* held = look.session.held(op.table);
    if (held == nullptr || held->mode < LockMode::ShareLock || !in_use(look, op.table)) return;
    if (!look.session.in_block()) return;
    say.push_back({fmt::format("This transaction still holds {} on {}, so the validation reads every row while {}. NOT VALID gains "
                               "nothing here.", lock_mode_name(held->mode), op.table, who_waits(held->mode, op.table)),
                   fmt::format("COMMIT;  -- the lock ends here\n{};", look.statement.sql)});
  });
}

/// The author has looked at the rows of the table earlier in the script.
bool looked_at(const Look& look, const std::string& table) {
  return std::any_of(look.session.seen().begin(), look.session.seen().end(), [&](const Seen& seen) {
    return std::any_of(seen.statement.accesses.begin(), seen.statement.accesses.end(),
                       [&](const Access& access) { return access.relation == table; });
  });
}

class Doubts {
 public:
  Doubts(const Look& look, Remarks& say) : look_(look), say_(say) {}

  void unique(const std::string& table, const std::string& list) {
    if (list.empty()) return;
    add(table, fmt::format("Rows of {} with the same ({}) make it fail (23505).", table, list),
        fmt::format("SELECT {0}, count(*) FROM {1} GROUP BY {0} HAVING count(*) > 1;", list, q(table)));
  }
  void not_null(const std::string& table, const std::string& column) {
    add(table, fmt::format("A row of {} without {} makes it fail (23502).", table, column),
        fmt::format("SELECT count(*) FROM {} WHERE {} IS NULL;", q(table), q(column)));
  }
  void check(const std::string& table, const std::string& expression) {
    if (expression.empty()) return;
    add(table, fmt::format("A row of {} for which {} is false makes it fail (23514).", table, expression),
        fmt::format("SELECT count(*) FROM {} WHERE NOT ({});", q(table), expression));
  }

 private:
  void add(const std::string& table, std::string message, const std::string& query) {
    if (!in_use(look_, table) || looked_at(look_, table)) return;
    say_.push_back({std::move(message), "-- look before:\n" + query});
  }
  const Look& look_;
  Remarks& say_;
};

void existing_rows(const Look& look, Remarks& say) {
  Doubts doubts(look, say);
  for_each<CreateIndex>(look, [&](const CreateIndex& op) {
    if (op.index.unique) doubts.unique(op.index.table, index_keys(op.index));
  });
  for_each<AddConstraint>(look, [&](const AddConstraint& op) {
    const bool unique = op.constraint.kind == ConstraintKind::Unique || op.constraint.kind == ConstraintKind::PrimaryKey;
    if (unique && op.using_index.empty()) doubts.unique(op.table, column_list(op.constraint.columns));
    if (op.constraint.kind == ConstraintKind::Check && op.constraint.valid) doubts.check(op.table, op.constraint.expression);
  });
  for_each<SetNotNull>(look, [&](const SetNotNull& op) {
    if (does(look.work, WorkKind::Scan, op.table)) doubts.not_null(op.table, op.column);
  });
  for_each<ValidateConstraint>(look, [&](const ValidateConstraint& op) {
    const Constraint* c = constraint_called(look.schema, op.table, op.constraint);
    if (c == nullptr || c->kind != ConstraintKind::Check) return;
    if (c->proves_not_null.empty()) doubts.check(op.table, c->expression);
    else doubts.not_null(op.table, c->proves_not_null);
  });
}

}  // namespace

std::vector<Rule> validation_rules() {
  return {
      {.id = "validate-in-same-transaction",
       .severity = Severity::Danger,
       .title = "VALIDATE in the transaction that added the constraint",
       .what = "The lock that ADD ... NOT VALID took is kept to the end of the transaction, so all rows are read under it after all.",
       .instead = "Commit between the two.",
       .concern = Concern::Time,
       .look = in_same_transaction,
       .bad = "BEGIN;\nALTER TABLE orders ADD CONSTRAINT number_positive CHECK (number > 0) NOT VALID;\n"
              "ALTER TABLE orders VALIDATE CONSTRAINT number_positive;\nCOMMIT;",
       .good = "ALTER TABLE orders ADD CONSTRAINT number_positive CHECK (number > 0) NOT VALID;\n"
               "ALTER TABLE orders VALIDATE CONSTRAINT number_positive;",
       .also = {"existing-rows-may-fail"}},
      {.id = "existing-rows-may-fail",
       .severity = Severity::Note,
       .title = "Rows that are there already may make the migration fail",
       .what = "The statement holds for all rows or fails at the first that does not fit: after a long time, and for a concurrent "
               "index with an invalid index left behind.",
       .instead = "Look for such rows first, in the migration or before it.",
       .look = existing_rows,
       .bad = "CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number);",
       .good = "UPDATE orders SET number = id WHERE id = 17;\n"
               "CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number);"},
  };
}

}  // namespace midflight::check
