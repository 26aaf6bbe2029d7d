#include "sim/sql/ddl.h"
#include "sim/sql/expressions.h"

namespace midflight::sql {
namespace {

Operation add_column(const std::string& table, const PgQuery__AlterTableCmd& command) {
  ColumnDefinition definition = column_definition(table, *command.def->column_def);
  AddColumn out{table, std::move(definition.column), std::move(definition.constraints), command.missing_ok != 0,
                definition.volatile_default};
  return out;
}

Operation drop_column(const std::string& table, const PgQuery__AlterTableCmd& command) {
  return DropColumn{table, command.name, command.missing_ok != 0,
                    command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE};
}

Operation column_type(const std::string& table, const PgQuery__AlterTableCmd& command) {
  const PgQuery__ColumnDef& definition = *command.def->column_def;
  const std::string using_sql = definition.raw_default != nullptr ? expression_text(definition.raw_default) : "";
  return AlterColumnType{table, command.name, type_text(*definition.type_name), using_sql};
}

Operation column_default(const std::string& table, const PgQuery__AlterTableCmd& command) {
  return SetDefault{table, command.name, command.def != nullptr ? expression_text(command.def) : ""};
}

Operation add_constraint(const std::string& table, const PgQuery__AlterTableCmd& command) {
  const PgQuery__Constraint& definition = *command.def->constraint;
  const std::string index = definition.indexname != nullptr ? definition.indexname : "";
  AddConstraint out{table, constraint_of(table, definition, ""), index};
  if (!index.empty() && (definition.conname == nullptr || *definition.conname == '\0')) out.constraint.name = index;
  return out;
}

/// The sequence PostgreSQL makes for an identity column, spelled as a default.
Operation add_identity(const std::string& table, const PgQuery__AlterTableCmd& command) {
  const std::string sequence = generated_name(table, command.name, "seq");
  return SetDefault{table, command.name, "nextval('" + sequence + "'::regclass)"};
}

bool is_harmless(PgQuery__AlterTableType type) {
  switch (type) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ReplicaIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity: return true;
    default: return false;
  }
}

Operation other_command(const PgQuery__AlterTableCmd& command) {
  if (is_harmless(command.subtype)) return Harmless{};
  const ProtobufCEnumValue* value =
      protobuf_c_enum_descriptor_get_value(&pg_query__alter_table_type__descriptor, command.subtype);
  const std::string name = value != nullptr ? value->name : "?";
  return Opaque{"ALTER TABLE sub-command " + name + " is not modelled"};
}

Operation alter_command(const std::string& table, const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn: return add_column(table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn: return drop_column(table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType: return column_type(table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault: return column_default(table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull: return SetNotNull{table, command.name};
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull: return DropNotNull{table, command.name};
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint: return add_constraint(table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint: return ValidateConstraint{table, command.name};
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      return DropConstraint{table, command.name, command.missing_ok != 0};
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity: return add_identity(table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity: return SetDefault{table, command.name, ""};
    default: return other_command(command);
  }
}

bool only_ownership(const PgQuery__AlterTableStmt& alter) {
  for (std::size_t i = 0; i < alter.n_cmds; ++i) {
    if (!is_harmless(alter.cmds[i]->alter_table_cmd->subtype)) return false;
  }
  return true;
}

}  // namespace

std::vector<Operation> alter_table(const PgQuery__AlterTableStmt& alter) {
  if (alter.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) {
    if (only_ownership(alter) || alter.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE) return {Harmless{}};
    return {Opaque{"ALTER of something other than a table is not modelled"}};
  }
  const std::string table = relation_name(*alter.relation);
  std::vector<Operation> out;
  for (std::size_t i = 0; i < alter.n_cmds; ++i) out.push_back(alter_command(table, *alter.cmds[i]->alter_table_cmd));
  return out;
}

}  // namespace midflight::sql
