#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/model/operation.h"
#include "sim/sql/tree.h"

namespace midflight::sql {

/// What a statement does to the schema; one entry per sub-command of ALTER TABLE.
std::vector<Operation> operations_of(const Node* statement, std::string_view sql);

/// True for what PostgreSQL refuses inside a transaction block.
bool refuses_transaction(const Node* statement);

// The pieces, one file each.
std::vector<Operation> alter_table(const PgQuery__AlterTableStmt& alter);
Operation create_table(const PgQuery__CreateStmt& create);
/// The same table without partitions, if `sql` creates a partitioned one.
std::optional<CreateTable> partitioned_table(std::string_view sql);
Operation create_index(const PgQuery__IndexStmt& create, std::string_view sql);
Operation create_view(const PgQuery__ViewStmt& create);
Operation rename_operation(const PgQuery__RenameStmt& rename);
std::vector<Operation> drop_operations(const PgQuery__DropStmt& drop);

/// A column with the table constraints written beside it.
struct ColumnDefinition {
  Column column;
  std::vector<Constraint> constraints;
  bool volatile_default = false;
  std::string why_not;  ///< not empty: a part that is not modelled
};
ColumnDefinition column_definition(const std::string& table, const PgQuery__ColumnDef& definition);

/// A table constraint; `column` is the one it stands beside, or empty.
Constraint constraint_of(const std::string& table, const PgQuery__Constraint& definition, const std::string& column);
/// The column c of an expression `c IS NOT NULL`, else empty.
std::string column_proved_not_null(const Node* expression);
/// "users_email_key" as PostgreSQL makes it up, at most 63 bytes.
std::string generated_name(const std::string& table, const std::string& middle, const std::string& label);
/// The index behind a PRIMARY KEY, UNIQUE or EXCLUDE constraint.
Index index_behind(const std::string& table, const Constraint& constraint);
bool has_index(const Constraint& constraint);

}  // namespace midflight::sql
