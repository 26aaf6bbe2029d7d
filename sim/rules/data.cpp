#include <algorithm>

#include "sim/model/default_sequence.h"
#include "sim/model/sql_text.h"
#include "sim/rules/family.h"
#include "sim/rules/sqlite.h"
#include "sim/rules/unique_key.h"

// Source: PostgreSQL manual, "Explicit Locking"; CREATE VIEW, "Updatable Views";
//         foreign-key checks read the other table FOR KEY SHARE (RowShareLock).
// Scope:  LIMIT, joins and partial conditions are not followed: a statement
//         finds a few rows by its key or changes every row.  Partitions are not
//         pruned: a condition on the key locks all of them here, one of them on
//         the server.  Triggers and rewrite rules are left out.  The bound of a
//         partition is read once by each session; here, every time.

namespace midflight::rules {
namespace {

bool intersects(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& x) { return std::find(b.begin(), b.end(), x) != b.end(); });
}

/// What a statement does to the rows of a relation.
struct Changes {
  bool inserts = false, updates = false, deletes = false;
};

Changes changes_of(StatementKind kind, const Access& access) {
  if (access.inserts || access.updates || access.deletes) return {access.inserts, access.updates, access.deletes};
  if (access.mode < LockMode::RowExclusiveLock) return {};
  return {kind == StatementKind::Insert, kind == StatementKind::Update, kind == StatementKind::Delete};
}

/// A table with what is below it; rows inserted into a parent stay there,
/// those of a partitioned table go to a partition that only the row decides.
void lock_table(std::vector<RelationLock>& locks, const Table& table, const Access& access, const Schema& schema) {
  add_lock(locks, {table.name, access.mode});
  const bool stays = access.inserts && !access.updates && !access.deletes && table.kind != TableKind::Partitioned;
  if (access.only || stays) return;
  for (const std::string& heir : schema.heirs(table.name)) add_lock(locks, {heir, access.mode});
}

/// A view over one other view: the server lets writes through it, or refuses them.
bool is_over_one_view(const View& view, const Schema& schema) {
  const bool has_trigger = std::any_of(schema.triggers.begin(), schema.triggers.end(), [&](const Trigger& t) { return t.table == view.name; });
  return view.reads.size() == 1 && schema.view(view.reads.front().relation) != nullptr && !has_trigger;
}

/// Where rows that are written through a relation lie; null where that is not known.
const Table* written_table(std::string_view relation, const Schema& schema) {
  const View* view = schema.view(relation);
  for (std::size_t depth = 0; view != nullptr && is_over_one_view(*view, schema) && depth <= schema.views.size(); ++depth) {
    relation = view->reads.front().relation;
    view = schema.view(relation);
  }
  return schema.base_table(relation);
}

// A simple view passes the statement on to its table, with the same lock; what
// else a view reads is read.
void lock_relation(std::vector<RelationLock>& locks, const Access& access, const Schema& schema, std::size_t depth = 0) {
  if (const Table* table = schema.table(access.relation)) return lock_table(locks, *table, access, schema);
  add_lock(locks, {access.relation, access.mode});
  const View* view = schema.view(access.relation);
  if (!view || depth > schema.views.size()) return;
  Access below;
  for (const Reading& reading : view->reads) {
    below.relation = reading.relation;
    const bool passed_on = reading.relation == view->table || is_over_one_view(*view, schema) || access.mode <= LockMode::RowShareLock;
    below.mode = passed_on ? access.mode : LockMode::AccessShareLock;
    lock_relation(locks, below, schema, depth + 1);
  }
  if (view->table.empty() || !view->reads.empty()) return;
  below.relation = view->table;
  below.mode = access.mode;
  lock_relation(locks, below, schema, depth + 1);
}

/// REFERENCES t without columns means its primary key.
std::vector<std::string> referenced_columns(const Constraint& foreign_key, const Table& referenced) {
  return foreign_key.referenced_columns.empty() ? referenced.primary_key() : foreign_key.referenced_columns;
}

/// Foreign keys of a changed table: a new reference is looked up in the other table.
void lock_parents(std::vector<RelationLock>& locks, const Changes& changes, const std::vector<std::string>& writes, const Table& written) {
  for (const Constraint& c : written.constraints) {
    if (c.kind != ConstraintKind::ForeignKey) continue;
    if (changes.inserts || (changes.updates && intersects(writes, c.columns))) add_lock(locks, {c.referenced_table, LockMode::RowShareLock});
  }
}

/// Rows that others refer to: these are looked up, or change with them.
void lock_children(std::vector<RelationLock>& locks, const Changes& changes, const std::vector<std::string>& writes,
                   const Table& written, const Schema& schema) {
  if (!changes.deletes && (!changes.updates || changes.inserts)) return;
  for (const Table& other : schema.tables) {
    for (const Constraint& c : other.constraints) {
      if (c.kind != ConstraintKind::ForeignKey || c.referenced_table != written.name) continue;
      // Of INSERT ... ON CONFLICT and MERGE the columns of both parts are one list: their keys count as kept.
      const bool keys_change = changes.updates && !changes.inserts && intersects(writes, referenced_columns(c, written));
      if (!changes.deletes && !keys_change) continue;
      const bool follows = (changes.deletes && c.delete_writes) || (keys_change && c.update_writes);
      const LockMode mode = follows ? LockMode::RowExclusiveLock : LockMode::RowShareLock;
      const bool known = std::any_of(locks.begin(), locks.end(), [&](const RelationLock& l) { return l.relation == other.name && l.mode >= mode; });
      add_lock(locks, {other.name, mode});
      if (follows && !known) lock_children(locks, {false, false, changes.deletes}, {}, other, schema);
    }
  }
}

/// A number that the row does not bring comes from the table's sequence, or from the one that its default names.
void lock_sequences(std::vector<RelationLock>& locks, const Access& access, const Table& written, const Schema& schema) {
  for (const Sequence& sequence : schema.sequences) {
    const bool given = std::find(access.writes.begin(), access.writes.end(), sequence.owner_column) != access.writes.end();
    if (sequence.owner_table == written.name && !given) add_lock(locks, {sequence.name, LockMode::RowExclusiveLock});
  }
  for (const Column& column : written.columns) {
    if (!column.default_sql || std::find(access.writes.begin(), access.writes.end(), column.name) != access.writes.end()) continue;
    const Sequence* shared = schema.sequence(default_sequence(*column.default_sql));
    if (shared != nullptr) add_lock(locks, {shared->name, LockMode::RowExclusiveLock});
  }
}

void lock_partners(std::vector<RelationLock>& locks, StatementKind kind, const Access& access, const Schema& schema) {
  const Table* written = written_table(access.relation, schema);
  if (!written || access.mode < LockMode::RowExclusiveLock) return;
  const Changes changes = changes_of(kind, access);
  lock_parents(locks, changes, access.writes, *written);
  lock_children(locks, changes, access.writes, *written, schema);
  if (changes.inserts) lock_sequences(locks, access, *written, schema);
}

bool is_found_by_index(const Access& access, const Table& table) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& index) {
    return index.valid && !index.columns.empty() &&
           std::find(access.key.begin(), access.key.end(), index.columns.front()) != access.key.end();
  }) || (!table.primary_key().empty() && intersects(access.key, {table.primary_key().front()}));
}

Work update_of(const Table& table, std::int64_t rows) {
  Work work{WorkKind::Update, table.name, 0, rows};
  count_indexes(work, table);
  return work;
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

/// MERGE ... WHEN NOT MATCHED THEN INSERT; COPY, which names no other relation, brings any number of rows.
bool merges_new_rows_alone(const Statement& statement, const Access& access) {
  return access.inserts && !access.updates && !access.deletes && statement.accesses.size() > 1;
}

void add_work_of(std::vector<Work>& work, const Statement& statement, const Access& access, const Table* table, const Schema& schema) {
  const bool writes = access.mode >= LockMode::RowExclusiveLock;
  const bool inserts = statement.kind == StatementKind::Insert && (access.inserts || (!access.updates && !access.deletes));
  if (writes && (inserts || merges_new_rows_alone(statement, access))) {
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

/// Sizes may be given for a partitioned table as a whole or for its partitions.
void add_work_below(std::vector<Work>& work, const Statement& statement, const Access& access, const Schema& schema) {
  const Table* table = written_table(access.relation, schema);
  if (!table) return;
  add_work_of(work, statement, access, table, schema);
  if (access.only || table->rows > 0 || changes_of(statement.kind, access).inserts) return;
  for (const std::string& heir : schema.heirs(table->name)) add_work_of(work, statement, access, schema.table(heir), schema);
}

/// A row that goes straight into a partition is compared with its bound; before
/// version 14 every change of rows there read it.
void lock_above(std::vector<RelationLock>& locks, const Statement& statement, const Access& access, const Context& context) {
  const Table* written = written_table(access.relation, context.schema);
  if (!written || access.mode < LockMode::RowExclusiveLock) return;
  if (!changes_of(statement.kind, access).inserts && context.dialect.version >= 14) return;
  add_bound_locks(locks, *written, context.schema);
}

bool uses_sequence(const SqlToken& token) {
  return is_word(token, "nextval") || is_word(token, "setval") || is_word(token, "currval");
}

/// nextval('numbers'): a function that names its sequence in a string.
void lock_named_sequences(std::vector<RelationLock>& locks, const Statement& statement, const Schema& schema) {
  if (schema.sequences.empty()) return;
  const std::vector<SqlToken> tokens = sql_tokens(statement.sql);
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (!uses_sequence(tokens[i]) || tokens[i + 1].text != "(" || tokens[i + 2].kind != SqlTokenKind::String) continue;
    const std::string_view quoted = tokens[i + 2].text;
    if (quoted.size() < 3 || quoted.front() != '\'') continue;
    const Sequence* named = schema.sequence(quoted.substr(1, quoted.size() - 2));
    if (named) add_lock(locks, {named->name, LockMode::RowExclusiveLock});
  }
}

}  // namespace

LocksAndWork data_locks_and_work(const Statement& statement, const Context& context) {
  std::vector<RelationLock> locks;
  std::vector<Work> work;
  for (const Access& access : statement.accesses) lock_relation(locks, access, context.schema);
  for (const Access& access : statement.accesses) {
    lock_partners(locks, statement.kind, access, context.schema);
    lock_above(locks, statement, access, context);
    add_work_below(work, statement, access, context.schema);
  }
  lock_named_sequences(locks, statement, context.schema);
  if (context.dialect.engine == Engine::Sqlite) locks = {sqlite_lock(locks)};
  return one_phase(std::move(locks), std::move(work));
}

}  // namespace midflight::rules
