#include "sim/sql/rewrite.h"

#include <fmt/format.h>

#include "sim/sql/parse.h"
#include "sim/sql/rewrite_parts.h"
#include "sim/sql/statements.h"

namespace midflight::sql {
namespace {

/// The schema in which the rewritten statement lives: with both columns.
Schema with_successor(const Schema& schema, const ColumnMapping& mapping) {
  Schema out = schema;
  Table* table = out.table(mapping.table);
  if (table != nullptr && table->column(mapping.to) == nullptr)
    table->columns.push_back({mapping.to, mapping.to_type, false, std::nullopt, false, false});
  return out;
}

}  // namespace

void Rewriting::refuse(const std::string& why) const {
  throw Error(ErrorCode::NotSupported, fmt::format("no version can be derived from `{}`: {}", statement.sql, why),
              statement.where);
}

Node* Rewriting::expression(const std::string& sql) {
  templates.push_back(std::make_unique<Tree>("SELECT " + sql, Position{}));
  return templates.back()->statement(0)->select_stmt->target_list[0]->res_target->val;
}

bool is_target(const PgQuery__RangeVar* relation, const ColumnMapping& mapping) {
  return relation != nullptr && relation_name(*relation) == mapping.table;
}

Statement rewrite(const Statement& statement, const ColumnMapping& mapping, const Schema& schema) {
  Rewriting work{statement, mapping, schema, Tree(statement.sql, statement.where), {}};
  MIDFLIGHT_CHECK(work.tree.size() == 1);
  rewrite_reads(work);
  rewrite_writes(work);
  const Schema both = with_successor(schema, mapping);
  Statement out = std::move(parse_under(statement_text(work.root()), statement.where, {&both}).front());
  out.where = statement.where;
  return out;
}

}  // namespace midflight::sql
