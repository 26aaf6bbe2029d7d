#include <algorithm>

#include "sim/rules/family.h"
#include "sim/rules/type_change.h"

// ALTER COLUMN ... TYPE: the rows, the indexes and the constraints of the column.
//
// Source: PostgreSQL manual, ALTER TABLE, "Notes"; new files, scans and locks
//         observed on PostgreSQL 15.
// Scope:  a session's time zone is taken to be other than UTC: timestamp to
//         timestamptz rewrites.  Statistics and generated columns on the column
//         are not followed.

namespace midflight::rules {
namespace {

using enum LockMode;

bool holds(const Index& index, const std::string& column) {
  return std::find(index.columns.begin(), index.columns.end(), column) != index.columns.end();
}

/// A domain is its base type, and checks each row if it has conditions.
struct BaseType {
  std::string name;
  bool checked = false;
};

BaseType base_of(const Schema& schema, const std::string& type) {
  BaseType base{type};
  // No domain stands on more domains than there are.
  for (std::size_t depth = 0; depth <= schema.domains.size(); ++depth) {
    const Domain* domain = schema.domain(base.name);
    if (!domain) return base;
    base.name = domain->type;
    base.checked = base.checked || domain->not_null || !domain->constraints.empty();
  }
  return base;
}

/// The server does not look through a domain for a length: any that the new type has is applied row by row.
std::string type_before(const Schema& schema, const std::string& type) {
  const std::string base = base_of(schema, type).name;
  return base == type ? base : base.substr(0, base.find('('));
}

bool rewrites(const AlterColumnType& op, const Column& column, const Schema& schema) {
  const BaseType to = base_of(schema, op.type);
  if (to.checked && op.type != column.type) return true;
  if (op.type == column.type && op.using_sql.empty()) return false;
  return !is_metadata_only_type_change(type_before(schema, column.type), to.name, op.using_sql, op.column);
}

// An index is made again with the column; its file can stay where order and
// equality do, which the server sees for plain columns of a table of its own.
bool index_keeps_file(const Index& index, const AlterColumnType& op, const Column& column, const Schema& schema) {
  if (index.computed || !index.parent.empty()) return false;
  return op.collation == column.collation &&
         orders_alike(base_of(schema, column.type).name, base_of(schema, op.type).name);
}

void remake_indexes(LocksAndWork& result, const AlterColumnType& op, const Column& column, const Table& table,
                    bool rewritten, const Schema& schema) {
  for (const Index& index : table.indexes) {
    if (!holds(index, op.column)) continue;
    lock(result, index.relation(), AccessExclusiveLock);
    if (!rewritten && !index_keeps_file(index, op, column, schema)) merge(result, one_phase({}, {index_build_of(op.table, index.columns, schema)}));
  }
}

// A CHECK reads every row even where the type changes for free; a foreign key
// is checked again when the rows are written anew.
void remake_constraints(LocksAndWork& result, const AlterColumnType& op, const Table& table, bool rewritten, const Schema& schema) {
  for (const Constraint& c : table.constraints) {
    if (c.kind == ConstraintKind::Check && c.valid && uses_column(c, op.column)) merge(result, one_phase({}, {scan_of(op.table)}));
  }
  for (const Tie& tie : ties_of_column(schema, op.table, op.column)) {
    lock_tie(result, schema, tie, AccessExclusiveLock);
    if (rewritten && tie.valid) merge(result, one_phase({}, {reference_scan_of(tie.referencing, tie.referenced)}));
  }
}

}  // namespace

LocksAndWork postgresql(const AlterColumnType& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Table* table = context.schema.table(op.table);
  const Column* column = table ? table->column(op.column) : nullptr;
  if (!column) return result;
  const bool rewritten = rewrites(op, *column, context.schema);
  if (rewritten) merge(result, rewriting(op.table, context.schema));
  remake_indexes(result, op, *column, *table, rewritten, context.schema);
  remake_constraints(result, op, *table, rewritten, context.schema);
  for (const std::string& sequence : context.schema.owned_sequences(op.table, op.column)) {
    if (column->identity_clause) lock(result, sequence, ShareRowExclusiveLock);  // gets the type too
  }
  return result;
}

}  // namespace midflight::rules
