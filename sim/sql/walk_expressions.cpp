#include <algorithm>
#include <unordered_set>

#include "sim/sql/expressions.h"
#include "sim/sql/walker.h"

namespace midflight::sql {
namespace {

bool is_system_column(const std::string& name) {
  static const std::unordered_set<std::string> kSystem = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
  return kSystem.contains(name);
}

}  // namespace

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
  access(name, mode).only |= !range.inh;
  if (range.alias != nullptr && range.alias->n_colnames > 0) {
    // FROM users AS u (a, b): the columns go by other names, of which we know too little.
    access(name).reads_all = true;
    scope.add({alias, "", {}});
    return;
  }
  scope.add({alias, name, {}});
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

}  // namespace midflight::sql
