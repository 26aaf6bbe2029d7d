#include <algorithm>

#include "sim/sql/ddl.h"
#include "sim/sql/expressions.h"

namespace midflight::sql {
namespace {

using Command = PgQuery__AlterTableCmd;

Operation add_column(const std::string& table, const Command& command, const Reach& reach) {
  ColumnDefinition definition = column_definition(table, *command.def->column_def);
  return AddColumn{table, std::move(definition.column), std::move(definition.constraints), command.missing_ok != 0,
                   definition.volatile_default, reach, definition.draws_uuid};
}

Operation drop_column(const std::string& table, const Command& command, const Reach& reach) {
  return DropColumn{table, command.name, command.missing_ok != 0,
                    command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE, reach};
}

Operation column_type(const std::string& table, const Command& command, const Reach& reach) {
  const PgQuery__ColumnDef& definition = *command.def->column_def;
  const std::string using_sql = definition.raw_default != nullptr ? expression_text(definition.raw_default) : "";
  return AlterColumnType{table, command.name, type_text(*definition.type_name), using_sql, collation_text(definition.coll_clause), reach};
}

Operation column_default(const std::string& table, const Command& command, const Reach& reach) {
  return SetDefault{table, command.name, command.def != nullptr ? expression_text(command.def) : "", reach};
}

Operation add_constraint(const std::string& table, const Command& command, const Reach& reach) {
  const PgQuery__Constraint& definition = *command.def->constraint;
  const std::string index = definition.indexname != nullptr ? definition.indexname : "";
  AddConstraint out{table, constraint_of(table, definition, ""), index, reach};
  if (!index.empty() && (definition.conname == nullptr || *definition.conname == '\0')) out.constraint.name = index;
  return out;
}

Operation change_identity(const std::string& table, const Command& command, const Reach& reach) {
  const bool adds = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity;
  const bool drops = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity;
  const IdentityChange kind = adds ? IdentityChange::Add : drops ? IdentityChange::Drop : IdentityChange::Set;
  return ChangeIdentity{table, command.name, kind, command.missing_ok != 0, reach};
}

/// What the parser can only meet inside the server, or what no schema follows.
Operation refused(const Command& command) {
  const ProtobufCEnumValue* value =
      protobuf_c_enum_descriptor_get_value(&pg_query__alter_table_type__descriptor, command.subtype);
  const std::string name = value != nullptr ? value->name : "?";
  return Opaque{"ALTER TABLE sub-command " + name + " is not modelled"};
}

/// ALTER INDEX ... ATTACH PARTITION has no bound.
bool attaches_index(const Command& command) {
  return command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition && command.def->partition_cmd->bound == nullptr;
}

void alter_command(const std::string& table, const Command& command, const Reach& reach, std::vector<Operation>& out) {
  if (attaches_index(command)) {
    out.push_back(AttachIndex{table, relation_name(*command.def->partition_cmd->name)});
    return;
  }
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn: out.push_back(add_column(table, command, reach)); return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn: out.push_back(drop_column(table, command, reach)); return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType: out.push_back(column_type(table, command, reach)); return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault: out.push_back(column_default(table, command, reach)); return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull: out.push_back(SetNotNull{table, command.name, reach}); return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull: out.push_back(DropNotNull{table, command.name, reach}); return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
      out.push_back(DropExpression{table, command.name, command.missing_ok != 0, reach});
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint: out.push_back(add_constraint(table, command, reach)); return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint: out.push_back(ValidateConstraint{table, command.name, reach}); return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      out.push_back(DropConstraint{table, command.name, command.missing_ok != 0,
                                   command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE, reach});
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity: out.push_back(change_identity(table, command, reach)); return;
    default: break;
  }
  if (add_table_settings(table, command, reach, out)) return;
  out.push_back(refused(command));
}

/// The server's passes over the sub-commands: drops first, then types, columns,
/// their properties, and constraints last.  Source: manual, ALTER TABLE, "Notes";
/// seen in which CHECK still spares a scan.
int pass_of(const Operation& operation) {
  if (std::holds_alternative<DropColumn>(operation) || std::holds_alternative<DropConstraint>(operation)) return 0;
  if (std::holds_alternative<AlterColumnType>(operation)) return 1;
  if (std::holds_alternative<AddColumn>(operation)) return 2;
  return std::holds_alternative<AddConstraint>(operation) ? 4 : 3;
}

}  // namespace

std::vector<Operation> alter_table(const PgQuery__AlterTableStmt& alter) {
  if (alter.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE) return alter_composite(alter);
  const std::string table = relation_name(*alter.relation);
  const Reach reach{!alter.relation->inh, alter.missing_ok != 0};
  std::vector<Operation> out;
  for (std::size_t i = 0; i < alter.n_cmds; ++i) {
    const Command& command = *alter.cmds[i]->alter_table_cmd;
    const bool view_default = alter.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_VIEW &&
                              command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault;
    if (view_default) out.push_back(RelationSetting{table, SettingKind::ViewDefault, command.name, reach});
    else alter_command(table, command, reach, out);
  }
  std::stable_sort(out.begin(), out.end(), [](const Operation& a, const Operation& b) { return pass_of(a) < pass_of(b); });
  return out;
}

}  // namespace midflight::sql
