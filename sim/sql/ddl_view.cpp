#include <fmt/format.h>

#include "sim/model/sql_text.h"
#include "sim/sql/ddl.h"
#include "sim/sql/walker.h"

namespace midflight::sql {
namespace {

/// PostgreSQL's conditions for a view that takes writes by itself.
/// Source: CREATE VIEW, "Updatable Views".
bool is_simple(const PgQuery__SelectStmt& query) {
  return query.op == PG_QUERY__SET_OPERATION__SETOP_NONE && query.n_from_clause == 1 &&
         query.from_clause[0]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR && query.n_group_clause == 0 &&
         query.having_clause == nullptr && query.n_distinct_clause == 0 && query.limit_count == nullptr &&
         query.limit_offset == nullptr && query.with_clause == nullptr && query.n_values_lists == 0;
}

View::Output output_of(const PgQuery__ResTarget& target, const std::string& alias) {
  View::Output out;
  const bool column = target.val->node_case == PG_QUERY__NODE__NODE_COLUMN_REF;
  if (column) {
    const ColumnName name = column_name(*target.val->column_ref);
    out.column = name.star ? "*" : name.name;
  }
  out.name = !alias.empty() ? alias : target.name != nullptr && *target.name != '\0' ? target.name : out.column;
  if (out.name.empty()) out.name = "?column?";
  return out;
}

/// The view's SELECT with every column spelled out, so that later renames can
/// follow it while output names stay.
std::string spelled_out(Arena& arena, const Node* query, const std::vector<View::Output>& outputs) {
  Node* copy = arena.copy(query);
  PgQuery__SelectStmt& select = *copy->select_stmt;
  for (std::size_t i = 0; i < select.n_target_list; ++i) {
    if (outputs[i].name != "*") select.target_list[i]->res_target->name = arena.text(outputs[i].name);
  }
  return statement_text(copy);
}

}  // namespace

std::vector<Reading> readings_of(const Node* query) {
  std::vector<Access> accesses;
  Walker(nullptr, accesses).statement(query, nullptr, true);
  std::vector<Reading> out;
  for (const Access& access : accesses) out.push_back({access.relation, access.reads, access.reads_all});
  return out;
}

Operation create_view(const PgQuery__ViewStmt& create) {
  CreateView out;
  out.view.name = relation_name(*create.view);
  out.replace = create.replace;
  out.view.reads = readings_of(create.query);
  const PgQuery__SelectStmt& query = *create.query->select_stmt;
  Arena arena;
  if (!is_simple(query)) {
    out.view.sql = statement_text(arena.copy(create.query));
    return out;
  }
  out.view.table = relation_name(*query.from_clause[0]->range_var);
  const std::vector<std::string> aliases = strings_of(create.aliases, create.n_aliases);
  for (std::size_t i = 0; i < query.n_target_list; ++i) {
    out.view.outputs.push_back(output_of(*query.target_list[i]->res_target, i < aliases.size() ? aliases[i] : ""));
  }
  out.view.sql = spelled_out(arena, create.query, out.view.outputs);
  return out;
}

}  // namespace midflight::sql
