#include "sim/sql/ddl.h"
#include "sim/sql/expressions.h"

// Domains, enums, row types and sequences.

namespace midflight::sql {
namespace {

std::string text_of(const char* text) { return text != nullptr ? text : ""; }

Constraint domain_check(const PgQuery__Constraint& definition) {
  Constraint out;
  out.name = text_of(definition.conname);
  out.expression = definition.raw_expr != nullptr ? expression_text(definition.raw_expr) : "";
  out.valid = !definition.skip_validation;
  return out;
}

void add_to_domain(const PgQuery__Constraint& definition, Domain& domain) {
  switch (definition.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL: domain.not_null = true; return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT: domain.default_sql = expression_text(definition.raw_expr); return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK: domain.constraints.push_back(domain_check(definition)); return;
    default: return;
  }
}

DomainChange domain_change(const PgQuery__AlterDomainStmt& alter) {
  switch (text_of(alter.subtype).front()) {
    case 'C': return DomainChange::AddConstraint;
    case 'V': return DomainChange::ValidateConstraint;
    case 'X': return DomainChange::DropConstraint;
    case 'O': return DomainChange::SetNotNull;
    case 'N': return DomainChange::DropNotNull;
    default: return DomainChange::Default;
  }
}

Column attribute(const PgQuery__ColumnDef& definition) {
  Column out;
  out.name = text_of(definition.colname);
  if (definition.type_name != nullptr) out.type = type_text(*definition.type_name);
  return out;
}

AttributeChange attribute_change(PgQuery__AlterTableType type) {
  if (type == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn) return AttributeChange::Add;
  return type == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn ? AttributeChange::Drop : AttributeChange::Type;
}

/// OWNED BY table.column, or NONE.  Returns: false if the options do not say.
bool read_owner(Node* const* options, std::size_t count, Sequence& sequence) {
  for (std::size_t i = 0; i < count; ++i) {
    const PgQuery__DefElem& option = *options[i]->def_elem;
    if (text_of(option.defname) != "owned_by") continue;
    const PgQuery__List& names = *option.arg->list;
    if (names.n_items < 2) return true;
    sequence.owner_table = dotted_name(names.items, names.n_items - 1);
    sequence.owner_column = string_of(names.items[names.n_items - 1]);
    return true;
  }
  return false;
}

}  // namespace

Operation create_domain(const PgQuery__CreateDomainStmt& create) {
  CreateDomain out;
  out.domain.name = dotted_name(create.domainname, create.n_domainname);
  out.domain.type = type_text(*create.type_name);
  for (std::size_t i = 0; i < create.n_constraints; ++i) add_to_domain(*create.constraints[i]->constraint, out.domain);
  return out;
}

Operation alter_domain(const PgQuery__AlterDomainStmt& alter) {
  AlterDomain out;
  out.domain = dotted_name(alter.type_name, alter.n_type_name);
  out.kind = domain_change(alter);
  out.if_exists = alter.missing_ok != 0;
  if (out.kind == DomainChange::AddConstraint) out.constraint = domain_check(*alter.def->constraint);
  else if (out.kind == DomainChange::Default && alter.def != nullptr) out.to = expression_text(alter.def);
  else out.constraint.name = text_of(alter.name);
  return out;
}

Operation create_enum(const PgQuery__CreateEnumStmt& create) {
  return CreateEnum{{dotted_name(create.type_name, create.n_type_name), strings_of(create.vals, create.n_vals)}};
}

Operation alter_enum(const PgQuery__AlterEnumStmt& alter) {
  return ChangeEnum{dotted_name(alter.type_name, alter.n_type_name), text_of(alter.new_val), text_of(alter.old_val),
                    text_of(alter.new_val_neighbor), alter.new_val_is_after != 0, alter.skip_if_new_val_exists != 0};
}

Operation create_composite(const PgQuery__CompositeTypeStmt& create) {
  CreateComposite out;
  out.type.name = relation_name(*create.typevar);
  for (std::size_t i = 0; i < create.n_coldeflist; ++i) out.type.columns.push_back(attribute(*create.coldeflist[i]->column_def));
  return out;
}

std::vector<Operation> alter_composite(const PgQuery__AlterTableStmt& alter) {
  std::vector<Operation> out;
  for (std::size_t i = 0; i < alter.n_cmds; ++i) {
    const PgQuery__AlterTableCmd& command = *alter.cmds[i]->alter_table_cmd;
    ChangeAttribute change{relation_name(*alter.relation), attribute_change(command.subtype)};
    if (command.def != nullptr && command.def->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) change.attribute = attribute(*command.def->column_def);
    if (!text_of(command.name).empty()) change.attribute.name = command.name;
    change.if_exists = command.missing_ok != 0;
    change.cascade = command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
    out.emplace_back(std::move(change));
  }
  return out;
}

Operation create_sequence(const PgQuery__CreateSeqStmt& create) {
  CreateSequence out{{relation_name(*create.sequence), "", ""}, create.if_not_exists != 0};
  read_owner(create.options, create.n_options, out.sequence);
  return out;
}

Operation alter_sequence(const PgQuery__AlterSeqStmt& alter) {
  ChangeSequence out{{relation_name(*alter.sequence), "", ""}, false, alter.missing_ok != 0};
  out.owned = read_owner(alter.options, alter.n_options, out.sequence);
  return out;
}

}  // namespace midflight::sql
