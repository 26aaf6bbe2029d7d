#include "sim/sql/ddl.h"

#include <algorithm>

#include "sim/sql/expressions.h"

namespace midflight::sql {
namespace {

void add_index_column(const PgQuery__IndexElem& element, Index& index) {
  if (element.name != nullptr && *element.name != '\0') add_once(index.columns, element.name);
  for (const std::string& column : columns_in(element.expr)) add_once(index.columns, column);
}

bool is_computed(const PgQuery__IndexStmt& create) {
  for (std::size_t i = 0; i < create.n_index_params; ++i) {
    if (create.index_params[i]->index_elem->expr != nullptr) return true;
  }
  return create.where_clause != nullptr;
}

bool is_data(const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT: return node->select_stmt->into_clause == nullptr;
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
    case PG_QUERY__NODE__NODE_COPY_STMT: return true;
    default: return false;
  }
}

/// "VACUUM", "CREATE MATERIALIZED": how an unmodelled statement begins.
std::string first_words(std::string_view sql) {
  std::size_t end = sql.find_first_of(" \t\r\n(");
  if (end != std::string_view::npos) end = sql.find_first_of(" \t\r\n(", sql.find_first_not_of(" \t\r\n(", end));
  return std::string(sql.substr(0, end));
}

bool detaches_concurrently(const PgQuery__AlterTableStmt& alter) {
  for (std::size_t i = 0; i < alter.n_cmds; ++i) {
    const Node* definition = alter.cmds[i]->alter_table_cmd->def;
    if (definition != nullptr && definition->node_case == PG_QUERY__NODE__NODE_PARTITION_CMD &&
        definition->partition_cmd->concurrent != 0)
      return true;
  }
  return false;
}

}  // namespace

Operation create_index(const PgQuery__IndexStmt& create, std::string_view sql) {
  CreateIndex out;
  out.index.table = relation_name(*create.relation);
  out.index.unique = create.unique != 0;
  out.index.sql = sql;
  out.concurrently = create.concurrent != 0;
  out.if_not_exists = create.if_not_exists != 0;
  out.only = !create.relation->inh;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < create.n_index_params; ++i) add_index_column(*create.index_params[i]->index_elem, out.index);
  for (const std::string& column : columns_in(create.where_clause)) add_once(out.index.columns, column);
  for (std::size_t i = 0; i < create.n_index_params; ++i) add_element_name(*create.index_params[i]->index_elem, names);
  out.index.computed = is_computed(create);
  for (std::size_t i = 0; i < create.n_index_including_params; ++i) {
    add_index_column(*create.index_including_params[i]->index_elem, out.index);
    add_element_name(*create.index_including_params[i]->index_elem, names);
  }
  out.index.parts = joined_names(names);
  const bool named = create.idxname != nullptr && *create.idxname != '\0';
  out.index.made_up = !named;
  out.index.name = named ? create.idxname : generated_name(out.index.table, out.index.parts, "idx");
  return out;
}

Operation truncate(const PgQuery__TruncateStmt& statement) {
  Truncate out;
  for (std::size_t i = 0; i < statement.n_relations; ++i) {
    const PgQuery__RangeVar& relation = *statement.relations[i]->range_var;
    out.tables.push_back(relation_name(relation));
    if (!relation.inh) out.only.push_back(out.tables.back());
  }
  out.cascade = statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  out.restart_identity = statement.restart_seqs != 0;
  return out;
}

namespace {

Operation foreign_table(const PgQuery__CreateForeignTableStmt& create) {
  Operation out = create_table(*create.base_stmt);
  if (auto* table = std::get_if<CreateTable>(&out)) table->table.kind = TableKind::Foreign;
  return out;
}

}  // namespace

std::vector<Operation> operations_of(const Node* node, std::string_view sql) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT: return alter_table(*node->alter_table_stmt);
    case PG_QUERY__NODE__NODE_CREATE_STMT: return {create_table(*node->create_stmt)};
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT: {
      const PgQuery__CreateTableAsStmt& create = *node->create_table_as_stmt;
      return {create_table_as(*create.into, create.query, create.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW, create.if_not_exists)};
    }
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      if (node->select_stmt->into_clause == nullptr) break;
      return {create_table_as(*node->select_stmt->into_clause, node, false, false)};
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT: return {truncate(*node->truncate_stmt)};
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT: return {set_schema(*node->alter_object_schema_stmt)};
    case PG_QUERY__NODE__NODE_INDEX_STMT: return {create_index(*node->index_stmt, sql)};
    case PG_QUERY__NODE__NODE_VIEW_STMT: return {create_view(*node->view_stmt)};
    case PG_QUERY__NODE__NODE_RENAME_STMT: return {rename_operation(*node->rename_stmt)};
    case PG_QUERY__NODE__NODE_DROP_STMT: return drop_operations(*node->drop_stmt);
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT: return {foreign_table(*node->create_foreign_table_stmt)};
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
      return create_schema(*node->create_schema_stmt);
    default: break;
  }
  if (is_data(node)) return {DataStatement{}};
  if (std::vector<Operation> found = object_operations(node); !found.empty()) return found;
  if (std::vector<Operation> found = utility_operations(node); !found.empty()) return found;
  return {Opaque{first_words(sql) + " is not modelled"}};
}

/// Source: PreventInTransactionBlock() callers, PostgreSQL 15.
bool refuses_transaction(const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_INDEX_STMT: return node->index_stmt->concurrent != 0;
    case PG_QUERY__NODE__NODE_DROP_STMT: return node->drop_stmt->concurrent != 0;
    case PG_QUERY__NODE__NODE_VACUUM_STMT: return node->vacuum_stmt->is_vacuumcmd != 0;
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT: return detaches_concurrently(*node->alter_table_stmt);
    case PG_QUERY__NODE__NODE_REINDEX_STMT: {
      const PgQuery__ReindexStmt& reindex = *node->reindex_stmt;
      return has_option(reindex.params, reindex.n_params, "concurrently") || reindex.relation == nullptr;
    }
    case PG_QUERY__NODE__NODE_CLUSTER_STMT: return node->cluster_stmt->relation == nullptr;
    case PG_QUERY__NODE__NODE_DISCARD_STMT: return node->discard_stmt->target == PG_QUERY__DISCARD_MODE__DISCARD_ALL;
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
      return node->transaction_stmt->kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT_PREPARED ||
             node->transaction_stmt->kind == PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_PREPARED;
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT:
      return has_option(node->alter_database_stmt->options, node->alter_database_stmt->n_options, "tablespace");
    case PG_QUERY__NODE__NODE_CREATEDB_STMT:
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
    case PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT:
    case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
    case PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT: return true;
    default: return false;
  }
}

}  // namespace midflight::sql
