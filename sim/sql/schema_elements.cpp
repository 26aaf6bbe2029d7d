#include <algorithm>

#include "sim/sql/ddl.h"
#include "sim/sql/qualify.h"

// CREATE SCHEMA with the objects to be made in it.

namespace midflight::sql {
namespace {

/// CREATE SCHEMA AUTHORIZATION role: it is called like the role.
std::string new_schema_name(const PgQuery__CreateSchemaStmt& create) {
  if (create.schemaname != nullptr && *create.schemaname != '\0') return create.schemaname;
  return create.authrole != nullptr ? create.authrole->rolename : "";
}

/// The relation that an element makes, or null.
const PgQuery__RangeVar* made_by(const Node& element) {
  switch (element.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT: return element.create_stmt->relation;
    case PG_QUERY__NODE__NODE_VIEW_STMT: return element.view_stmt->view;
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT: return element.create_seq_stmt->sequence;
    default: return nullptr;
  }
}

/// The server makes them in this order, whatever order they are written in.
int turn_of(const Node& element) {
  switch (element.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT: return 0;
    case PG_QUERY__NODE__NODE_CREATE_STMT: return 1;
    case PG_QUERY__NODE__NODE_VIEW_STMT: return 2;
    case PG_QUERY__NODE__NODE_INDEX_STMT: return 3;
    default: return 4;
  }
}

}  // namespace

void place_elements(Tree& tree, std::size_t i) {
  Node* statement = tree.statement(i);
  if (statement == nullptr || statement->node_case != PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT) return;
  const PgQuery__CreateSchemaStmt& create = *statement->create_schema_stmt;
  std::vector<std::string> made;
  for (std::size_t k = 0; k < create.n_schema_elts; ++k) {
    if (const PgQuery__RangeVar* relation = made_by(*create.schema_elts[k])) made.emplace_back(relation->relname);
  }
  char* place = tree.arena().text(new_schema_name(create));
  for_each_message(statement->base, [&](ProtobufCMessage& message) {
    auto* relation = as<PgQuery__RangeVar>(message, pg_query__range_var__descriptor);
    if (relation == nullptr || (relation->schemaname != nullptr && *relation->schemaname != '\0')) return;
    if (std::find(made.begin(), made.end(), relation->relname) != made.end()) relation->schemaname = place;
  });
}

std::vector<Operation> create_schema(const PgQuery__CreateSchemaStmt& create) {
  std::vector<Operation> out = {CreateSchema{new_schema_name(create), create.if_not_exists != 0}};
  std::vector<Node*> elements(create.schema_elts, create.schema_elts + create.n_schema_elts);
  std::stable_sort(elements.begin(), elements.end(), [](const Node* a, const Node* b) { return turn_of(*a) < turn_of(*b); });
  for (Node* element : elements) {
    for (Operation& operation : operations_of(element, statement_text(element))) out.push_back(std::move(operation));
  }
  return out;
}

}  // namespace midflight::sql
