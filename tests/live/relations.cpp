#include "tests/live/relations.h"

#include <string_view>

namespace midflight::live {
namespace {

using backends::TextRow;

std::string text(const TextRow& row, std::size_t column) { return row.at(column).value_or(""); }
int number(const TextRow& row, std::size_t column) { return std::stoi(row.at(column).value_or("0")); }

const char* const kUserRelations = R"(
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'f') AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast'))";

std::string relations_sql(Counters counters) {
  const std::string prefix = counters == Counters::OfTransaction ? "pg_stat_get_xact_" : "pg_stat_get_";
  return "SELECT c.oid, CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname, c.relkind,"
         " nullif(coalesce(pg_relation_filenode(c.oid), 0), 0), i.indrelid, " + prefix + "numscans(c.oid),"
         " pg_stat_get_vacuum_count(c.oid)" + kUserRelations;
}

LockMode mode_of(const std::string& name) {
  for (int mode = 0; mode < kLockModes; ++mode) {
    if (lock_mode_name(static_cast<LockMode>(mode)) == name) return static_cast<LockMode>(mode);
  }
  return LockMode::AccessShareLock;  // SIReadLock: a predicate lock, which blocks nobody
}

// Several index entries may pass a file on: a type change that keeps an index
// gives it a new oid and its old file.
std::set<std::string> files_of(const Relations& relations) {
  std::set<std::string> files;
  for (const auto& [oid, relation] : relations) files.insert(relation.file);
  return files;
}

void add_new_file(const Relations& before, const Relation& relation, const std::string& oid, Effects& effects) {
  if (relation.kind == 'i') {
    const auto table = before.find(relation.table);
    if (table != before.end()) ++effects.index_builds[table->second.name];
  } else if (relation.kind != 'S') {
    const auto known = before.find(oid);
    if (known != before.end()) effects.rewrites.emplace(known->second.name, 0);
  }
}

void move_builds_into_rewrites(Effects& effects) {
  for (auto& [relation, indexes] : effects.rewrites) {
    const auto builds = effects.index_builds.find(relation);
    if (builds == effects.index_builds.end()) continue;
    indexes += builds->second;
    effects.index_builds.erase(builds);
  }
}

void add_scan(const Relation& before, const Relation& after, Effects& effects) {
  if (before.kind == 'i' || effects.rewrites.contains(before.name)) return;
  const auto builds = effects.index_builds.find(before.name);
  const int explained = builds == effects.index_builds.end() ? 0 : builds->second;
  if (after.scans - before.scans > explained || after.vacuums > before.vacuums) effects.scans.insert(before.name);
}

/// `constraint` of: DEBUG:  validating foreign key constraint "constraint"
std::string validated_constraint(std::string_view notice) {
  constexpr std::string_view kBegin = "validating foreign key constraint \"";
  const auto at = notice.find(kBegin);
  if (at == std::string_view::npos) return "";
  notice.remove_prefix(at + kBegin.size());
  return std::string(notice.substr(0, notice.find("\"")));
}

}  // namespace

Relations read_relations(backends::PostgresConnection& session, Counters counters) {
  Relations relations;
  for (const TextRow& row : session.query(relations_sql(counters))) {
    relations[text(row, 0)] = {text(row, 1), text(row, 2).front(), text(row, 3), text(row, 4), number(row, 5), number(row, 6)};
  }
  return relations;
}

Locks read_locks(backends::PostgresConnection& session, const Relations& relations, int process, bool granted) {
  Locks locks;
  const auto rows = session.query("SELECT l.relation, l.mode FROM pg_locks l WHERE l.locktype = 'relation' AND l.pid = " +
                                  std::to_string(process) + " AND l.granted = " + (granted ? "true" : "false"));
  for (const TextRow& row : rows) {
    const auto known = relations.find(text(row, 0));
    if (known != relations.end()) strengthen(locks, known->second.name, mode_of(text(row, 1)));
  }
  return locks;
}

void compare_files(const Relations& before, const Relations& after, Effects& effects) {
  const std::set<std::string> old_files = files_of(before);
  for (const auto& [oid, relation] : after) {
    if (!relation.file.empty() && !old_files.contains(relation.file)) add_new_file(before, relation, oid, effects);
  }
  move_builds_into_rewrites(effects);
  for (const auto& [oid, relation] : after) {
    const auto known = before.find(oid);
    if (known != before.end()) add_scan(known->second, relation, effects);
  }
}

std::set<std::string> validated_tables(backends::PostgresConnection& session, const std::vector<std::string>& notices) {
  std::set<std::string> oids;
  for (const std::string& notice : notices) {
    const std::string name = validated_constraint(notice);
    if (name.empty()) continue;
    // The message may name the constraint of a parent; rows are in its leaves.  Siblings
    // may have one of that name: what this transaction did not write it did not check.
    for (const TextRow& row : session.query(
             "WITH RECURSIVE c AS (SELECT oid, conrelid FROM pg_constraint WHERE contype = 'f' AND conname = " +
             backends::quoted_literal(name) +
             " UNION SELECT d.oid, d.conrelid FROM pg_constraint d JOIN c ON d.conparentid = c.oid)"
             " SELECT c.conrelid FROM c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_constraint k ON k.oid = c.oid"
             " WHERE r.relkind = 'r' AND k.xmin::text::bigint = txid_current() & 4294967295")) {
      oids.insert(text(row, 0));
    }
  }
  return oids;
}

std::map<std::string, char> kinds_of(const Relations& relations) {
  std::map<std::string, char> kinds;
  for (const auto& [oid, relation] : relations) kinds[relation.name] = relation.kind;
  return kinds;
}

}  // namespace midflight::live
