#include "sim/sql/footprint.h"

#include <algorithm>
#include <unordered_set>

#include "sim/sql/expressions.h"
#include "sim/sql/scope.h"

namespace midflight::sql {
namespace {

using Names = std::optional<std::vector<std::string>>;

bool is_system_column(const std::string& name) {
  static const std::unordered_set<std::string> kSystem = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
  return kSystem.contains(name);
}

/// Walks a statement once, from the outside in, and notes who touches what.
class Walker {
 public:
  Walker(const Schema* schema, std::vector<Access>& accesses, ColumnVisitor visit = nullptr)
      : schema_(schema), accesses_(accesses), visit_(std::move(visit)) {}

  void statement(const Node* node, const Scope* outer, bool to_client);

 private:
  void select(const PgQuery__SelectStmt& query, const Scope* outer, bool to_client);
  void insert(const PgQuery__InsertStmt& query, const Scope* outer, bool to_client);
  void update(const PgQuery__UpdateStmt& query, const Scope* outer, bool to_client);
  void remove(const PgQuery__DeleteStmt& query, const Scope* outer, bool to_client);
  void merge(const PgQuery__MergeStmt& query, const Scope* outer);
  void with(const PgQuery__WithClause* clause, Scope& scope, bool to_client);
  void from(const Node* item, Scope& scope, LockMode mode);
  void relation(const PgQuery__RangeVar& range, Scope& scope, LockMode mode);
  void subquery(const PgQuery__RangeSubselect& range, Scope& scope);
  void join(const PgQuery__JoinExpr& join, Scope& scope, LockMode mode);
  void expression(const Node* node, const Scope& scope, bool output);
  void message(ProtobufCMessage& message, const Scope& scope, bool output);
  void column(const PgQuery__ColumnRef& reference, const Scope& scope, bool output);
  void star(const std::string& qualifier, const Scope& scope);
  void where(const Node* node, const Scope& scope);
  void key(const PgQuery__AExpr& comparison, const Scope& scope);
  void outputs(Node* const* list, std::size_t count, const Scope& scope, bool to_client);
  void assignments(Node* const* list, std::size_t count, const std::string& relation, const Scope& scope);
  void sorting(Node* const* list, std::size_t count, const PgQuery__SelectStmt& query, const Scope& scope);
  void conflict(const PgQuery__OnConflictClause& clause, const std::string& relation, Scope scope);
  void names(const Node* node, const std::string& relation);
  Access& access(const std::string& relation, LockMode mode = LockMode::AccessShareLock);
  LockMode from_mode(const PgQuery__SelectStmt& query) const;

  const Schema* schema_;
  std::vector<Access>& accesses_;
  ColumnVisitor visit_;
};

Access& Walker::access(const std::string& relation, LockMode mode) {
  for (Access& known : accesses_) {
    if (known.relation != relation) continue;
    known.mode = std::max(known.mode, mode);
    return known;
  }
  accesses_.push_back({});
  accesses_.back().relation = relation;
  accesses_.back().mode = mode;
  return accesses_.back();
}

std::string output_name(const PgQuery__ResTarget& target) {
  if (target.name != nullptr && *target.name != '\0') return target.name;
  const Node* value = target.val;
  if (value == nullptr) return "";
  if (value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF) return column_name(*value->column_ref).name;
  if (value->node_case == PG_QUERY__NODE__NODE_FUNC_CALL)
    return string_of(value->func_call->funcname[value->func_call->n_funcname - 1]);
  return "";
}

/// The columns a query shows; nothing when a star hides them.
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
    default: return;
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

LockMode Walker::from_mode(const PgQuery__SelectStmt& query) const {
  return query.n_locking_clause > 0 ? LockMode::RowShareLock : LockMode::AccessShareLock;
}

void Walker::select(const PgQuery__SelectStmt& query, const Scope* outer, bool to_client) {
  Scope scope(outer, schema_);
  with(query.with_clause, scope, to_client);
  if (query.larg != nullptr) select(*query.larg, &scope, to_client);
  if (query.rarg != nullptr) select(*query.rarg, &scope, to_client);
  for (std::size_t i = 0; i < query.n_from_clause; ++i) from(query.from_clause[i], scope, from_mode(query));
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

void Walker::insert(const PgQuery__InsertStmt& query, const Scope* outer, bool to_client) {
  Scope scope(outer, schema_);
  with(query.with_clause, scope, to_client);
  const std::string target = relation_name(*query.relation);
  access(target, LockMode::RowExclusiveLock);
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
  assignments(clause.target_list, clause.n_target_list, relation, scope);
  expression(clause.where_clause, scope, false);
}

void Walker::update(const PgQuery__UpdateStmt& query, const Scope* outer, bool to_client) {
  Scope scope(outer, schema_);
  with(query.with_clause, scope, to_client);
  relation(*query.relation, scope, LockMode::RowExclusiveLock);
  for (std::size_t i = 0; i < query.n_from_clause; ++i) from(query.from_clause[i], scope, LockMode::AccessShareLock);
  assignments(query.target_list, query.n_target_list, relation_name(*query.relation), scope);
  where(query.where_clause, scope);
  outputs(query.returning_list, query.n_returning_list, scope, to_client);
}

void Walker::remove(const PgQuery__DeleteStmt& query, const Scope* outer, bool to_client) {
  Scope scope(outer, schema_);
  with(query.with_clause, scope, to_client);
  relation(*query.relation, scope, LockMode::RowExclusiveLock);
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

void Walker::sorting(Node* const* list, std::size_t count, const PgQuery__SelectStmt& query, const Scope& scope) {
  const auto is_alias = [&](const std::string& name) {
    for (std::size_t i = 0; i < query.n_target_list; ++i) {
      const char* alias = query.target_list[i]->res_target->name;
      if (alias != nullptr && name == alias) return true;
    }
    return query.larg != nullptr;  // ORDER BY of a UNION names its output columns
  };
  for (std::size_t i = 0; i < count; ++i) {
    const Node* node = list[i];
    if (node->node_case == PG_QUERY__NODE__NODE_SORT_BY) node = node->sort_by->node;
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1 &&
        is_alias(column_name(*node->column_ref).name))
      continue;
    expression(node, scope, false);
  }
}

void Walker::from(const Node* item, Scope& scope, LockMode mode) {
  if (item == nullptr) return;
  switch (item->node_case) {
    case PG_QUERY__NODE__NODE_RANGE_VAR: return relation(*item->range_var, scope, mode);
    case PG_QUERY__NODE__NODE_JOIN_EXPR: return join(*item->join_expr, scope, mode);
    case PG_QUERY__NODE__NODE_RANGE_SUBSELECT: return subquery(*item->range_subselect, scope);
    case PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE: return from(item->range_table_sample->relation, scope, mode);
    case PG_QUERY__NODE__NODE_RANGE_FUNCTION: {
      const PgQuery__RangeFunction& function = *item->range_function;
      for (std::size_t i = 0; i < function.n_functions; ++i) expression(function.functions[i], scope, false);
      scope.add({function.alias != nullptr ? function.alias->aliasname : "", "", {}});
      return;
    }
    default: return expression(item, scope, false);
  }
}

void Walker::relation(const PgQuery__RangeVar& range, Scope& scope, LockMode mode) {
  const std::string name = relation_name(range);
  const std::string alias = range.alias != nullptr ? range.alias->aliasname : range.relname;
  const bool plain = range.schemaname == nullptr || *range.schemaname == '\0';
  if (const Source* cte = plain ? scope.cte(name) : nullptr) {
    scope.add({alias, "", cte->names});
    return;
  }
  access(name, mode);
  Names renamed;
  if (range.alias != nullptr && range.alias->n_colnames > 0) {
    // FROM users AS u (a, b): the columns go by other names, of which we know too little.
    access(name).reads_all = true;
    scope.add({alias, "", {}});
    return;
  }
  scope.add({alias, name, renamed});
}

void Walker::subquery(const PgQuery__RangeSubselect& range, Scope& scope) {
  statement(range.subquery, &scope, true);
  scope.add({range.alias != nullptr ? range.alias->aliasname : "", "", output_names(range.subquery, range.alias)});
}

void Walker::join(const PgQuery__JoinExpr& join, Scope& scope, LockMode mode) {
  const std::size_t before = scope.sources().size();
  from(join.larg, scope, mode);
  from(join.rarg, scope, mode);
  for (std::size_t i = 0; i < join.n_using_clause; ++i) {
    for (std::size_t k = before; k < scope.sources().size(); ++k) {
      const std::string& relation = scope.sources()[k].relation;
      if (!relation.empty()) add_once(access(relation).reads, string_of(join.using_clause[i]));
    }
  }
  expression(join.quals, scope, false);
}

void Walker::expression(const Node* node, const Scope& scope, bool output) {
  if (node != nullptr) message(const_cast<ProtobufCMessage&>(node->base), scope, output);
}

void Walker::message(ProtobufCMessage& part, const Scope& scope, bool output) {
  if (const auto* reference = as<PgQuery__ColumnRef>(part, pg_query__column_ref__descriptor)) {
    return column(*reference, scope, output);
  }
  if (const auto* link = as<PgQuery__SubLink>(part, pg_query__sub_link__descriptor)) {
    expression(link->testexpr, scope, output);
    return statement(link->subselect, &scope, output);
  }
  for_each_child(part, [&](ProtobufCMessage& child) { message(child, scope, output); });
}

void Walker::star(const std::string& qualifier, const Scope& scope) {
  for (const Source& source : scope.sources()) {
    const bool meant = qualifier.empty() || source.alias == qualifier;
    if (meant && !source.relation.empty()) access(source.relation).reads_all = true;
  }
}

void Walker::column(const PgQuery__ColumnRef& reference, const Scope& scope, bool output) {
  const ColumnName name = column_name(reference);
  if (name.star) return star(name.qualifier, scope);
  if (is_system_column(name.name)) return;
  const bool whole_row = name.qualifier.empty() && std::any_of(scope.sources().begin(), scope.sources().end(),
                                                               [&](const Source& s) { return s.alias == name.name; });
  if (whole_row) return star(name.name, scope);
  const Source* source = scope.resolve(name.qualifier, name.name);
  if (source == nullptr || source->relation.empty()) return;
  if (visit_) visit_(reference, source->relation);
  Access& read = access(source->relation);
  add_once(read.reads, name.name);
  if (output) add_once(read.outputs, name.name);
}

void Walker::where(const Node* node, const Scope& scope) {
  if (node == nullptr) return;
  if (node->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR &&
      node->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR) {
    for (std::size_t i = 0; i < node->bool_expr->n_args; ++i) where(node->bool_expr->args[i], scope);
    return;
  }
  if (node->node_case == PG_QUERY__NODE__NODE_A_EXPR) key(*node->a_expr, scope);
  expression(node, scope, false);
}

void Walker::key(const PgQuery__AExpr& comparison, const Scope& scope) {
  const bool equality = comparison.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP ||
                        comparison.kind == PG_QUERY__A__EXPR__KIND__AEXPR_IN ||
                        comparison.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY;
  if (!equality || comparison.n_name != 1 || string_of(comparison.name[0]) != "=") return;
  const Node* left = comparison.lexpr;
  const Node* right = comparison.rexpr;
  if (is_row_free(left)) std::swap(left, right);
  if (left == nullptr || left->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || !is_row_free(right)) return;
  const ColumnName name = column_name(*left->column_ref);
  const Source* source = scope.resolve(name.qualifier, name.name);
  if (source != nullptr && !source->relation.empty()) add_once(access(source->relation).key, name.name);
}

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
  out.parameters = highest_parameter(statement);
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
