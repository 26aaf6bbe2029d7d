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

/// A function in SQL is analysed when it is made; its text is a string or the body itself.
std::string sql_body(const PgQuery__CreateFunctionStmt& create) {
  bool sql = false;
  std::string body;
  for (std::size_t i = 0; i < create.n_options; ++i) {
    const PgQuery__DefElem& option = *create.options[i]->def_elem;
    const std::string name = option.defname;
    if (name == "language") sql = string_of(option.arg) == "sql";
    if (name == "as" && option.arg->node_case == PG_QUERY__NODE__NODE_LIST && option.arg->list->n_items == 1)
      body = string_of(option.arg->list->items[0]);
  }
  return sql ? body : "";
}

void function_footprint(const PgQuery__CreateFunctionStmt& create, Walker& walker) {
  if (create.sql_body != nullptr) walker.statements_below(create.sql_body);
  const std::string body = sql_body(create);
  if (body.empty()) return;
  try {
    const Tree tree(body, Position{});
    for (std::size_t i = 0; i < tree.size(); ++i) walker.statement(tree.statement(i), nullptr, false);
  } catch (const Error&) {
    return;  // the server will say so too
  }
}

/// Queries inside the conditions of a policy, and the actions of a rule.
void condition_footprint(const Node* condition, Walker& walker) {
  if (condition != nullptr) walker.statements_below(condition);
}

void rule_footprint(const PgQuery__RuleStmt& rule, Walker& walker) {
  condition_footprint(rule.where_clause, walker);
  for (std::size_t i = 0; i < rule.n_actions; ++i) walker.statement(rule.actions[i], nullptr, false);
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
  Walker walker(schema, out.accesses);
  switch (statement->node_case) {
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      return lock_relations(statement->truncate_stmt->relations, statement->truncate_stmt->n_relations,
                            LockMode::AccessExclusiveLock, out);
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT: {
      Statement planned;
      fill_footprint(statement->explain_stmt->query, schema, planned);
      out.accesses = std::move(planned.accesses);
      out.kind = planned.kind;
      return;
    }
    case PG_QUERY__NODE__NODE_PREPARE_STMT: return walker.statement(statement->prepare_stmt->query, nullptr, true);
    case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT: return walker.statement(statement->declare_cursor_stmt->query, nullptr, true);
    case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
      condition_footprint(statement->create_policy_stmt->qual, walker);
      return condition_footprint(statement->create_policy_stmt->with_check, walker);
    case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
      condition_footprint(statement->alter_policy_stmt->qual, walker);
      return condition_footprint(statement->alter_policy_stmt->with_check, walker);
    case PG_QUERY__NODE__NODE_RULE_STMT: return rule_footprint(*statement->rule_stmt, walker);
    case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT: return function_footprint(*statement->create_function_stmt, walker);
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
      if (statement->create_trig_stmt->constrrel != nullptr)
        out.accesses.push_back({relation_name(*statement->create_trig_stmt->constrrel), LockMode::AccessShareLock, {}, {}, {}, false, {}});
      return;
    case PG_QUERY__NODE__NODE_COPY_STMT:
      if (statement->copy_stmt->query != nullptr) return walker.statement(statement->copy_stmt->query, nullptr, true);
      return copy_footprint(*statement->copy_stmt, out);
    default: return walker.statement(statement, nullptr, true);
  }
}

void resolve_columns(const Node* statement, const Schema* schema, const ColumnVisitor& visit) {
  std::vector<Access> ignored;
  Walker(schema, ignored, visit).statement(statement, nullptr, true);
}

}  // namespace midflight::sql
