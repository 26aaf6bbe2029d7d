#include <fmt/format.h>

#include "sim/check/rules/all.h"
#include "sim/check/words.h"

// Source: PostgreSQL manual, CREATE INDEX, DROP INDEX, REINDEX, "Building Indexes Concurrently".

namespace midflight::check {
namespace {

void index_not_concurrent(const Look& look, Remarks& say) {
  for_each<CreateIndex>(look, [&](const CreateIndex& op) {
    if (op.concurrently || !does(look.work, WorkKind::IndexBuild) || !in_use(look, op.index.table)) return;
    say.push_back({fmt::format("The index is built under ShareLock: INSERT, UPDATE and DELETE on {} wait until it is done.",
                               op.index.table),
                   with_behind(look.statement.sql, "index", "CONCURRENTLY") + ";"});
  });
}

}  // namespace

std::vector<Rule> index_rules() {
  return {
      {.id = "index-not-concurrent",
       .severity = Severity::Danger,
       .title = "CREATE INDEX without CONCURRENTLY",
       .what = "The table is under ShareLock while every row is read and sorted. Writes wait for the whole build.",
       .instead = "CREATE INDEX CONCURRENTLY, outside a transaction. It takes longer and blocks nobody.",
       .look = index_not_concurrent,
       .bad = "CREATE INDEX orders_status_idx ON orders (status);",
       .good = "CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);"},
  };
}

}  // namespace midflight::check
