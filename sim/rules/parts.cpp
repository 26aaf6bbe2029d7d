#include <algorithm>

#include "sim/rules/family.h"
#include "sim/rules/partition_bound.h"

namespace midflight::rules {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_text(const std::string& type) {
  for (const char* prefix : {"text", "character", "varchar", "citext", "name"}) {
    if (type.rfind(prefix, 0) == 0) return true;
  }
  return false;
}

/// Text compares by collation: an index on it takes several times as long as one on numbers.
bool has_text(const Table& table, const std::vector<std::string>& columns) {
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const Column* column = table.column(name);
    return column && is_text(column->type);
  });
}

/// Rows lie about in the order of such a column: they are numbered as they come.
bool numbers_rows(const Table& table, const std::vector<std::string>& columns) {
  const Column* first = columns.empty() ? nullptr : table.column(columns.front());
  if (!first || (first->type != "smallint" && first->type != "integer" && first->type != "bigint")) return false;
  return !has_text(table, columns) && (first->identity || table.primary_key() == std::vector<std::string>{first->name});
}

bool has_work(const Phase& phase, WorkKind kind, const std::string& relation) {
  return std::any_of(phase.work.begin(), phase.work.end(),
                     [&](const Work& w) { return w.kind == kind && w.relation == relation; });
}

// A rewrite reads every row anyway, so a scan beside it costs nothing extra;
// catalog changes disappear beside any pass over the rows.
bool is_included(const Work& work, const Phase& phase) {
  if (work.kind == WorkKind::IndexBuild || work.kind == WorkKind::Update || !work.looked_up.empty() || work.against_index) return false;
  if (has_work(phase, WorkKind::Rewrite, work.relation)) return true;
  if (work.kind == WorkKind::Rewrite) return false;
  if (has_work(phase, WorkKind::Scan, work.relation)) return true;
  if (work.kind == WorkKind::Scan) return false;
  return std::any_of(phase.work.begin(), phase.work.end(), [&](const Work& w) { return w.relation == work.relation; });
}

/// Columns added by one rewrite draw their values in the same pass.
void join_uuids(Phase& phase, const Work& work) {
  for (Work& known : phase.work) {
    if (known.kind == WorkKind::Rewrite && known.relation == work.relation) known.uuids += work.uuids;
  }
}

void add_work(Phase& phase, const Work& work) {
  if (work.uuids > 0) join_uuids(phase, work);
  if (is_included(work, phase)) return;
  Phase alone;
  alone.work = {work};
  std::erase_if(phase.work, [&](const Work& w) { return is_included(w, alone); });
  phase.work.push_back(work);
}

/// REFERENCES t without columns means its primary key.
std::vector<std::string> referenced_columns(const Schema& schema, const Constraint& foreign_key) {
  if (!foreign_key.referenced_columns.empty()) return foreign_key.referenced_columns;
  const Table* table = schema.table(foreign_key.referenced_table);
  return table ? table->primary_key() : std::vector<std::string>{};
}

bool same_set(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

bool is_plain(const LocksAndWork& all) {
  return all.phases.size() == 1 && all.phases.front().wait == PhaseWait::None;
}

}  // namespace

LocksAndWork one_phase(std::vector<RelationLock> locks, std::vector<Work> work) {
  LocksAndWork result;
  Phase phase;
  for (const RelationLock& lock : locks) add_lock(phase.locks, lock);
  phase.work = std::move(work);
  result.phases.push_back(std::move(phase));
  return result;
}

void lock(LocksAndWork& result, const std::string& relation, LockMode mode) {
  if (!relation.empty()) add_lock(result.phases.front().locks, {relation, mode});
}

void lock_tree(LocksAndWork& result, const Schema& schema, const std::string& relation, LockMode mode) {
  lock(result, relation, mode);
  for (const std::string& heir : schema.heirs(relation)) lock(result, heir, mode);
}

void lock_indexes(LocksAndWork& result, const Schema& schema, const std::string& table, LockMode mode) {
  const Table* known = schema.table(table);
  if (!known) return;
  for (const Index& index : known->indexes) lock(result, index.relation(), mode);
}

LocksAndWork rewriting(const std::string& table, const Schema& schema) {
  LocksAndWork result = one_phase({}, {rewrite_of(table, schema)});
  const Table* known = schema.table(table);
  if (known && known->kind != TableKind::Partitioned) lock_indexes(result, schema, table, LockMode::AccessExclusiveLock);
  return result;
}

LocksAndWork exclusive_metadata(const std::string& relation) {
  return one_phase({{relation, LockMode::AccessExclusiveLock}}, {metadata_of(relation)});
}

LocksAndWork not_understood(std::string why) {
  LocksAndWork result;
  result.understood = false;
  result.why_not = std::move(why);
  return result;
}

void add_lock(std::vector<RelationLock>& locks, const RelationLock& lock) {
  for (RelationLock& held : locks) {
    if (held.relation != lock.relation) continue;
    held.mode = std::max(held.mode, lock.mode);
    return;
  }
  locks.push_back(lock);
}

void merge(LocksAndWork& into, const LocksAndWork& part) {
  into.transaction_forbidden |= part.transaction_forbidden;
  if (!part.understood && into.understood) {
    into.understood = false;
    into.why_not = part.why_not;
  }
  if (!is_plain(into) || !is_plain(part)) {
    into.phases.insert(into.phases.end(), part.phases.begin(), part.phases.end());
    return;
  }
  Phase& phase = into.phases.front();
  for (const RelationLock& lock : part.phases.front().locks) add_lock(phase.locks, lock);
  for (const Work& work : part.phases.front().work) add_work(phase, work);
}

Phase waiting_phase(PhaseWait wait, std::vector<Work> work) {
  Phase phase;
  phase.wait = wait;
  phase.work = std::move(work);
  return phase;
}

std::string index_of(const std::string& table, const std::string& name) {
  Index index;
  index.name = name;
  index.table = table;
  return index.relation();
}

void add_index_locks(std::vector<RelationLock>& locks, const Table& table, LockMode mode) {
  for (const Index& index : table.indexes) add_lock(locks, {index.relation(), mode});
}

void add_bound_locks(std::vector<RelationLock>& locks, const Table& table, const Schema& schema) {
  if (table.bound.empty()) return;
  const std::string& parent = table.parents.front();
  add_lock(locks, {parent, LockMode::AccessShareLock});
  if (const Table* above = schema.table(parent)) add_bound_locks(locks, *above, schema);
}

std::vector<std::string> with_partitions(const Schema& schema, const std::string& table) {
  std::vector<std::string> all = {table};
  const Table* known = schema.table(table);
  if (!known || known->kind != TableKind::Partitioned) return all;
  for (const std::string& heir : schema.heirs(table)) all.push_back(heir);
  return all;
}

bool has_rows(const Schema& schema, const std::string& relation) {
  const Table* table = schema.table(relation);
  return !table || table->kind == TableKind::Ordinary || table->kind == TableKind::MaterializedView;
}

void add_read_locks(std::vector<RelationLock>& locks, const std::string& relation, LockMode mode, const Schema& schema) {
  // Each relation once per mode: a view may read one twice, and after CREATE OR REPLACE even itself.
  std::vector<RelationLock> all = {{relation, mode}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const RelationLock reader = all[i];
    add_lock(locks, reader);
    const View* view = schema.view(reader.relation);
    if (!view) continue;
    for (const Reading& read : view->reads) {
      const RelationLock below{read.relation, read.relation == view->table ? reader.mode : LockMode::AccessShareLock};
      if (std::find(all.begin(), all.end(), below) == all.end()) all.push_back(below);
    }
  }
}

Work metadata_of(const std::string& relation) { return {WorkKind::Metadata, relation}; }
Work scan_of(const std::string& relation) { return {WorkKind::Scan, relation}; }

Work reference_scan_of(const std::string& relation, const std::string& looked_up) {
  Work work = scan_of(relation);
  work.looked_up = looked_up;
  return work;
}

Work index_check_of(const std::string& table) {
  Work work = scan_of(table);
  work.against_index = true;
  return work;
}

Work index_build_of(const std::string& table) { return {WorkKind::IndexBuild, table}; }

Work index_build_of(const std::string& table, const std::vector<std::string>& columns, const Schema& schema) {
  Work work{WorkKind::IndexBuild, table};
  const Table* known = schema.table(table);
  work.text_indexes = known && has_text(*known, columns) ? 1 : 0;
  work.keys = known && numbers_rows(*known, columns) ? 1 : 0;
  return work;
}

void count_indexes(Work& work, const Table& table) {
  work.indexes = static_cast<int>(table.indexes.size());
  for (const Index& index : table.indexes) {
    work.text_indexes += has_text(table, index.columns) ? 1 : 0;
    work.keys += !index.computed && numbers_rows(table, index.columns) ? 1 : 0;
  }
}

Work rewrite_of(const std::string& table, const Schema& schema) {
  Work work{WorkKind::Rewrite, table};
  if (const Table* known = schema.table(table)) count_indexes(work, *known);
  return work;
}

bool proven_not_null(const Table& table, const std::string& column) {
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& c) {
    return c.kind == ConstraintKind::Check && c.valid && (c.proves_not_null == column || check_proves_not_null(c, column));
  });
}

bool uses_column(const Constraint& constraint, const std::string& column) {
  return contains(constraint.columns, column);
}

std::vector<Tie> ties_of_column(const Schema& schema, const std::string& table, const std::string& column) {
  std::vector<Tie> ties;
  for (const Table& other : schema.tables) {
    for (const Constraint& c : other.constraints) {
      if (c.kind != ConstraintKind::ForeignKey) continue;
      const bool from = other.name == table && uses_column(c, column);
      const bool onto = c.referenced_table == table && contains(referenced_columns(schema, c), column);
      if (from || onto) ties.push_back({other.name, c.referenced_table, c.valid});
    }
  }
  return ties;
}

std::vector<Tie> ties_of_key(const Schema& schema, const Table& table, const Constraint& key) {
  std::vector<Tie> ties;
  for (const Table& other : schema.tables) {
    for (const Constraint& c : other.constraints) {
      const bool rests = c.kind == ConstraintKind::ForeignKey && c.referenced_table == table.name && same_set(referenced_columns(schema, c), key.columns);
      if (rests) ties.push_back({other.name, table.name, c.valid});
    }
  }
  return ties;
}

void lock_tie(LocksAndWork& result, const Schema& schema, const Tie& tie, LockMode mode) {
  lock_tree(result, schema, tie.referencing, mode);
  lock_tree(result, schema, tie.referenced, mode);
}

const Constraint* find_constraint(const Schema& schema, const std::string& table, const std::string& name) {
  const Table* known = schema.table(table);
  if (!known) return nullptr;
  for (const Constraint& c : known->constraints) {
    if (c.name == name) return &c;
  }
  return nullptr;
}

}  // namespace midflight::rules
