#pragma once

#include <vector>

#include "sim/model/work.h"

namespace midflight::rules {

/// The relation that stands for the database file of SQLite.
inline constexpr const char* kSqliteDatabase = "database";

/// SQLite locks the file, not tables: AccessShareLock to read, ExclusiveLock
/// to write anything, for there is one writer at a time.
/// Requires: the locks PostgreSQL would take for the same statement.
/// Source:   sqlite.org/lockingv3.html and wal.html.
RelationLock sqlite_lock(const std::vector<RelationLock>& locks);

}  // namespace midflight::rules
