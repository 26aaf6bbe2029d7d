#include <optional>

#include "sim/sql/ddl.h"

// Sub-commands of ALTER TABLE that change a property of the relation, where its
// files lie, or what it is a part of.

namespace midflight::sql {
namespace {

using Command = PgQuery__AlterTableCmd;

std::string text_of(const char* text) { return text != nullptr ? text : ""; }

std::optional<SettingKind> setting_kind(PgQuery__AlterTableType type) {
  switch (type) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics: return SettingKind::Statistics;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions: return SettingKind::ColumnOptions;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage: return SettingKind::ColumnStorage;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression: return SettingKind::ColumnCompression;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnGenericOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_GenericOptions: return SettingKind::ForeignOptions;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner: return SettingKind::Owner;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn: return SettingKind::ClusterOn;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster: return SettingKind::ClusterOff;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser: return SettingKind::Trigger;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRule: return SettingKind::Rule;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddOf:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropOf: return SettingKind::TableType;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ReplicaIdentity: return SettingKind::ReplicaIdentity;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity: return SettingKind::RowSecurity;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterConstraint: return SettingKind::Deferrability;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropOids: return SettingKind::DropOids;
    default: return std::nullopt;
  }
}

std::optional<StorageChange> storage_change(PgQuery__AlterTableType type) {
  switch (type) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged: return StorageChange::Logged;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged: return StorageChange::Unlogged;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace: return StorageChange::Tablespace;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod: return StorageChange::AccessMethod;
    default: return std::nullopt;
  }
}

std::string setting_name(const Command& command) {
  if (command.def == nullptr) return text_of(command.name);
  if (command.def->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) return text_of(command.def->constraint->conname);
  if (command.def->node_case == PG_QUERY__NODE__NODE_REPLICA_IDENTITY_STMT) return text_of(command.def->replica_identity_stmt->name);
  return text_of(command.name);
}

/// SET (a = 1, toast.b = 2): one operation for each parameter.
void add_parameters(const std::string& table, const Command& command, const Reach& reach, std::vector<Operation>& out) {
  if (command.def == nullptr || command.def->node_case != PG_QUERY__NODE__NODE_LIST) return;
  const PgQuery__List& list = *command.def->list;
  for (std::size_t i = 0; i < list.n_items; ++i) {
    const PgQuery__DefElem& parameter = *list.items[i]->def_elem;
    const std::string space = text_of(parameter.defnamespace);
    out.emplace_back(RelationSetting{table, SettingKind::Parameter, space.empty() ? parameter.defname : space + "." + parameter.defname, reach});
  }
}

bool add_membership(const std::string& table, const Command& command, std::vector<Operation>& out) {
  const Node* definition = command.def;
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit:
      out.emplace_back(ChangeInheritance{table, relation_name(*definition->range_var),
                                         command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit});
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
      if (definition->partition_cmd->bound == nullptr) return false;  // of an index
      out.emplace_back(AttachPartition{table, relation_name(*definition->partition_cmd->name), bound_text(*definition->partition_cmd->bound)});
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartitionFinalize:
      out.emplace_back(DetachPartition{table, relation_name(*definition->partition_cmd->name), definition->partition_cmd->concurrent != 0,
                                       command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartitionFinalize});
      return true;
    default: return false;
  }
}

}  // namespace

bool add_table_settings(const std::string& table, const Command& command, const Reach& reach, std::vector<Operation>& out) {
  if (add_membership(table, command, out)) return true;
  if (const auto kind = storage_change(command.subtype)) {
    out.emplace_back(ChangeStorage{table, *kind, text_of(command.name), reach});
  } else if (const auto setting = setting_kind(command.subtype)) {
    out.emplace_back(RelationSetting{table, *setting, setting_name(command), reach});
  } else if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions ||
             command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions ||
             command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ReplaceRelOptions) {
    add_parameters(table, command, reach, out);
  } else {
    return false;
  }
  return true;
}

}  // namespace midflight::sql
