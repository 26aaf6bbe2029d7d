#include "sim/sql/walker.h"

namespace midflight::sql {
namespace {

std::string output_name(const PgQuery__ResTarget& target) {
  if (target.name != nullptr && *target.name != '\0') return target.name;
  const Node* value = target.val;
  if (value == nullptr) return "";
  if (value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF) return column_name(*value->column_ref).name;
  if (value->node_case == PG_QUERY__NODE__NODE_FUNC_CALL)
    return string_of(value->func_call->funcname[value->func_call->n_funcname - 1]);
  return "";
}

/// Of an INSERT without a list of columns: the first ones, as many as it has values.
std::vector<std::string> leading_columns(const PgQuery__InsertStmt& query, const Schema& schema, const std::string& target) {
  std::vector<std::string> columns = relation_columns(schema, target).value_or(std::vector<std::string>{});
  if (query.select_stmt == nullptr) return {};
  const PgQuery__SelectStmt& source = *query.select_stmt->select_stmt;
  const Names shown = output_names(query.select_stmt, nullptr);
  const std::size_t values = source.n_values_lists > 0 ? source.values_lists[0]->list->n_items
                             : shown                   ? shown->size()
                                                       : columns.size();
  if (values < columns.size()) columns.resize(values);
  return columns;
}

/// FOR UPDATE without OF.
bool locks_all(const PgQuery__SelectStmt& query) {
  for (std::size_t i = 0; i < query.n_locking_clause; ++i) {
    if (query.locking_clause[i]->locking_clause->n_locked_rels == 0) return true;
  }
  return false;
}

/// FOR UPDATE OF a, b.
std::vector<std::string> locked_aliases(const PgQuery__SelectStmt& query) {
  std::vector<std::string> aliases;
  for (std::size_t i = 0; i < query.n_locking_clause; ++i) {
    const PgQuery__LockingClause& clause = *query.locking_clause[i]->locking_clause;
    for (std::size_t k = 0; k < clause.n_locked_rels; ++k) aliases.emplace_back(clause.locked_rels[k]->range_var->relname);
  }
  return aliases;
}

}  // namespace

Names output_names(const Node* query, const PgQuery__Alias* alias) {
  if (alias != nullptr && alias->n_colnames > 0) return strings_of(alias->colnames, alias->n_colnames);
  if (query == nullptr || query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return std::nullopt;
  const PgQuery__SelectStmt* select = query->select_stmt;
  while (select->larg != nullptr) select = select->larg;
  if (select->n_target_list == 0) return std::nullopt;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < select->n_target_list; ++i) {
    const PgQuery__ResTarget& target = *select->target_list[i]->res_target;
    const Node* value = target.val;
    if (value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && column_name(*value->column_ref).star) return std::nullopt;
    names.push_back(output_name(target));
  }
  return names;
}

void Walker::statement(const Node* node, const Scope* outer, bool to_client) {
  if (node == nullptr) return;
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT: return select(*node->select_stmt, outer, to_client);
    case PG_QUERY__NODE__NODE_INSERT_STMT: return insert(*node->insert_stmt, outer, to_client);
    case PG_QUERY__NODE__NODE_UPDATE_STMT: return update(*node->update_stmt, outer, to_client);
    case PG_QUERY__NODE__NODE_DELETE_STMT: return remove(*node->delete_stmt, outer, to_client);
    case PG_QUERY__NODE__NODE_MERGE_STMT: return merge(*node->merge_stmt, outer);
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT: return statement(node->create_table_as_stmt->query, outer, to_client);
    default: return;
  }
}

void Walker::statements_below(const Node* node) {
  if (node == nullptr) return;
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_LIST:
      for (std::size_t i = 0; i < node->list->n_items; ++i) statements_below(node->list->items[i]);
      return;
    case PG_QUERY__NODE__NODE_RETURN_STMT: return statements_below(node->return_stmt->returnval);
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT: return statement(node, nullptr, false);
    default: return expression(node, Scope(nullptr, schema_), false);
  }
}

void Walker::with(const PgQuery__WithClause* clause, Scope& scope, bool to_client) {
  if (clause == nullptr) return;
  for (std::size_t i = 0; i < clause->n_ctes; ++i) {
    const PgQuery__CommonTableExpr& cte = *clause->ctes[i]->common_table_expr;
    Names columns = output_names(cte.ctequery, nullptr);
    if (cte.n_aliascolnames > 0) columns = strings_of(cte.aliascolnames, cte.n_aliascolnames);
    if (clause->recursive) scope.add_cte(cte.ctename, columns);
    statement(cte.ctequery, &scope, to_client);
    if (!clause->recursive) scope.add_cte(cte.ctename, columns);
  }
}

void Walker::select(const PgQuery__SelectStmt& query, const Scope* outer, bool to_client) {
  Scope scope(outer, schema_);
  with(query.with_clause, scope, to_client);
  if (query.larg != nullptr) select(*query.larg, &scope, to_client);
  if (query.rarg != nullptr) select(*query.rarg, &scope, to_client);
  const LockMode mode = locks_all(query) ? LockMode::RowShareLock : LockMode::AccessShareLock;
  for (std::size_t i = 0; i < query.n_from_clause; ++i) from(query.from_clause[i], scope, mode);
  for (const std::string& alias : locked_aliases(query)) {
    const Source* source = scope.resolve(alias, "");
    if (source != nullptr && !source->relation.empty()) access(source->relation, LockMode::RowShareLock);
  }
  outputs(query.target_list, query.n_target_list, scope, to_client);
  for (std::size_t i = 0; i < query.n_values_lists; ++i) expression(query.values_lists[i], scope, to_client);
  where(query.where_clause, scope);
  sorting(query.group_clause, query.n_group_clause, query, scope);
  expression(query.having_clause, scope, false);
  sorting(query.sort_clause, query.n_sort_clause, query, scope);
  for (std::size_t i = 0; i < query.n_window_clause; ++i) expression(query.window_clause[i], scope, false);
  for (std::size_t i = 0; i < query.n_distinct_clause; ++i) {
    if (query.distinct_clause[i]->node_case != PG_QUERY__NODE__NODE__NOT_SET)
      expression(query.distinct_clause[i], scope, false);
  }
  expression(query.limit_count, scope, false);
  expression(query.limit_offset, scope, false);
}

void Walker::insert(const PgQuery__InsertStmt& query, const Scope* outer, bool to_client) {
  Scope scope(outer, schema_);
  with(query.with_clause, scope, to_client);
  const std::string target = relation_name(*query.relation);
  access(target, LockMode::RowExclusiveLock).inserts = true;
  statement(query.select_stmt, &scope, false);
  Access& written = access(target);
  for (std::size_t i = 0; i < query.n_cols; ++i) add_once(written.writes, query.cols[i]->res_target->name);
  if (query.n_cols == 0 && schema_ != nullptr) written.writes = leading_columns(query, *schema_, target);
  Scope own(&scope, schema_);
  const PgQuery__Alias* alias = query.relation->alias;
  own.add({alias != nullptr ? alias->aliasname : query.relation->relname, target, {}});
  if (query.on_conflict_clause != nullptr) conflict(*query.on_conflict_clause, target, own);
  outputs(query.returning_list, query.n_returning_list, own, to_client);
}

void Walker::conflict(const PgQuery__OnConflictClause& clause, const std::string& relation, Scope scope) {
  if (clause.infer != nullptr) {
    for (std::size_t i = 0; i < clause.infer->n_index_elems; ++i) {
      const PgQuery__IndexElem& element = *clause.infer->index_elems[i]->index_elem;
      if (element.name != nullptr && *element.name != '\0') add_once(access(relation).reads, element.name);
      expression(element.expr, scope, false);
    }
    expression(clause.infer->where_clause, scope, false);
  }
  scope.add({"excluded", relation, {}});
  access(relation).updates = clause.n_target_list > 0;
  assignments(clause.target_list, clause.n_target_list, relation, scope);
  expression(clause.where_clause, scope, false);
}

void Walker::update(const PgQuery__UpdateStmt& query, const Scope* outer, bool to_client) {
  Scope scope(outer, schema_);
  with(query.with_clause, scope, to_client);
  relation(*query.relation, scope, LockMode::RowExclusiveLock);
  access(relation_name(*query.relation)).updates = true;
  for (std::size_t i = 0; i < query.n_from_clause; ++i) from(query.from_clause[i], scope, LockMode::AccessShareLock);
  assignments(query.target_list, query.n_target_list, relation_name(*query.relation), scope);
  where(query.where_clause, scope);
  outputs(query.returning_list, query.n_returning_list, scope, to_client);
}

void Walker::remove(const PgQuery__DeleteStmt& query, const Scope* outer, bool to_client) {
  Scope scope(outer, schema_);
  with(query.with_clause, scope, to_client);
  relation(*query.relation, scope, LockMode::RowExclusiveLock);
  access(relation_name(*query.relation)).deletes = true;
  for (std::size_t i = 0; i < query.n_using_clause; ++i) from(query.using_clause[i], scope, LockMode::AccessShareLock);
  where(query.where_clause, scope);
  outputs(query.returning_list, query.n_returning_list, scope, to_client);
}

void Walker::merge(const PgQuery__MergeStmt& query, const Scope* outer) {
  Scope scope(outer, schema_);
  with(query.with_clause, scope, false);
  relation(*query.relation, scope, LockMode::RowExclusiveLock);
  from(query.source_relation, scope, LockMode::AccessShareLock);
  where(query.join_condition, scope);
  for (std::size_t i = 0; i < query.n_merge_when_clauses; ++i) {
    const PgQuery__MergeWhenClause& when = *query.merge_when_clauses[i]->merge_when_clause;
    Access& target = access(relation_name(*query.relation));
    target.inserts |= when.command_type == PG_QUERY__CMD_TYPE__CMD_INSERT;
    target.updates |= when.command_type == PG_QUERY__CMD_TYPE__CMD_UPDATE;
    target.deletes |= when.command_type == PG_QUERY__CMD_TYPE__CMD_DELETE;
    expression(when.condition, scope, false);
    assignments(when.target_list, when.n_target_list, relation_name(*query.relation), scope);
    for (std::size_t k = 0; k < when.n_values; ++k) expression(when.values[k], scope, false);
  }
}

void Walker::assignments(Node* const* list, std::size_t count, const std::string& relation, const Scope& scope) {
  for (std::size_t i = 0; i < count; ++i) {
    const PgQuery__ResTarget& target = *list[i]->res_target;
    add_once(access(relation).writes, target.name);
    expression(target.val, scope, false);
  }
}

void Walker::outputs(Node* const* list, std::size_t count, const Scope& scope, bool to_client) {
  for (std::size_t i = 0; i < count; ++i) expression(list[i]->res_target->val, scope, to_client);
}

}  // namespace midflight::sql
