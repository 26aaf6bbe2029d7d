#include <algorithm>

#include "sim/compat/compat.h"
#include "sim/compat/relation_shape.h"

namespace midflight::compat {
namespace {

void add_once(std::vector<std::string>& list, const std::string& name) {
  if (!name.empty() && std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
}

/// Names and types of what one access contributes to the result.
std::vector<SeenColumn> result_columns(const Access& access, const RelationShape& shape) {
  if (access.reads_all) return shape.columns;
  std::vector<SeenColumn> out;
  for (const std::string& name : access.outputs) {
    const SeenColumn* column = shape.column(name);
    if (column != nullptr) out.push_back(*column);
  }
  return out;
}

/// A result column has a name and a type; what lies behind it is of no matter.
bool same_result(const std::vector<SeenColumn>& a, const std::vector<SeenColumn>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const SeenColumn& x, const SeenColumn& y) {
    return x.name == y.name && x.type == y.type;
  });
}

bool has_all(const Access& access, const RelationShape& shape) {
  return std::all_of(access.outputs.begin(), access.outputs.end(),
                     [&](const std::string& name) { return shape.column(name) != nullptr; });
}

ColumnAccess& entry_of(std::vector<ColumnAccess>& list, const std::string& table) {
  for (ColumnAccess& entry : list) {
    if (entry.table == table) return entry;
  }
  list.push_back({table, {}, {}, false, false});
  return list.back();
}

void follow(const Statement& statement, const Access& access, const RelationShape& shape, ColumnAccess& out) {
  for (const std::string& name : access.outputs) add_once(out.reads, shape.base_column(name));
  if (access.reads_all) {
    for (const SeenColumn& column : shape.columns) add_once(out.reads, column.base);
  }
  for (const std::string& name : access.writes) add_once(out.writes, shape.base_column(name));
  out.inserts = out.inserts || (statement.kind == StatementKind::Insert && access.mode == LockMode::RowExclusiveLock);
  out.by_key = out.by_key || !access.key.empty();
}

}  // namespace

bool result_type_changed(const Statement& statement, const Schema& before, const Schema& after) {
  for (const Access& access : resolved_accesses(statement, before)) {
    const std::optional<RelationShape> old = relation_shape(before, access.relation);
    const std::optional<RelationShape> now = relation_shape(after, access.relation);
    // What is gone fails as a missing name, not as a stale plan.
    if (!old || !now || !has_all(access, *now)) continue;
    if (!same_result(result_columns(access, *old), result_columns(access, *now))) return true;
  }
  return false;
}

std::vector<ColumnAccess> column_accesses(const Statement& statement, const Schema& schema) {
  std::vector<ColumnAccess> out;
  for (const Access& access : resolved_accesses(statement, schema)) {
    const std::optional<RelationShape> shape = relation_shape(schema, access.relation);
    if (shape && shape->followed()) follow(statement, access, *shape, entry_of(out, shape->base->name));
  }
  return out;
}

}  // namespace midflight::compat
