#include "sim/conduct/cleanup.h"

#include "sim/sql/render.h"

namespace midflight::conduct {

std::optional<Statement> cleanup_of(const Statement& failed) {
  if (failed.operations.size() != 1) return std::nullopt;
  const auto* create = std::get_if<CreateIndex>(&failed.operations.front());
  if (create == nullptr || !create->concurrently || create->if_not_exists || create->index.name.empty()) return std::nullopt;
  Statement drop;
  drop.sql = "DROP INDEX CONCURRENTLY IF EXISTS " + sql::identifier(create->index.name);
  drop.where = failed.where;
  drop.kind = StatementKind::Ddl;
  drop.operations = {DropIndex{create->index.name, true, true}};
  drop.refuses_transaction = true;
  return drop;
}

}  // namespace midflight::conduct
