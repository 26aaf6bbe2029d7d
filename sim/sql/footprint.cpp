#include "sim/sql/footprint.h"

#include <algorithm>

#include "sim/sql/walker.h"

namespace midflight::sql {
namespace {

void lock_relations(Node* const* list, std::size_t count, LockMode mode, Statement& out) {
  for (std::size_t i = 0; i < count; ++i) {
    if (list[i]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR) continue;
    out.accesses.push_back({relation_name(*list[i]->range_var), mode, {}, {}, {}, false, {}});
  }
}

void copy_footprint(const PgQuery__CopyStmt& copy, Statement& out) {
  if (copy.relation == nullptr) return;
  Access access;
  access.relation = relation_name(*copy.relation);
  access.mode = copy.is_from ? LockMode::RowExclusiveLock : LockMode::AccessShareLock;
  access.inserts = copy.is_from;
  auto& columns = copy.is_from ? access.writes : access.reads;
  columns = strings_of(copy.attlist, copy.n_attlist);
  access.reads_all = !copy.is_from && columns.empty();
  out.accesses.push_back(access);
}

StatementKind kind_of(const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT: return StatementKind::Select;
    case PG_QUERY__NODE__NODE_INSERT_STMT: return StatementKind::Insert;
    case PG_QUERY__NODE__NODE_UPDATE_STMT: return StatementKind::Update;
    case PG_QUERY__NODE__NODE_DELETE_STMT: return StatementKind::Delete;
    default: return StatementKind::Other;
  }
}

int highest_parameter(const Node* node) {
  int highest = 0;
  for_each_message(const_cast<ProtobufCMessage&>(node->base), [&](ProtobufCMessage& message) {
    const auto* parameter = as<PgQuery__ParamRef>(message, pg_query__param_ref__descriptor);
    if (parameter != nullptr) highest = std::max(highest, static_cast<int>(parameter->number));
  });
  return highest;
}

}  // namespace

void fill_footprint(const Node* statement, const Schema* schema, Statement& out) {
  out.accesses.clear();
  out.kind = kind_of(statement);
  const bool may_have_parameters = out.sql.empty() || out.sql.find('$') != std::string::npos;  // walking is dear
  out.parameters = may_have_parameters ? highest_parameter(statement) : 0;
  switch (statement->node_case) {
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      return lock_relations(statement->truncate_stmt->relations, statement->truncate_stmt->n_relations,
                            LockMode::AccessExclusiveLock, out);
    case PG_QUERY__NODE__NODE_LOCK_STMT:
      return lock_relations(statement->lock_stmt->relations, statement->lock_stmt->n_relations,
                            static_cast<LockMode>(statement->lock_stmt->mode - 1), out);
    case PG_QUERY__NODE__NODE_COPY_STMT: return copy_footprint(*statement->copy_stmt, out);
    default: return Walker(schema, out.accesses).statement(statement, nullptr, true);
  }
}

void resolve_columns(const Node* statement, const Schema* schema, const ColumnVisitor& visit) {
  std::vector<Access> ignored;
  Walker(schema, ignored, visit).statement(statement, nullptr, true);
}

}  // namespace midflight::sql
