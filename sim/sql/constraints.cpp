#include <algorithm>

#include "sim/sql/ddl.h"
#include "sim/sql/expressions.h"

namespace midflight::sql {
namespace {

std::string check_middle(const Node* expression) {
  const std::vector<std::string> columns = columns_in(expression);
  return columns.size() == 1 ? columns.front() : "";
}

ConstraintKind kind_of(PgQuery__ConstrType type) {
  switch (type) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY: return ConstraintKind::PrimaryKey;
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE: return ConstraintKind::Unique;
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN: return ConstraintKind::ForeignKey;
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION: return ConstraintKind::Exclude;
    default: return ConstraintKind::Check;
  }
}

std::vector<std::string> exclusion_columns(const PgQuery__Constraint& definition) {
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < definition.n_exclusions; ++i) {
    const PgQuery__List& pair = *definition.exclusions[i]->list;
    if (pair.n_items == 0 || pair.items[0]->node_case != PG_QUERY__NODE__NODE_INDEX_ELEM) continue;
    const PgQuery__IndexElem& element = *pair.items[0]->index_elem;
    if (element.name != nullptr && *element.name != '\0') add_once(columns, element.name);
    for (const std::string& column : columns_in(element.expr)) add_once(columns, column);
  }
  return columns;
}

void fill_check(const PgQuery__Constraint& definition, Constraint& out) {
  out.expression = expression_text(definition.raw_expr);
  out.columns = columns_in(definition.raw_expr);
  out.proves_not_null = column_proved_not_null(definition.raw_expr);
}

std::string exclusion_parts(const PgQuery__Constraint& definition) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < definition.n_exclusions; ++i) {
    const PgQuery__List& pair = *definition.exclusions[i]->list;
    if (pair.n_items > 0 && pair.items[0]->node_case == PG_QUERY__NODE__NODE_INDEX_ELEM) add_element_name(*pair.items[0]->index_elem, names);
  }
  return joined_names(names);
}

/// CASCADE, SET NULL and SET DEFAULT, as the parser abbreviates them.
bool is_writing_action(const char* action) {
  return action != nullptr && (*action == 'c' || *action == 'n' || *action == 'd');
}

void fill_foreign_key(const PgQuery__Constraint& definition, Constraint& out) {
  out.columns = strings_of(definition.fk_attrs, definition.n_fk_attrs);
  out.referenced_table = relation_name(*definition.pktable);
  out.referenced_columns = strings_of(definition.pk_attrs, definition.n_pk_attrs);
  out.delete_writes = is_writing_action(definition.fk_del_action);
  out.update_writes = is_writing_action(definition.fk_upd_action);
}

std::string default_name(const std::string& table, const Constraint& constraint, const Node* check) {
  switch (constraint.kind) {
    case ConstraintKind::PrimaryKey: return generated_name(table, "", "pkey");
    case ConstraintKind::Unique: return generated_name(table, joined_names(constraint.columns), "key");
    case ConstraintKind::ForeignKey: return generated_name(table, joined_names(constraint.columns), "fkey");
    case ConstraintKind::Exclude: return generated_name(table, constraint.parts, "excl");
    case ConstraintKind::NotNull: return generated_name(table, joined_names(constraint.columns), "not_null");
    case ConstraintKind::Check: break;
  }
  return generated_name(table, check_middle(check), "check");
}

}  // namespace

std::string column_proved_not_null(const Node* expression) {
  if (expression == nullptr || expression->node_case != PG_QUERY__NODE__NODE_NULL_TEST) return "";
  const PgQuery__NullTest& test = *expression->null_test;
  const bool plain = test.nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NOT_NULL &&
                     test.arg->node_case == PG_QUERY__NODE__NODE_COLUMN_REF;
  return plain ? column_name(*test.arg->column_ref).name : "";
}

Constraint constraint_of(const std::string& table, const PgQuery__Constraint& definition, const std::string& column) {
  Constraint out;
  out.kind = kind_of(definition.contype);
  out.columns = strings_of(definition.keys, definition.n_keys);
  if (out.kind == ConstraintKind::Check) fill_check(definition, out);
  if (out.kind == ConstraintKind::ForeignKey) fill_foreign_key(definition, out);
  if (out.kind == ConstraintKind::Exclude) {
    out.columns = exclusion_columns(definition);
    out.parts = exclusion_parts(definition);
  }
  if (out.columns.empty() && !column.empty() && out.kind != ConstraintKind::Check) out.columns = {column};
  out.valid = !definition.skip_validation;
  out.no_inherit = definition.is_no_inherit != 0;
  out.name = definition.conname != nullptr ? definition.conname : "";
  out.made_up = out.name.empty();
  if (out.made_up) out.name = default_name(table, out, definition.raw_expr);
  return out;
}

bool has_index(const Constraint& constraint) {
  return constraint.kind == ConstraintKind::PrimaryKey || constraint.kind == ConstraintKind::Unique ||
         constraint.kind == ConstraintKind::Exclude;
}

Index index_behind(const std::string& table, const Constraint& constraint) {
  Index index;
  index.name = constraint.name;
  index.table = table;
  index.columns = constraint.columns;
  index.unique = constraint.kind != ConstraintKind::Exclude;
  index.constraint = true;
  index.parts = constraint.parts;
  return index;
}

}  // namespace midflight::sql
