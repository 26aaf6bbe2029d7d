#pragma once

#include <string>
#include <vector>

#include "backends/postgres/connection.h"

namespace midflight::backends {

/// The DDL that makes the schema of a database again, as `pg_dump --schema-only` would.
///
/// Types, domains, sequences, tables with everything on their columns,
/// constraints, indexes, partitions, views, materialized views, triggers, rules
/// and statistics, each after what it needs, otherwise by name; functions only
/// where one of these uses them.  Names in `public` stand without it.
/// Scope:    no owners, rights, comments, row security, storage or tablespaces;
///           what unshown_objects() counts.
/// Requires: PostgreSQL 12 or newer, and `public` alone in the search_path.
std::string schema_text(PostgresConnection& session);

/// What the database has and schema_text() leaves out: "2 foreign tables".
std::vector<std::string> unshown_objects(PostgresConnection& session);

}  // namespace midflight::backends
