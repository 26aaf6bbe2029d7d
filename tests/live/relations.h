#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "backends/postgres/connection.h"
#include "tests/live/observation.h"

namespace midflight::live {

/// One relation of the user at one moment.
struct Relation {
  std::string name;   ///< without "public."
  char kind = 'r';    ///< pg_class.relkind
  std::string file;   ///< relfilenode; empty without storage
  std::string table;  ///< of an index: the oid of its table
  int scans = 0;      ///< sequential scans, in this transaction or ever
  int vacuums = 0;
};

/// By oid.  Tables, partitions, views, materialized views, sequences, indexes
/// and foreign tables; no catalogs, no TOAST, nothing temporary.
using Relations = std::map<std::string, Relation>;

enum class Counters { OfTransaction, OfServer };

Relations read_relations(backends::PostgresConnection& session, Counters counters);

/// Granted or awaited locks of a server process on those relations.
Locks read_locks(backends::PostgresConnection& session, const Relations& relations, int process, bool granted);

/// Rewrites, index builds and scans: what changed between the two moments.
void compare_files(const Relations& before, const Relations& after, Effects& effects);

/// Referencing tables whose foreign keys the server said it validated.
std::set<std::string> validated_tables(backends::PostgresConnection& session, const std::vector<std::string>& notices);

std::map<std::string, char> kinds_of(const Relations& relations);

}  // namespace midflight::live
