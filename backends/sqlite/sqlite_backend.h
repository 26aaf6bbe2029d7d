#pragma once

#include <memory>
#include <string>

#include "backends/backend.h"

namespace midflight::backends {

/// Embedded SQLite: one file, one connection per session, WAL or rollback
/// journal, PRAGMA synchronous=NORMAL, foreign keys not enforced (SQLite's own
/// default).
///
/// `path` empty: a file in a new directory of its own under TMPDIR.
/// Errors: Error(BadInput) when the file exists and is not to be used in place
///         (or the other way round); Error(Database) when it cannot be made.
std::unique_ptr<Backend> open_sqlite(const std::string& path, const BackendOptions& options);

}  // namespace midflight::backends
