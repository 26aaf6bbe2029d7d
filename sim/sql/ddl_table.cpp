#include <algorithm>

#include "sim/model/generated_name.h"
#include "sim/sql/ddl.h"
#include "sim/sql/expressions.h"

namespace midflight::sql {
namespace {

bool is_true_constraint(PgQuery__ConstrType type) {
  return type == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK || type == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY ||
         type == PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE || type == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION ||
         type == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN;
}

void fill_type(const PgQuery__ColumnDef& definition, ColumnDefinition& out) {
  if (definition.type_name == nullptr) return;
  if (!is_serial(*definition.type_name)) {
    out.column.type = type_text(*definition.type_name);
    return;
  }
  out.column.type = serial_base(*definition.type_name);
  out.column.identity = true;
  out.column.not_null = true;
  out.volatile_default = true;
}

void apply_column_constraint(const std::string& table, const PgQuery__Constraint& part, ColumnDefinition& out) {
  Column& column = out.column;
  switch (part.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL: column.not_null = true; return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
      column.default_sql = expression_text(part.raw_expr);
      column.identity = column.identity || column.default_sql->starts_with("nextval(");
      out.volatile_default = out.volatile_default || !volatile_call(part.raw_expr).empty();
      out.draws_uuid = draws_uuid(part.raw_expr);
      return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
      column.identity = column.identity_clause = column.not_null = true;
      out.volatile_default = true;
      return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
      column.generated = true;
      column.default_sql = expression_text(part.raw_expr);
      return;
    default: break;
  }
  if (!is_true_constraint(part.contype)) return;
  out.constraints.push_back(constraint_of(table, part, column.name));
  if (part.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY) column.not_null = true;
}

/// A name that the table has not given yet, numbered as PostgreSQL numbers them.
void add_constraint(Table& table, Constraint constraint) {
  const std::string first = constraint.name;
  const auto taken = [&] {
    return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) { return c.name == constraint.name; });
  };
  for (int n = 1; taken(); ++n) constraint.name = numbered_name(first, table.name, n);
  table.constraints.push_back(std::move(constraint));
}

void finish_keys(Table& table) {
  for (const Constraint& constraint : table.constraints) {
    if (has_index(constraint)) table.indexes.push_back(index_behind(table.name, constraint));
    if (constraint.kind != ConstraintKind::PrimaryKey) continue;
    for (const std::string& key : constraint.columns) {
      for (Column& column : table.columns) column.not_null = column.not_null || column.name == key;
    }
  }
}

/// Source: TableLikeOption of PostgreSQL's parser, a bit each.
LikeSource like_source(const PgQuery__TableLikeClause& like) {
  const auto includes = [&](unsigned bit) { return (like.options & (1U << bit)) != 0; };
  LikeSource out;
  out.table = relation_name(*like.relation);
  out.constraints = includes(2);
  out.defaults = includes(3);
  out.generated = includes(4);
  out.identity = includes(5);
  out.indexes = includes(6);
  return out;
}

void fill_persistence(const PgQuery__RangeVar& relation, Table& table) {
  const std::string persistence = relation.relpersistence != nullptr ? relation.relpersistence : "p";
  table.unlogged = persistence == "u";
  table.temporary = persistence == "t";
}

void fill_membership(const PgQuery__CreateStmt& create, CreateTable& out) {
  for (std::size_t i = 0; i < create.n_inh_relations; ++i) out.table.parents.push_back(relation_name(*create.inh_relations[i]->range_var));
  if (create.tablespacename != nullptr) out.table.tablespace = create.tablespacename;
  if (create.partbound != nullptr) out.table.bound = bound_text(*create.partbound);
  if (create.partspec != nullptr) fill_partition_key(*create.partspec, out.table);
  if (create.of_typename != nullptr) out.of_type = type_text(*create.of_typename);
}

void add_element(const Node* element, Table& table) {
  if (element->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
    ColumnDefinition definition = column_definition(table.name, *element->column_def);
    table.columns.push_back(std::move(definition.column));
    for (Constraint& constraint : definition.constraints) add_constraint(table, std::move(constraint));
  } else if (element->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) {
    add_constraint(table, constraint_of(table.name, *element->constraint, ""));
  }
}

SelectedColumn selected_column(const PgQuery__ResTarget& target, const std::string& only_relation) {
  SelectedColumn out;
  const Node* value = target.val;
  if (value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {
    const ColumnName name = column_name(*value->column_ref);
    out = {name.name, only_relation, name.star ? "*" : name.name};
  } else if (value->node_case == PG_QUERY__NODE__NODE_FUNC_CALL) {
    out.name = string_of(value->func_call->funcname[value->func_call->n_funcname - 1]);
  }
  if (target.name != nullptr && *target.name != '\0') out.name = target.name;
  if (out.name.empty()) out.name = "?column?";
  return out;
}

/// Columns of a query over one relation keep their types; of others only names are known.
std::vector<SelectedColumn> selected_columns(const Node* query) {
  std::vector<SelectedColumn> out;
  if (query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return out;
  const PgQuery__SelectStmt* select = query->select_stmt;
  while (select->larg != nullptr) select = select->larg;
  const bool single = select->n_from_clause == 1 && select->from_clause[0]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR;
  const std::string relation = single ? relation_name(*select->from_clause[0]->range_var) : "";
  for (std::size_t i = 0; i < select->n_target_list; ++i) out.push_back(selected_column(*select->target_list[i]->res_target, relation));
  return out;
}


}  // namespace

std::string collation_text(const PgQuery__CollateClause* clause) {
  if (clause == nullptr) return "";
  const std::string name = dotted_name(clause->collname, clause->n_collname);
  return name == "pg_catalog.default" || name == "default" ? "" : name;
}

ColumnDefinition column_definition(const std::string& table, const PgQuery__ColumnDef& definition) {
  ColumnDefinition out;
  out.column.name = definition.colname;
  fill_type(definition, out);
  out.column.collation = collation_text(definition.coll_clause);
  for (std::size_t i = 0; i < definition.n_constraints; ++i) {
    if (definition.constraints[i]->node_case == PG_QUERY__NODE__NODE_CONSTRAINT)
      apply_column_constraint(table, *definition.constraints[i]->constraint, out);
  }
  return out;
}

Operation create_table(const PgQuery__CreateStmt& create) {
  CreateTable out;
  out.table.name = relation_name(*create.relation);
  out.if_not_exists = create.if_not_exists != 0;
  fill_persistence(*create.relation, out.table);
  fill_membership(create, out);
  for (std::size_t i = 0; i < create.n_table_elts; ++i) {
    const Node* element = create.table_elts[i];
    if (element->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) out.likes.push_back(like_source(*element->table_like_clause));
    else add_element(element, out.table);
  }
  for (std::size_t i = 0; i < create.n_constraints; ++i) add_element(create.constraints[i], out.table);
  finish_keys(out.table);
  return out;
}

Operation create_table_as(const PgQuery__IntoClause& into, const Node* query, bool materialized, bool if_not_exists) {
  if (query->node_case == PG_QUERY__NODE__NODE_EXECUTE_STMT) return Opaque{"what a prepared statement reads is not known"};
  CreateTable out;
  out.table.name = relation_name(*into.rel);
  out.if_not_exists = if_not_exists;
  out.as_query = true;
  out.with_data = !into.skip_data;
  fill_persistence(*into.rel, out.table);
  out.selected = selected_columns(query);
  for (std::size_t i = 0; i < into.n_col_names && i < out.selected.size(); ++i) out.selected[i].name = string_of(into.col_names[i]);
  if (materialized) {
    out.table.kind = TableKind::MaterializedView;
    out.table.reads = readings_of(query);
    Arena arena;
    out.table.query = statement_text(arena.copy(query));
  }
  return out;
}

}  // namespace midflight::sql
