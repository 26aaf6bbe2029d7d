#include "sim/compat/relation_shape.h"

#include "sim/sql/statements.h"

namespace midflight::compat {
namespace {

RelationShape table_shape(const Table& table) {
  RelationShape shape;
  shape.base = &table;
  for (const Column& column : table.columns) shape.columns.push_back({column.name, column.name, column.type});
  return shape;
}

RelationShape view_shape(const Schema& schema, const View& view) {
  RelationShape shape;
  const std::optional<RelationShape> below =
      view.table.empty() || view.table == view.name ? std::nullopt : relation_shape(schema, view.table);
  if (below && below->followed()) {
    shape.base = below->base;
    for (const View::Output& output : view.outputs) {
      const SeenColumn* column = below->column(output.column);
      shape.columns.push_back({output.name, column != nullptr ? column->base : "", column != nullptr ? column->type : ""});
    }
  }
  shape.view = &view;
  return shape;
}

}  // namespace

const SeenColumn* RelationShape::column(const std::string& name) const {
  for (const SeenColumn& seen : columns) {
    if (seen.name == name) return &seen;
  }
  return nullptr;
}

std::string RelationShape::base_column(const std::string& name) const {
  const SeenColumn* seen = column(name);
  return seen != nullptr ? seen->base : "";
}

std::optional<RelationShape> relation_shape(const Schema& schema, const std::string& relation) {
  if (const Table* table = schema.table(relation)) return table_shape(*table);
  if (const View* view = schema.view(relation)) return view_shape(schema, *view);
  return std::nullopt;
}

bool is_catalog(const std::string& relation) {
  return relation.starts_with("pg_") || relation.starts_with("information_schema.") || relation.starts_with("sqlite_");
}

std::vector<Access> resolved_accesses(const Statement& statement, const Schema& schema) {
  const auto& accesses = statement.accesses;
  const bool bare_insert =
      statement.kind == StatementKind::Insert && !accesses.empty() && accesses.front().writes.empty();
  if ((accesses.size() < 2 && !bare_insert) || statement.sql.empty()) return accesses;
  const std::vector<Statement> again = sql::parse_under(statement.sql, statement.where, {&schema});
  return again.empty() ? accesses : again.front().accesses;
}

}  // namespace midflight::compat
