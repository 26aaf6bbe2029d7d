#include <unordered_set>

#include "sim/sql/footprint.h"
#include "sim/sql/rewrite_parts.h"

namespace midflight::sql {
namespace {

using References = std::unordered_set<const PgQuery__ColumnRef*>;

/// The references of the statement that mean the mapped column.
References references_to(Rewriting& work) {
  References found;
  resolve_columns(work.root(), &work.schema, [&](const PgQuery__ColumnRef& reference, const std::string& relation) {
    if (relation == work.mapping.table && column_name(reference).name == work.mapping.from) found.insert(&reference);
  });
  return found;
}

void refuse_join_using(Rewriting& work) {
  for_each_message(work.root()->base, [&](ProtobufCMessage& message) {
    const auto* join = as<PgQuery__JoinExpr>(message, pg_query__join_expr__descriptor);
    if (join == nullptr) return;
    for (const std::string& column : strings_of(join->using_clause, join->n_using_clause)) {
      if (column == work.mapping.from) work.refuse("JOIN ... USING (" + column + ") cannot follow the column");
    }
  });
}

/// The lists whose names the client sees.
void client_list(Node* root, Node**& list, std::size_t& count) {
  list = nullptr;
  count = 0;
  const auto take = [&](Node** nodes, std::size_t n) { list = nodes; count = n; };
  if (root->node_case == PG_QUERY__NODE__NODE_SELECT_STMT) {
    PgQuery__SelectStmt* select = root->select_stmt;
    while (select->larg != nullptr) select = select->larg;
    take(select->target_list, select->n_target_list);
  } else if (root->node_case == PG_QUERY__NODE__NODE_INSERT_STMT) {
    take(root->insert_stmt->returning_list, root->insert_stmt->n_returning_list);
  } else if (root->node_case == PG_QUERY__NODE__NODE_UPDATE_STMT) {
    take(root->update_stmt->returning_list, root->update_stmt->n_returning_list);
  } else if (root->node_case == PG_QUERY__NODE__NODE_DELETE_STMT) {
    take(root->delete_stmt->returning_list, root->delete_stmt->n_returning_list);
  }
}

std::unordered_set<const PgQuery__ResTarget*> client_targets(const Rewriting& work) {
  Node** list = nullptr;
  std::size_t count = 0;
  client_list(work.root(), list, count);
  std::unordered_set<const PgQuery__ResTarget*> out;
  for (std::size_t i = 0; i < count; ++i) out.insert(list[i]->res_target);
  return out;
}

bool shows_itself(const PgQuery__ResTarget& target, const References& references) {
  const bool unnamed = target.name == nullptr || *target.name == '\0';
  return unnamed && target.val != nullptr && target.val->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
         references.contains(target.val->column_ref);
}

/// Inside the statement the old name stays, so that outer levels find it.
void keep_output_names(Rewriting& work, const References& references) {
  const auto shown = client_targets(work);
  for_each_message(work.root()->base, [&](ProtobufCMessage& message) {
    auto* target = as<PgQuery__ResTarget>(message, pg_query__res_target__descriptor);
    if (target == nullptr || !shows_itself(*target, references)) return;
    if (work.mapping.keep_output_name || !shown.contains(target)) target->name = work.arena().text(work.mapping.from);
  });
}

void rename_conflict_target(Rewriting& work, PgQuery__InsertStmt& insert) {
  const PgQuery__OnConflictClause* clause = insert.on_conflict_clause;
  if (clause == nullptr || clause->infer == nullptr || !is_target(insert.relation, work.mapping)) return;
  for (std::size_t i = 0; i < clause->infer->n_index_elems; ++i) {
    PgQuery__IndexElem& element = *clause->infer->index_elems[i]->index_elem;
    if (element.name != nullptr && element.name == work.mapping.from) element.name = work.arena().text(work.mapping.to);
  }
}

}  // namespace

void rewrite_reads(Rewriting& work) {
  if (!work.mapping.read_to) return;
  refuse_join_using(work);
  const References references = references_to(work);
  keep_output_names(work, references);
  for (const PgQuery__ColumnRef* reference : references) {
    reference->fields[reference->n_fields - 1]->string->sval = work.arena().text(work.mapping.to);
  }
  for_each_message(work.root()->base, [&](ProtobufCMessage& message) {
    if (auto* insert = as<PgQuery__InsertStmt>(message, pg_query__insert_stmt__descriptor))
      rename_conflict_target(work, *insert);
  });
}

}  // namespace midflight::sql
