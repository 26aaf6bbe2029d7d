#include <algorithm>
#include <array>

#include "sim/sql/ddl.h"

// Statements that look after relations, lock them, or touch none at all.

namespace midflight::sql {
namespace {

std::string text_of(const char* text) { return text != nullptr ? text : ""; }

bool is_off(const Node* value) {
  if (value == nullptr) return false;
  if (value->node_case == PG_QUERY__NODE__NODE_INTEGER) return value->integer->ival == 0;
  if (value->node_case == PG_QUERY__NODE__NODE_BOOLEAN) return !value->boolean->boolval;
  const std::string word = string_of(value);
  return word == "false" || word == "off";
}

Operation maintenance(const PgQuery__VacuumStmt& vacuum) {
  if (has_option(vacuum.options, vacuum.n_options, "only_database_stats")) return Harmless{};
  Maintenance out;
  out.analyze = has_option(vacuum.options, vacuum.n_options, "analyze");
  if (!vacuum.is_vacuumcmd) out.kind = MaintenanceKind::Analyze;
  else if (has_option(vacuum.options, vacuum.n_options, "full")) out.kind = MaintenanceKind::VacuumFull;
  for (std::size_t i = 0; i < vacuum.n_rels; ++i) out.relations.push_back(relation_name(*vacuum.rels[i]->vacuum_relation->relation));
  return out;
}

Operation cluster(const PgQuery__ClusterStmt& statement) {
  Maintenance out{MaintenanceKind::Cluster};
  if (statement.relation != nullptr) out.relations.push_back(relation_name(*statement.relation));
  out.index = text_of(statement.indexname);
  return out;
}

Operation lock_tables(const PgQuery__LockStmt& lock) {
  LockTables out;
  for (std::size_t i = 0; i < lock.n_relations; ++i) {
    const PgQuery__RangeVar& relation = *lock.relations[i]->range_var;
    out.relations.push_back(relation_name(relation));
    if (!relation.inh) out.only.push_back(out.relations.back());
  }
  out.mode = static_cast<LockMode>(lock.mode - 1);
  return out;
}

/// Privileges of relations that are named one by one.
std::vector<Operation> grant(const PgQuery__GrantStmt& statement) {
  std::vector<Operation> out;
  for (std::size_t i = 0; i < statement.n_objects; ++i) {
    if (statement.objects[i]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR) continue;
    out.emplace_back(RelationSetting{relation_name(*statement.objects[i]->range_var), SettingKind::Privilege});
  }
  if (out.empty()) out.emplace_back(Harmless{});
  return out;
}

Operation move_all(const PgQuery__AlterTableMoveAllStmt& statement) {
  const bool views = statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW;
  if (statement.n_roles > 0 || (statement.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE && !views))
    return Opaque{"which indexes, or relations of a role, lie in the tablespace is not known"};
  return MoveAll{text_of(statement.orig_tablespacename), text_of(statement.new_tablespacename), views};
}

ReindexScope scope_of(PgQuery__ReindexObjectType kind) {
  switch (kind) {
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX: return ReindexScope::Index;
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE: return ReindexScope::Table;
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA: return ReindexScope::Schema;
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM: return ReindexScope::System;
    default: return ReindexScope::Database;
  }
}

Operation reindex(const PgQuery__ReindexStmt& statement) {
  const std::string name = statement.relation != nullptr ? relation_name(*statement.relation) : text_of(statement.name);
  return Reindex{scope_of(statement.kind), name, has_option(statement.params, statement.n_params, "concurrently")};
}

struct Refusal {
  PgQuery__Node__NodeCase kind;
  const char* why;
};

// What the statement does is not in its text.
constexpr std::array kRefusals = {
    Refusal{PG_QUERY__NODE__NODE_DO_STMT, "what a DO block does is not followed"},
    Refusal{PG_QUERY__NODE__NODE_CALL_STMT, "what CALL runs is not followed"},
    Refusal{PG_QUERY__NODE__NODE_EXECUTE_STMT, "what EXECUTE runs is not followed"},
    Refusal{PG_QUERY__NODE__NODE_DROP_OWNED_STMT, "what the role owns is not known"},
    Refusal{PG_QUERY__NODE__NODE_REASSIGN_OWNED_STMT, "what the role owns is not known"},
    Refusal{PG_QUERY__NODE__NODE_IMPORT_FOREIGN_SCHEMA_STMT, "which tables the foreign server has is not known"},
    Refusal{PG_QUERY__NODE__NODE_ALTER_EXTENSION_STMT, "what the extension's update script does is not followed"},
};

// No relation of the user is touched: settings, roles, privileges, transactions,
// types of the server's own kind, and objects that relations may use later.
constexpr std::array kHarmless = {
    PG_QUERY__NODE__NODE_VARIABLE_SET_STMT, PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT, PG_QUERY__NODE__NODE_TRANSACTION_STMT,
    PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT, PG_QUERY__NODE__NODE_DISCARD_STMT, PG_QUERY__NODE__NODE_NOTIFY_STMT,
    PG_QUERY__NODE__NODE_LISTEN_STMT, PG_QUERY__NODE__NODE_UNLISTEN_STMT, PG_QUERY__NODE__NODE_CHECK_POINT_STMT,
    PG_QUERY__NODE__NODE_LOAD_STMT, PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT, PG_QUERY__NODE__NODE_DEALLOCATE_STMT,
    PG_QUERY__NODE__NODE_CLOSE_PORTAL_STMT, PG_QUERY__NODE__NODE_FETCH_STMT, PG_QUERY__NODE__NODE_PREPARE_STMT,
    PG_QUERY__NODE__NODE_EXPLAIN_STMT,
    PG_QUERY__NODE__NODE_GRANT_ROLE_STMT, PG_QUERY__NODE__NODE_ALTER_DEFAULT_PRIVILEGES_STMT,
    PG_QUERY__NODE__NODE_CREATE_ROLE_STMT, PG_QUERY__NODE__NODE_ALTER_ROLE_STMT, PG_QUERY__NODE__NODE_ALTER_ROLE_SET_STMT,
    PG_QUERY__NODE__NODE_DROP_ROLE_STMT, PG_QUERY__NODE__NODE_ALTER_OWNER_STMT,
    PG_QUERY__NODE__NODE_CREATEDB_STMT, PG_QUERY__NODE__NODE_DROPDB_STMT, PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT,
    PG_QUERY__NODE__NODE_ALTER_DATABASE_SET_STMT, PG_QUERY__NODE__NODE_ALTER_DATABASE_REFRESH_COLL_STMT,
    PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT, PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT,
    PG_QUERY__NODE__NODE_ALTER_TABLE_SPACE_OPTIONS_STMT,
    PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT, PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT, PG_QUERY__NODE__NODE_DEFINE_STMT,
    PG_QUERY__NODE__NODE_CREATE_RANGE_STMT, PG_QUERY__NODE__NODE_ALTER_TYPE_STMT, PG_QUERY__NODE__NODE_CREATE_CAST_STMT,
    PG_QUERY__NODE__NODE_CREATE_CONVERSION_STMT, PG_QUERY__NODE__NODE_CREATE_OP_CLASS_STMT,
    PG_QUERY__NODE__NODE_CREATE_OP_FAMILY_STMT, PG_QUERY__NODE__NODE_ALTER_OP_FAMILY_STMT,
    PG_QUERY__NODE__NODE_ALTER_OPERATOR_STMT, PG_QUERY__NODE__NODE_ALTER_COLLATION_STMT,
    PG_QUERY__NODE__NODE_CREATE_TRANSFORM_STMT, PG_QUERY__NODE__NODE_CREATE_AM_STMT, PG_QUERY__NODE__NODE_CREATE_PLANG_STMT,
    PG_QUERY__NODE__NODE_ALTER_TSDICTIONARY_STMT, PG_QUERY__NODE__NODE_ALTER_TSCONFIGURATION_STMT,
    PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT, PG_QUERY__NODE__NODE_CREATE_EVENT_TRIG_STMT,
    PG_QUERY__NODE__NODE_ALTER_EVENT_TRIG_STMT, PG_QUERY__NODE__NODE_ALTER_STATS_STMT,
    PG_QUERY__NODE__NODE_CREATE_FDW_STMT, PG_QUERY__NODE__NODE_ALTER_FDW_STMT, PG_QUERY__NODE__NODE_CREATE_FOREIGN_SERVER_STMT,
    PG_QUERY__NODE__NODE_ALTER_FOREIGN_SERVER_STMT, PG_QUERY__NODE__NODE_CREATE_USER_MAPPING_STMT,
    PG_QUERY__NODE__NODE_ALTER_USER_MAPPING_STMT, PG_QUERY__NODE__NODE_DROP_USER_MAPPING_STMT,
    PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT, PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT,
    PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT,
};

bool runs_its_query(const Node* node) {
  if (node->node_case == PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT) return true;
  return node->node_case == PG_QUERY__NODE__NODE_EXPLAIN_STMT && has_option(node->explain_stmt->options, node->explain_stmt->n_options, "analyze");
}

}  // namespace

bool has_option(Node* const* options, std::size_t count, std::string_view name) {
  for (std::size_t i = 0; i < count; ++i) {
    if (options[i]->node_case != PG_QUERY__NODE__NODE_DEF_ELEM) continue;
    const PgQuery__DefElem& option = *options[i]->def_elem;
    if (option.defname == name) return !is_off(option.arg);
  }
  return false;
}

std::vector<Operation> utility_operations(const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_VACUUM_STMT: return {maintenance(*node->vacuum_stmt)};
    case PG_QUERY__NODE__NODE_ALTER_TABLE_MOVE_ALL_STMT: return {move_all(*node->alter_table_move_all_stmt)};
    case PG_QUERY__NODE__NODE_GRANT_STMT: return grant(*node->grant_stmt);
    case PG_QUERY__NODE__NODE_CLUSTER_STMT: return {cluster(*node->cluster_stmt)};
    case PG_QUERY__NODE__NODE_LOCK_STMT: return {lock_tables(*node->lock_stmt)};
    case PG_QUERY__NODE__NODE_REINDEX_STMT: return {reindex(*node->reindex_stmt)};
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT: {
      const PgQuery__RefreshMatViewStmt& refresh = *node->refresh_mat_view_stmt;
      return {RefreshView{relation_name(*refresh.relation), refresh.concurrent != 0, refresh.skip_data == 0}};
    }
    default: break;
  }
  if (runs_its_query(node)) return {DataStatement{}};
  if (std::find(kHarmless.begin(), kHarmless.end(), node->node_case) != kHarmless.end()) return {Harmless{}};
  for (const Refusal& refusal : kRefusals) {
    if (refusal.kind == node->node_case) return {Opaque{refusal.why}};
  }
  return {};
}

}  // namespace midflight::sql
