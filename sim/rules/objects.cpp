#include <algorithm>

#include "sim/rules/family.h"

// Source: PostgreSQL manual, ALTER SEQUENCE, CREATE STATISTICS, DROP SCHEMA; locks
//         observed on PostgreSQL 15.

namespace midflight::rules {
namespace {

bool in_schema(const std::string& relation, const std::string& schema) { return schema_of(relation) == schema; }

void add_owner(LocksAndWork& result, const Sequence& sequence) {
  if (!sequence.owner_table.empty()) add_lock(result.phases.front().locks, {sequence.owner_table, LockMode::AccessShareLock});
}

/// Tables whose defaults take numbers from the sequence.
std::vector<std::string> users_of(const Schema& schema, const Sequence& sequence) {
  std::vector<std::string> tables;
  for (const Table& table : schema.tables) {
    const bool uses = std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
      const bool own = column.identity && sequence.owner_table == table.name && sequence.owner_column == column.name;
      return own || (column.default_sql && column.default_sql->find("nextval('" + sequence.name + "'") != std::string::npos);
    });
    if (uses) tables.push_back(table.name);
  }
  return tables;
}

}  // namespace

LocksAndWork postgresql(const CreateSequence& op, const Context&) {
  LocksAndWork result = one_phase({}, {metadata_of(op.sequence.name)});
  add_owner(result, op.sequence);
  return result;
}

LocksAndWork postgresql(const ChangeSequence& op, const Context& context) {
  if (op.if_exists && !context.schema.sequence(op.sequence.name)) return one_phase({}, {});
  LocksAndWork result = one_phase({{op.sequence.name, LockMode::ShareRowExclusiveLock}}, {metadata_of(op.sequence.name)});
  add_owner(result, op.sequence);
  return result;
}

LocksAndWork postgresql(const DropSequence& op, const Context& context) {
  const Sequence* sequence = context.schema.sequence(op.sequence);
  if (op.if_exists && !sequence) return one_phase({}, {});
  LocksAndWork result = exclusive_metadata(op.sequence);
  if (!op.cascade || !sequence) return result;
  for (const std::string& table : users_of(context.schema, *sequence)) merge(result, exclusive_metadata(table));
  return result;
}

LocksAndWork postgresql(const CreateStatistics& op, const Context&) {
  return one_phase({{op.statistics.table, LockMode::ShareUpdateExclusiveLock}}, {metadata_of(op.statistics.table)});
}

LocksAndWork postgresql(const DropStatistics& op, const Context& context) {
  for (const Statistics& known : context.schema.statistics) {
    if (known.name == op.statistics) return postgresql(CreateStatistics{known}, context);
  }
  return one_phase({}, {});
}

LocksAndWork postgresql(const DropSchema& op, const Context& context) {
  LocksAndWork result = one_phase({}, {});
  if (!op.cascade) return result;
  for (const Table& table : context.schema.tables) {
    if (in_schema(table.name, op.schema)) merge(result, postgresql(DropTable{table.name, true, true}, context));
  }
  for (const View& view : context.schema.views) {
    if (in_schema(view.name, op.schema)) merge(result, postgresql(DropView{view.name, true, true}, context));
  }
  for (const Sequence& sequence : context.schema.sequences) {
    if (in_schema(sequence.name, op.schema)) merge(result, postgresql(DropSequence{sequence.name, true, true}, context));
  }
  return result;
}

// The relations are locked one after the other, and moved in one transaction.
LocksAndWork postgresql(const MoveAll& op, const Context& context) {
  LocksAndWork result = one_phase({}, {});
  if (op.from == op.to) return result;
  for (const Table& table : context.schema.tables) {
    if (lies_in(table, op)) merge(result, postgresql(ChangeStorage{table.name, StorageChange::Tablespace, op.to}, context));
  }
  return result;
}

// Source: PostgreSQL 18, observed.
LocksAndWork postgresql(const EnforceConstraint& op, const Context& context) {
  LocksAndWork result = exclusive_metadata(op.table);
  const Constraint* known = find_constraint(context.schema, op.table, op.constraint);
  if (!known) return result;
  lock(result, known->referenced_table, LockMode::ShareRowExclusiveLock);
  merge(result, one_phase({}, {scan_of(op.table)}));
  return result;
}

LocksAndWork postgresql(const CreateSchema&, const Context&) { return one_phase({}, {}); }
LocksAndWork postgresql(const RenameSchema&, const Context&) { return one_phase({}, {}); }

}  // namespace midflight::rules
