#pragma once

#include <string>
#include <vector>

#include "sim/model/generated_name.h"
#include "sim/model/operation.h"
#include "sim/sql/tree.h"

namespace midflight::sql {

/// What a statement does to the schema; one entry per sub-command of ALTER TABLE.
std::vector<Operation> operations_of(const Node* statement, std::string_view sql);

/// True for what PostgreSQL refuses inside a transaction block.
bool refuses_transaction(const Node* statement);

// The pieces, one file each.
std::vector<Operation> alter_table(const PgQuery__AlterTableStmt& alter);
/// Adds what a sub-command says of the relation's properties, files or parents.
/// Returns: false if it says none of these.
bool add_table_settings(const std::string& table, const PgQuery__AlterTableCmd& command, const Reach& reach,
                        std::vector<Operation>& out);
Operation create_table(const PgQuery__CreateStmt& create);
/// CREATE TABLE ... AS, SELECT ... INTO and CREATE MATERIALIZED VIEW.
Operation create_table_as(const PgQuery__IntoClause& into, const Node* query, bool materialized, bool if_not_exists);
/// "FOR VALUES FROM (1) TO (10)", "DEFAULT".
std::string bound_text(const PgQuery__PartitionBoundSpec& bound);
void fill_partition_key(const PgQuery__PartitionSpec& spec, Table& table);
/// The collation a COLLATE clause names, or "".
std::string collation_text(const PgQuery__CollateClause* clause);
/// What a query reads, relation by relation.
std::vector<Reading> readings_of(const Node* query);
Operation create_index(const PgQuery__IndexStmt& create, std::string_view sql);
/// Adds what an element of an index is called in names that the server makes up.
void add_element_name(const PgQuery__IndexElem& element, std::vector<std::string>& names);
Operation create_view(const PgQuery__ViewStmt& create);
/// The schema, then what is made in it.  Requires: place_elements() has run.
std::vector<Operation> create_schema(const PgQuery__CreateSchemaStmt& create);
/// Set, and not to false or off.
bool has_option(Node* const* options, std::size_t count, std::string_view name);

// ddl_names.cpp: every kind of object by its name
Operation rename_operation(const PgQuery__RenameStmt& rename);
Operation set_schema(const PgQuery__AlterObjectSchemaStmt& statement);
std::vector<Operation> drop_operations(const PgQuery__DropStmt& drop);
/// "audit.log", from whatever node names an object.
std::string object_name(const Node* object);
/// Of an object's name the part before the last: the table of a trigger.
std::string part_owner(const Node* object);

// ddl_objects.cpp and ddl_utility.cpp.  Returns: nothing for statements of other families.
std::vector<Operation> object_operations(const Node* statement);
std::vector<Operation> utility_operations(const Node* statement);

// ddl_types.cpp
Operation create_domain(const PgQuery__CreateDomainStmt& create);
Operation alter_domain(const PgQuery__AlterDomainStmt& alter);
Operation create_enum(const PgQuery__CreateEnumStmt& create);
Operation alter_enum(const PgQuery__AlterEnumStmt& alter);
Operation create_composite(const PgQuery__CompositeTypeStmt& create);
std::vector<Operation> alter_composite(const PgQuery__AlterTableStmt& alter);
Operation create_sequence(const PgQuery__CreateSeqStmt& create);
Operation alter_sequence(const PgQuery__AlterSeqStmt& alter);

/// A column with the table constraints written beside it.
struct ColumnDefinition {
  Column column;
  std::vector<Constraint> constraints;
  bool volatile_default = false, draws_uuid = false;
  std::string why_not;  ///< not empty: a part that is not modelled
};
ColumnDefinition column_definition(const std::string& table, const PgQuery__ColumnDef& definition);

/// A table constraint; `column` is the one it stands beside, or empty.
Constraint constraint_of(const std::string& table, const PgQuery__Constraint& definition, const std::string& column);
/// The column c of an expression `c IS NOT NULL`, else empty.
std::string column_proved_not_null(const Node* expression);
/// The index behind a PRIMARY KEY, UNIQUE or EXCLUDE constraint.
Index index_behind(const std::string& table, const Constraint& constraint);
bool has_index(const Constraint& constraint);

}  // namespace midflight::sql
