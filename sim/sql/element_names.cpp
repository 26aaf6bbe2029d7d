#include <algorithm>

#include "sim/sql/ddl.h"

// What the parts of an index are called inside names that the server makes up.
// Source: PostgreSQL, FigureIndexColname and ChooseIndexColumnNames.

namespace midflight::sql {
namespace {

std::string last_name(Node* const* names, std::size_t count) { return count > 0 ? string_of(names[count - 1]) : ""; }

/// A cast of something that has no name is named after the type.
std::string cast_name(const PgQuery__TypeCast& cast, const std::string& inside) {
  return inside.empty() ? last_name(cast.type_name->names, cast.type_name->n_names) : inside;
}

std::string expression_name(const Node* expression) {
  if (expression == nullptr) return "";
  switch (expression->node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF: return column_name(*expression->column_ref).name;
    case PG_QUERY__NODE__NODE_FUNC_CALL: return last_name(expression->func_call->funcname, expression->func_call->n_funcname);
    case PG_QUERY__NODE__NODE_TYPE_CAST: return cast_name(*expression->type_cast, expression_name(expression->type_cast->arg));
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: return expression_name(expression->collate_clause->arg);
    case PG_QUERY__NODE__NODE_COALESCE_EXPR: return "coalesce";
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR: return "array";
    case PG_QUERY__NODE__NODE_ROW_EXPR: return "row";
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
      return expression->min_max_expr->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST ? "greatest" : "least";
    case PG_QUERY__NODE__NODE_CASE_EXPR: {
      const std::string otherwise = expression_name(expression->case_expr->defresult);
      return otherwise.empty() ? "case" : otherwise;
    }
    case PG_QUERY__NODE__NODE_A_EXPR:
      return expression->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF ? "nullif" : "";
    default: return "";
  }
}

}  // namespace

void add_element_name(const PgQuery__IndexElem& element, std::vector<std::string>& names) {
  const bool is_column = element.name != nullptr && *element.name != '\0';
  std::string first = is_column ? element.name : expression_name(element.expr);
  if (first.empty()) first = "expr";
  std::string name = first;
  for (int n = 1; std::find(names.begin(), names.end(), name) != names.end(); ++n) name = first + std::to_string(n);
  names.push_back(std::move(name));
}

}  // namespace midflight::sql
