#include "sim/rules/sqlite.h"

#include <algorithm>

#include "sim/rules/family.h"

// Source: sqlite.org/lang_altertable.html (3.40), lockingv3.html, wal.html.
// Scope:  the pages a DROP TABLE or DROP INDEX frees are not costed; CHECKs of an
//         ADD COLUMN read every row, as SQLite tests them.

namespace midflight::rules {
namespace {

// What the engine's own ALTER TABLE cannot do is a rebuild: create, copy, drop, rename.
struct SqliteWork {
  const Context& context;

  Work metadata(const std::string& table) const { return metadata_of(table); }
  Work rebuild(const std::string& table) const { return rewrite_of(table, context.schema); }

  Work operator()(const AddColumn& op) const {
    const bool native = !op.volatile_default && !op.column.identity && !op.column.generated &&
                        (!op.column.not_null || op.column.default_sql) &&
                        std::none_of(op.constraints.begin(), op.constraints.end(), needs_index);
    if (!native) return rebuild(op.table);
    return op.constraints.empty() ? metadata(op.table) : scan_of(op.table);
  }
  Work operator()(const DropColumn& op) const { return rebuild(op.table); }
  Work operator()(const RenameColumn& op) const { return metadata(op.table); }
  Work operator()(const RenameTable& op) const { return metadata(op.from); }
  Work operator()(const RenameIndex& op) const {
    const Index* index = context.schema.index(op.from);  // no ALTER INDEX: made again
    return index_build_of(index ? index->table : op.from);
  }
  Work operator()(const RenameConstraint& op) const { return rebuild(op.table); }
  Work operator()(const AlterColumnType& op) const { return rebuild(op.table); }
  Work operator()(const SetNotNull& op) const { return rebuild(op.table); }
  Work operator()(const DropNotNull& op) const { return rebuild(op.table); }
  Work operator()(const SetDefault& op) const { return rebuild(op.table); }
  Work operator()(const AddConstraint& op) const { return rebuild(op.table); }
  Work operator()(const ValidateConstraint& op) const { return rebuild(op.table); }
  Work operator()(const DropConstraint& op) const { return rebuild(op.table); }
  Work operator()(const CreateIndex& op) const {
    return op.if_not_exists && context.schema.index(op.index.name) ? metadata(op.index.table) : index_build_of(op.index.table);
  }
  Work operator()(const DropIndex& op) const { return metadata(op.index); }
  Work operator()(const CreateTable& op) const { return metadata(op.table.name); }
  Work operator()(const DropTable& op) const { return metadata(op.table); }
  Work operator()(const CreateView& op) const { return metadata(op.view.name); }
  Work operator()(const DropView& op) const { return metadata(op.view); }
  Work operator()(const CreateTrigger& op) const { return metadata(op.trigger.table); }
  Work operator()(const DropTrigger& op) const { return metadata(op.table); }
  Work operator()(const DataStatement&) const { return {}; }
  Work operator()(const Harmless&) const { return {}; }
  Work operator()(const Opaque&) const { return {}; }

  static bool needs_index(const Constraint& c) {
    return c.kind == ConstraintKind::Unique || c.kind == ConstraintKind::PrimaryKey || c.kind == ConstraintKind::Exclude;
  }
};

}  // namespace

RelationLock sqlite_lock(const std::vector<RelationLock>& locks) {
  const bool writes = std::any_of(locks.begin(), locks.end(),
                                  [](const RelationLock& lock) { return lock.mode >= LockMode::RowExclusiveLock; });
  return {kSqliteDatabase, writes ? LockMode::ExclusiveLock : LockMode::AccessShareLock};
}

LocksAndWork sqlite(const Operation& operation, const Context& context) {
  return one_phase({{kSqliteDatabase, LockMode::ExclusiveLock}}, {std::visit(SqliteWork{context}, operation)});
}

}  // namespace midflight::rules
