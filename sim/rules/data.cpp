#include <algorithm>

#include "sim/rules/family.h"
#include "sim/rules/sqlite.h"
#include "sim/rules/unique_key.h"

// Source: PostgreSQL manual, "Explicit Locking"; CREATE VIEW, "Updatable Views";
//         foreign-key checks read the other table FOR KEY SHARE (RowShareLock).
// Scope:  LIMIT, joins and partial conditions are not followed: a statement
//         finds a few rows by its key or changes every row.  ON DELETE actions are left
//         out, and so are triggers.

namespace midflight::rules {
namespace {

bool intersects(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& x) { return std::find(b.begin(), b.end(), x) != b.end(); });
}

// A simple view passes the statement on to its table, with the same lock.
void lock_relation(std::vector<RelationLock>& locks, const Access& access, const Schema& schema) {
  add_lock(locks, {access.relation, access.mode});
  const Table* base = schema.base_table(access.relation);
  if (base && base->name != access.relation) add_lock(locks, {base->name, access.mode});
}

bool checks_parent(StatementKind kind, const Access& access, const Constraint& foreign_key) {
  if (kind == StatementKind::Insert) return true;
  return kind == StatementKind::Update && intersects(access.writes, foreign_key.columns);
}

bool checks_children(StatementKind kind, const Access& access, const Constraint& foreign_key) {
  if (kind == StatementKind::Delete) return true;
  return kind == StatementKind::Update && intersects(access.writes, foreign_key.referenced_columns);
}

void lock_foreign_key_partners(std::vector<RelationLock>& locks, StatementKind kind, const Access& access,
                               const Schema& schema) {
  const Table* written = schema.base_table(access.relation);
  if (!written || access.mode < LockMode::RowExclusiveLock) return;
  for (const Table& other : schema.tables) {
    for (const Constraint& c : other.constraints) {
      if (c.kind != ConstraintKind::ForeignKey) continue;
      if (&other == written && checks_parent(kind, access, c)) add_lock(locks, {c.referenced_table, LockMode::RowShareLock});
      if (c.referenced_table == written->name && checks_children(kind, access, c)) add_lock(locks, {other.name, LockMode::RowShareLock});
    }
  }
}

bool is_found_by_index(const Access& access, const Table& table) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& index) {
    return index.valid && !index.columns.empty() &&
           std::find(access.key.begin(), access.key.end(), index.columns.front()) != access.key.end();
  }) || (!table.primary_key().empty() && intersects(access.key, {table.primary_key().front()}));
}

Work update_of(const Table& table, std::int64_t rows) {
  return {WorkKind::Update, table.name, static_cast<int>(table.indexes.size()), rows};
}

// INSERT ... SELECT writes about as many rows as it reads.
std::int64_t inserted_rows(const Statement& statement, const Schema& schema) {
  std::int64_t rows = 1;
  for (const Access& access : statement.accesses) {
    const Table* source = schema.base_table(access.relation);
    if (source && access.mode < LockMode::RowExclusiveLock && access.key.empty()) rows = std::max(rows, source->rows);
  }
  return rows;
}

// A parameter is an application's way to name a few rows; a constant that is no
// key is a migration's way to name any number of them.
bool finds_few_rows(const Statement& statement, const Access& access, const Table& table) {
  if (access.key.empty()) return false;
  return statement.parameters > 0 || finds_one_row(access, table);
}

void add_work_of(std::vector<Work>& work, const Statement& statement, const Access& access, const Schema& schema) {
  const Table* table = schema.base_table(access.relation);
  if (!table) return;
  const bool writes = access.mode >= LockMode::RowExclusiveLock;
  if (writes && statement.kind == StatementKind::Insert) {
    work.push_back(update_of(*table, inserted_rows(statement, schema)));
    return;
  }
  const bool few = finds_few_rows(statement, access, *table);
  if (writes && !few) {
    work.push_back(update_of(*table, kAllRows));
    return;
  }
  if (!is_found_by_index(access, *table)) work.push_back(scan_of(table->name));
  if (writes) work.push_back(update_of(*table, 1));
}

}  // namespace

LocksAndWork data_locks_and_work(const Statement& statement, const Context& context) {
  std::vector<RelationLock> locks;
  std::vector<Work> work;
  for (const Access& access : statement.accesses) lock_relation(locks, access, context.schema);
  for (const Access& access : statement.accesses) {
    lock_foreign_key_partners(locks, statement.kind, access, context.schema);
    add_work_of(work, statement, access, context.schema);
  }
  if (context.dialect.engine == Engine::Sqlite) locks = {sqlite_lock(locks)};
  return one_phase(std::move(locks), std::move(work));
}

}  // namespace midflight::rules
