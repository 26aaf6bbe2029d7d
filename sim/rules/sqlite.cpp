#include "sim/rules/sqlite.h"

#include <algorithm>

#include "sim/rules/family.h"

// Source: sqlite.org/lang_altertable.html (3.40), lockingv3.html, wal.html.
// Scope:  the pages a DROP TABLE or DROP INDEX frees are not costed; an ADD
//         COLUMN whose default calls a function (now()) counts as native.

namespace midflight::rules {
namespace {

bool uses(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// The engine's own DROP COLUMN writes every row again but no index.
bool drops_natively(const DropColumn& op, const Schema& schema) {
  const Table* table = schema.table(op.table);
  if (!table) return true;
  return std::none_of(table->constraints.begin(), table->constraints.end(),
                      [&](const Constraint& c) { return uses(c.columns, op.column); }) &&
         std::none_of(table->indexes.begin(), table->indexes.end(), [&](const Index& i) { return uses(i.columns, op.column); });
}

bool adds_natively(const AddColumn& op) {
  const Column& column = op.column;
  return op.constraints.empty() && !op.volatile_default && !column.identity && !column.generated &&
         (!column.not_null || column.default_sql);
}

/// The key that numbers rows is the table itself: no index to build.
bool is_rowid(const Index& index, const Table& table) {
  const std::vector<std::string> key = table.primary_key();
  const Column* column = key.size() == 1 ? table.column(key[0]) : nullptr;
  return column && column->identity && index.constraint && index.columns == key;
}

int indexes_built(const Table& table) {
  return static_cast<int>(std::count_if(table.indexes.begin(), table.indexes.end(),
                                        [&](const Index& index) { return !is_rowid(index, table); }));
}

// What the engine's own ALTER TABLE cannot do is a rebuild: create, copy, drop, rename.
struct SqliteRules {
  const Context& context;

  static LocksAndWork locked(Work work) { return one_phase({{kSqliteDatabase, LockMode::ExclusiveLock}}, {std::move(work)}); }
  static LocksAndWork metadata(const std::string& table) { return locked(metadata_of(table)); }
  /// The engine has no such statement, and none is sent.
  static LocksAndWork nothing() { return one_phase({}, {}); }
  LocksAndWork rebuild(const std::string& table) const {
    const Table* known = context.schema.table(table);
    return locked({WorkKind::Rewrite, table, known ? indexes_built(*known) : 0});
  }

  LocksAndWork operator()(const AddColumn& op) const { return adds_natively(op) ? metadata(op.table) : rebuild(op.table); }
  LocksAndWork operator()(const DropColumn& op) const {
    return drops_natively(op, context.schema) ? locked({WorkKind::Rewrite, op.table}) : rebuild(op.table);
  }
  LocksAndWork operator()(const RenameColumn& op) const { return metadata(op.table); }
  LocksAndWork operator()(const RenameTable& op) const { return metadata(op.from); }
  LocksAndWork operator()(const RenameIndex& op) const {
    const Index* index = context.schema.index(op.from);  // no ALTER INDEX: made again
    if (index && index->constraint) return nothing();
    return locked(index_build_of(index ? index->table : op.from, index ? index->columns : std::vector<std::string>{}, context.schema));
  }
  LocksAndWork operator()(const AddConstraint& op) const {
    return op.using_index.empty() ? rebuild(op.table) : nothing();  // a unique index is the constraint already
  }
  LocksAndWork operator()(const ValidateConstraint&) const { return nothing(); }  // the rebuild has read every row
  LocksAndWork operator()(const CreateIndex& op) const {
    const bool exists = op.if_not_exists && context.schema.index(op.index.name);
    return exists ? metadata(op.index.table) : locked(index_build_of(op.index.table, op.index.columns, context.schema));
  }
  LocksAndWork operator()(const DropIndex& op) const { return metadata(op.index); }
  LocksAndWork operator()(const CreateTable& op) const { return metadata(op.table.name); }
  LocksAndWork operator()(const DropTable& op) const { return metadata(op.table); }
  LocksAndWork operator()(const Truncate& op) const { return locked({WorkKind::Update, op.tables.empty() ? "" : op.tables.front()}); }
  LocksAndWork operator()(const AttachPartition&) const { return not_understood("SQLite has no partitions"); }
  LocksAndWork operator()(const DetachPartition&) const { return not_understood("SQLite has no partitions"); }
  LocksAndWork operator()(const ChangeInheritance&) const { return not_understood("SQLite has no inheritance"); }
  LocksAndWork operator()(const SetSchema&) const { return not_understood("SQLite has no SET SCHEMA"); }
  LocksAndWork operator()(const ChangeStorage&) const { return nothing(); }
  LocksAndWork operator()(const RelationSetting&) const { return nothing(); }
  LocksAndWork operator()(const CreateView& op) const { return metadata(op.view.name); }
  LocksAndWork operator()(const DropView& op) const { return metadata(op.view); }
  LocksAndWork operator()(const CreateTrigger& op) const { return metadata(op.trigger.table); }
  LocksAndWork operator()(const DropTrigger& op) const { return metadata(op.table); }
  LocksAndWork operator()(const RenameTrigger&) const { return nothing(); }
  LocksAndWork operator()(const Reindex&) const { return nothing(); }
  LocksAndWork operator()(const CreateStatistics&) const { return nothing(); }
  LocksAndWork operator()(const DropStatistics&) const { return nothing(); }
  LocksAndWork operator()(const Maintenance&) const { return nothing(); }
  LocksAndWork operator()(const LockTables&) const { return nothing(); }
  LocksAndWork operator()(const DataStatement&) const { return nothing(); }
  LocksAndWork operator()(const Harmless&) const { return nothing(); }
  LocksAndWork operator()(const Opaque& op) const { return not_understood(op.why); }
  /// NOT NULL, defaults, types and constraints are part of a table's text.
  template <class Op>
  LocksAndWork operator()(const Op& op) const {
    if constexpr (requires { op.table; }) return rebuild(op.table);
    else return not_understood("SQLite has no types, sequences, schemas and materialized views");
  }
};

}  // namespace

RelationLock sqlite_lock(const std::vector<RelationLock>& locks) {
  const bool writes = std::any_of(locks.begin(), locks.end(),
                                  [](const RelationLock& lock) { return lock.mode >= LockMode::RowExclusiveLock; });
  return {kSqliteDatabase, writes ? LockMode::ExclusiveLock : LockMode::AccessShareLock};
}

LocksAndWork sqlite(const Operation& operation, const Context& context) {
  return std::visit(SqliteRules{context}, operation);
}

}  // namespace midflight::rules
