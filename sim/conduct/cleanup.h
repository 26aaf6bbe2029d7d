#pragma once

#include <optional>
#include <string>

#include "sim/model/statement.h"

namespace midflight::conduct {

/// What must run, alone, before a failed statement is tried again.
///
/// A CREATE INDEX CONCURRENTLY that fails while it waits leaves an index that is
/// not valid: it answers no query, is kept up by every write and holds the name.
/// Returns: DROP INDEX CONCURRENTLY IF EXISTS; nothing where a failure leaves
///          nothing.  Also nothing for IF NOT EXISTS: the index of that name may
///          be another's and sound, so it is not ours to drop.
/// Source:  PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently".
/// Scope:   SQLite's DDL is transactional and leaves nothing; a world on SQLite
///          takes such a statement as done.
std::optional<Statement> cleanup_of(const Statement& failed);

/// What a statement that is not tried again may leave behind, as a sentence's end
/// ("; by_name may be left invalid: ..."), else "".
/// Source: PostgreSQL manual, DROP INDEX and REINDEX, CONCURRENTLY; ALTER TABLE, DETACH PARTITION.
std::string what_may_be_left(const Statement& failed);

}  // namespace midflight::conduct
