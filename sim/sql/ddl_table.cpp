#include <algorithm>

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
      return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
      column.identity = column.not_null = true;
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

/// A name not yet taken in the list, numbered as PostgreSQL numbers them.
void add_constraint(std::vector<Constraint>& list, Constraint constraint) {
  const std::string base = constraint.name;
  const auto taken = [&] {
    return std::any_of(list.begin(), list.end(), [&](const Constraint& c) { return c.name == constraint.name; });
  };
  for (int n = 1; taken(); ++n) constraint.name = base + std::to_string(n);
  list.push_back(std::move(constraint));
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

std::string why_not_modelled(const PgQuery__CreateStmt& create) {
  if (create.partbound != nullptr) return "partitions are not modelled";
  if (create.partspec != nullptr) return "partitioned tables are not modelled";
  if (create.n_inh_relations > 0) return "table inheritance is not modelled";
  if (create.of_typename != nullptr) return "typed tables are not modelled";
  for (std::size_t i = 0; i < create.n_table_elts; ++i) {
    if (create.table_elts[i]->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) return "CREATE TABLE ... LIKE is not modelled";
  }
  return "";
}

void add_element(const Node* element, Table& table) {
  if (element->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
    ColumnDefinition definition = column_definition(table.name, *element->column_def);
    table.columns.push_back(std::move(definition.column));
    for (Constraint& constraint : definition.constraints) add_constraint(table.constraints, std::move(constraint));
  } else if (element->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) {
    add_constraint(table.constraints, constraint_of(table.name, *element->constraint, ""));
  }
}

CreateTable plain_table(const PgQuery__CreateStmt& create) {
  CreateTable out;
  out.table.name = relation_name(*create.relation);
  out.if_not_exists = create.if_not_exists != 0;
  for (std::size_t i = 0; i < create.n_table_elts; ++i) add_element(create.table_elts[i], out.table);
  for (std::size_t i = 0; i < create.n_constraints; ++i) add_element(create.constraints[i], out.table);
  finish_keys(out.table);
  return out;
}

}  // namespace

ColumnDefinition column_definition(const std::string& table, const PgQuery__ColumnDef& definition) {
  ColumnDefinition out;
  out.column.name = definition.colname;
  fill_type(definition, out);
  for (std::size_t i = 0; i < definition.n_constraints; ++i) {
    if (definition.constraints[i]->node_case == PG_QUERY__NODE__NODE_CONSTRAINT)
      apply_column_constraint(table, *definition.constraints[i]->constraint, out);
  }
  return out;
}

Operation create_table(const PgQuery__CreateStmt& create) {
  const std::string why = why_not_modelled(create);
  if (!why.empty()) return Opaque{why};
  return plain_table(create);
}

std::optional<CreateTable> partitioned_table(std::string_view sql) {
  const Tree tree(sql, Position{});
  const Node* node = tree.statement(0);
  if (node->node_case != PG_QUERY__NODE__NODE_CREATE_STMT || node->create_stmt->partspec == nullptr ||
      node->create_stmt->partbound != nullptr)
    return std::nullopt;
  return plain_table(*node->create_stmt);
}

}  // namespace midflight::sql
