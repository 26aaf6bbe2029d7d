#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/sql/footprint.h"
#include "sim/sql/scope.h"

namespace midflight::sql {

/// Columns by name; nothing when they are not known.
using Names = std::optional<std::vector<std::string>>;

/// Walks a statement once, from the outside in, and notes who touches what.
class Walker {
 public:
  Walker(const Schema* schema, std::vector<Access>& accesses, ColumnVisitor visit = nullptr)
      : schema_(schema), accesses_(accesses), visit_(std::move(visit)) {}

  void statement(const Node* node, const Scope* outer, bool to_client);
  /// Queries inside an expression that stands for itself, or in the body of a function.
  void statements_below(const Node* node);

 private:
  void select(const PgQuery__SelectStmt& query, const Scope* outer, bool to_client);
  void insert(const PgQuery__InsertStmt& query, const Scope* outer, bool to_client);
  void update(const PgQuery__UpdateStmt& query, const Scope* outer, bool to_client);
  void remove(const PgQuery__DeleteStmt& query, const Scope* outer, bool to_client);
  void merge(const PgQuery__MergeStmt& query, const Scope* outer);
  void with(const PgQuery__WithClause* clause, Scope& scope, bool to_client);
  void from(const Node* item, Scope& scope, LockMode mode);
  void relation(const PgQuery__RangeVar& range, Scope& scope, LockMode mode);
  void subquery(const PgQuery__RangeSubselect& range, Scope& scope);
  void join(const PgQuery__JoinExpr& join, Scope& scope, LockMode mode);
  void expression(const Node* node, const Scope& scope, bool output);
  void message(ProtobufCMessage& message, const Scope& scope, bool output);
  void column(const PgQuery__ColumnRef& reference, const Scope& scope, bool output);
  void star(const std::string& qualifier, const Scope& scope);
  void where(const Node* node, const Scope& scope);
  void key(const PgQuery__AExpr& comparison, const Scope& scope);
  void outputs(Node* const* list, std::size_t count, const Scope& scope, bool to_client);
  void assignments(Node* const* list, std::size_t count, const std::string& relation, const Scope& scope);
  void sorting(Node* const* list, std::size_t count, const PgQuery__SelectStmt& query, const Scope& scope);
  void conflict(const PgQuery__OnConflictClause& clause, const std::string& relation, Scope scope);
  Access& access(const std::string& relation, LockMode mode = LockMode::AccessShareLock);

  const Schema* schema_;
  std::vector<Access>& accesses_;
  ColumnVisitor visit_;
};

/// The columns a query shows; nothing when a star hides them.
Names output_names(const Node* query, const PgQuery__Alias* alias);

}  // namespace midflight::sql
